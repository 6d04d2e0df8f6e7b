import type { CatalogueFamily } from "./family.ts";

/** Errors of draining. */
export const drainErrors = {
  "LVS-DRAIN-001": { title: "The real server is in no director's table", exit: 1 },
  "LVS-DRAIN-002": { title: "Connections have not ended in time", exit: 1 },
} as const satisfies CatalogueFamily;
