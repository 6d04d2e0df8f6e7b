import type { CatalogueFamily } from "../catalogue.ts";

/** Mistakes in a topology file. */
export const configErrors = {
  "LVS-CONFIG-000": { title: "The topology is wrong", exit: 64 },
} as const satisfies CatalogueFamily;
