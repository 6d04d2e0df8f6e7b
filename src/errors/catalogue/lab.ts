import type { CatalogueFamily } from "../catalogue.ts";

/** Trouble with the hosts on this machine. */
export const labErrors = {
  "LVS-LAB-000": { title: "The lab failed", exit: 1 },
} as const satisfies CatalogueFamily;
