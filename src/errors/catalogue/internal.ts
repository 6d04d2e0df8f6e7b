import type { CatalogueFamily } from "./family.ts";

/** Bugs in lvsctl. */
export const internalErrors = {
  "LVS-INTERNAL-000": { title: "A bug in lvsctl", exit: 1 },
} as const satisfies CatalogueFamily;
