/** How the stages of a run are shown, wherever that is. */
import type { Phase } from "../transaction/phases.ts";

/** The words of a list of stages. */
export interface StageWords {
  /** What is done with them: `applying`. */
  readonly doing: string;
  /** What stands before a stage's title. */
  readonly prefix: string;
}

/** A list of stages, each with its hosts. */
export interface StageList {
  /** Resolves when all of it is shown. */
  readonly drawn: Promise<void>;
  /** A stage begins on all of its hosts. */
  begin(phase: Phase): void;
  /** Shows what is going on on a host. */
  show(phase: Phase, host: string, text: string): void;
  /** A host is done with a stage, or has failed. */
  settle(phase: Phase, host: string, error?: Error): void;
  /** Nothing more comes: what was not begun or not reached is shown as that. */
  stop(): void;
}
