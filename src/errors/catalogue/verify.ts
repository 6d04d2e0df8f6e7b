import type { CatalogueFamily } from "../catalogue.ts";

/** Checks that failed. */
export const verifyErrors = {
  "LVS-VERIFY-000": { title: "Verification failed", exit: 3 },
} as const satisfies CatalogueFamily;
