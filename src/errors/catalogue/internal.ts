import type { CatalogueFamily } from "./family.ts";

/** Mistakes in lvsctl itself. */
export const internalErrors = {
  "LVS-INTERNAL-000": { title: "A mistake in lvsctl itself", exit: 1 },
} as const satisfies CatalogueFamily;
