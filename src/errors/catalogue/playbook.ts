import type { CatalogueFamily } from "./family.ts";

/** Mistakes in a playbook; those in its YAML and its structure have the codes LVS-CONFIG-001 to 015. */
export const playbookErrors = {
  "LVS-PLAYBOOK-000": { title: "Playbooks that are wrong or do not fit", exit: 64 },
  "LVS-PLAYBOOK-001": { title: "The playbook cannot be read", exit: 64 },
  "LVS-PLAYBOOK-002": { title: "An unknown name in a playbook", exit: 64 },
  "LVS-PLAYBOOK-003": { title: "Parts of a playbook that do not fit together", exit: 64 },
  "LVS-PLAYBOOK-004": { title: "An expression is wrong", exit: 64 },
  "LVS-PLAYBOOK-005": { title: "An expression has no value for this topology", exit: 64 },
  "LVS-PLAYBOOK-006": { title: "A step writes an invalid resource", exit: 64 },
  "LVS-PLAYBOOK-007": { title: "Two steps contradict each other", exit: 64 },
  "LVS-PLAYBOOK-008": { title: "A playbook asks for too much", exit: 64 },
} as const satisfies CatalogueFamily;
