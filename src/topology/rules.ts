import type { Rule } from "./draft.ts";

/** Every rule; their order is of no matter, as problems are sorted by position. */
export const rules: readonly Rule[] = [];
