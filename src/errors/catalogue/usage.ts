import type { CatalogueFamily } from "./family.ts";

/** Mistakes on the command line. */
export const usageErrors = {
  "LVS-USAGE-001": { title: "The arguments are wrong", exit: 64 },
  "LVS-USAGE-002": { title: "An answer is needed, but there is no terminal", exit: 64 },
  "LVS-USAGE-003": { title: "A file cannot be read", exit: 64 },
  "LVS-USAGE-004": { title: "The result cannot be written", exit: 1 },
  "LVS-USAGE-005": { title: "The file already exists", exit: 64 },
  "LVS-USAGE-006": { title: "Interrupted at a question", exit: 130 },
} as const satisfies CatalogueFamily;
