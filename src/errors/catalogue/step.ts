import type { CatalogueFamily } from "../catalogue.ts";

/** Changes that failed on a host. */
export const stepErrors = {
  "LVS-STEP-000": { title: "A step failed", exit: 1 },
} as const satisfies CatalogueFamily;
