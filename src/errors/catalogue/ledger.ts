import type { CatalogueFamily } from "./family.ts";

/** Ledgers that cannot be trusted. */
export const ledgerErrors = {
  "LVS-LEDGER-001": { title: "The ledger on a host cannot be used", exit: 1 },
  "LVS-LEDGER-002": { title: "The ledger on a host is of a newer version", exit: 1 },
  "LVS-LEDGER-003": { title: "Others could have written the ledger on a host", exit: 1 },
  "LVS-LEDGER-004": { title: "The ledger on a host cannot be repaired now", exit: 1 },
} as const satisfies CatalogueFamily;
