import type { CatalogueFamily } from "../catalogue.ts";

/** What was read from a host and cannot be used, and conflicts with what is there. */
export const factErrors = {
  "LVS-FACT-000": { title: "The hosts are not as they need to be", exit: 1 },
} as const satisfies CatalogueFamily;
