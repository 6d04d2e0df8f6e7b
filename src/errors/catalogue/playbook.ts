import type { CatalogueFamily } from "../catalogue.ts";

/** Mistakes in a playbook. */
export const playbookErrors = {
  "LVS-PLAYBOOK-000": { title: "The playbook is wrong", exit: 64 },
} as const satisfies CatalogueFamily;
