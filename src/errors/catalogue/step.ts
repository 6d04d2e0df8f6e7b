import type { CatalogueFamily } from "./family.ts";

/** Changes that failed on a host. */
export const stepErrors = {
  "LVS-STEP-000": { title: "The changes failed", exit: 1 },
  "LVS-STEP-001": { title: "A step failed on a host", exit: 1 },
  "LVS-STEP-002": { title: "A step could not be rolled back", exit: 1 },
  "LVS-STEP-003": { title: "The plan has problems and is not applied", exit: 1 },
  "LVS-STEP-004": { title: "A conflict with existing configuration", exit: 1 },
} as const satisfies CatalogueFamily;
