/** A planned change that could cut a session off, and how. */
import type { PlannedChange } from "./plan.ts";

export interface Danger {
  readonly change: PlannedChange;
  /** Completes "… : it would …": `take 10.0.0.2 away, where it ends`. */
  readonly would: string;
}
