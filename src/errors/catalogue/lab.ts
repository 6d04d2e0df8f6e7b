import type { CatalogueFamily } from "./family.ts";

/** Problems with the hosts of a lab, and with the programs that run on this machine. */
export const labErrors = {
  "LVS-LAB-000": { title: "The lab failed", exit: 1 },
  "LVS-LAB-001": { title: "A program cannot be started on this machine", exit: 1 },
  "LVS-LAB-002": { title: "The lab needs root", exit: 1 },
  "LVS-LAB-003": { title: "Packages for the lab are missing", exit: 1 },
  "LVS-LAB-004": { title: "No lab is up", exit: 1 },
  "LVS-LAB-005": { title: "Another lab of that name is up", exit: 1 },
  "LVS-LAB-006": { title: "The lab did not come up", exit: 1 },
  "LVS-LAB-007": { title: "The topology cannot be a lab", exit: 64 },
  "LVS-LAB-008": { title: "The lab has no such host", exit: 64 },
  "LVS-LAB-009": { title: "A run is under way in the lab", exit: 6 },
} as const satisfies CatalogueFamily;
