import type { CatalogueFamily } from "./family.ts";

/** Runs that block each other, or that were interrupted. */
export const lockErrors = {
  "LVS-LOCK-001": { title: "Another run is under way", exit: 6 },
  "LVS-LOCK-002": { title: "A host was changed by another run since it was read", exit: 6 },
  "LVS-LOCK-003": { title: "A run was interrupted and is still pending", exit: 6 },
  "LVS-LOCK-004": { title: "A host cannot roll back on its own", exit: 5 },
  "LVS-LOCK-005": { title: "A host has rolled the run back on its own", exit: 5 },
  "LVS-LOCK-006": { title: "Rollback left to the host's timer", exit: 1 },
  "LVS-LOCK-007": { title: "There is no pending run", exit: 1 },
  "LVS-LOCK-008": { title: "Only another version of lvsctl can end a run", exit: 6 },
  "LVS-LOCK-009": { title: "What a host stored about a run is damaged", exit: 5 },
  "LVS-LOCK-010": { title: "Something has held a host's lock for too long", exit: 6 },
  "LVS-LOCK-011": { title: "The run was confirmed by somebody else", exit: 1 },
} as const satisfies CatalogueFamily;
