import type { CatalogueFamily } from "../catalogue.ts";

/** Hosts that cannot be reached or logged in to. */
export const connectErrors = {
  "LVS-CONNECT-000": { title: "Hosts cannot be reached", exit: 4 },
} as const satisfies CatalogueFamily;
