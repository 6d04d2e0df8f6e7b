import type { CatalogueFamily } from "./family.ts";

/** Facts read from a host that cannot be used, and conflicts with what is there. */
export const factErrors = {
  "LVS-FACT-000": { title: "The hosts do not meet the requirements", exit: 1 },
  "LVS-FACT-001": { title: "A host's output was not understood", exit: 1 },
  "LVS-FACT-002": { title: "A host lacks a program", exit: 1 },
  "LVS-FACT-003": { title: "A value cannot be used in a resource", exit: 64 },
} as const satisfies CatalogueFamily;
