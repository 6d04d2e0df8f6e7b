import type { CatalogueFamily } from "../catalogue.ts";

/** Mistakes in a topology file; those below 020 can be in any YAML file that lvsctl reads. */
export const configErrors = {
  "LVS-CONFIG-000": { title: "The topology is wrong", exit: 64 },
  "LVS-CONFIG-001": { title: "The file is too large", exit: 64 },
  "LVS-CONFIG-002": { title: "A character that is not allowed", exit: 64 },
  "LVS-CONFIG-003": { title: "The file is not valid YAML", exit: 64 },
  "LVS-CONFIG-004": { title: "The same key twice", exit: 64 },
  "LVS-CONFIG-005": { title: "More than one document", exit: 64 },
  "LVS-CONFIG-006": { title: "An alias that cannot be followed", exit: 64 },
  "LVS-CONFIG-007": { title: "The file is empty", exit: 64 },
  "LVS-CONFIG-008": { title: "Nested too deep", exit: 64 },
  "LVS-CONFIG-009": { title: "A number with a leading zero", exit: 64 },
  "LVS-CONFIG-010": { title: "Unknown key", exit: 64 },
  "LVS-CONFIG-011": { title: "A key is missing", exit: 64 },
  "LVS-CONFIG-012": { title: "The wrong kind of value", exit: 64 },
  "LVS-CONFIG-013": { title: "Not one of the possible values", exit: 64 },
  "LVS-CONFIG-014": { title: "A value out of bounds", exit: 64 },
  "LVS-CONFIG-015": { title: "A malformed value", exit: 64 },
  "LVS-CONFIG-016": { title: "A value that contradicts itself", exit: 64 },
} as const satisfies CatalogueFamily;
