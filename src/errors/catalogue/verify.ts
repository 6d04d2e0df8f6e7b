import type { CatalogueFamily } from "./family.ts";

/** Checks that failed. */
export const verifyErrors = {
  "LVS-VERIFY-000": { title: "Verification failed", exit: 3 },
  "LVS-VERIFY-001": { title: "The client cannot send requests", exit: 3 },
  "LVS-VERIFY-002": { title: "There is no host to send requests from", exit: 64 },
} as const satisfies CatalogueFamily;
