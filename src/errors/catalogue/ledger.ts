import type { CatalogueFamily } from "../catalogue.ts";

/** Ledgers that cannot be believed. */
export const ledgerErrors = {
  "LVS-LEDGER-001": { title: "The ledger on a host cannot be used", exit: 1 },
} as const satisfies CatalogueFamily;
