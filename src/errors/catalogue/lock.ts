import type { CatalogueFamily } from "./family.ts";

/** Runs that block each other, or that were cut off. */
export const lockErrors = {
  "LVS-LOCK-001": { title: "Another run is under way", exit: 6 },
  "LVS-LOCK-002": { title: "A host was changed by another run since it was read", exit: 6 },
  "LVS-LOCK-003": { title: "A run was cut off and is still pending", exit: 6 },
  "LVS-LOCK-004": { title: "A host cannot guard a run", exit: 5 },
  "LVS-LOCK-005": { title: "A host has taken the run back by itself", exit: 5 },
  "LVS-LOCK-006": { title: "A host is left to its timer", exit: 1 },
  "LVS-LOCK-007": { title: "There is no pending run", exit: 1 },
  "LVS-LOCK-008": { title: "Only another version of lvsctl can end a run", exit: 6 },
  "LVS-LOCK-009": { title: "What a host stored about a run is damaged", exit: 5 },
  "LVS-LOCK-010": { title: "Something has held a host's lock for too long", exit: 6 },
  "LVS-LOCK-011": { title: "Somebody else has confirmed the run", exit: 1 },
} as const satisfies CatalogueFamily;
