/** The terminal of a call: where to write, whom to ask, and how to show activity. */
import type { LvsctlError } from "../errors/lvsctl-error.ts";
import { thisMachine } from "../machine/this-machine.ts";
import type { Output } from "../report/output.ts";
import { formatPending } from "../report/pending.ts";
import { askSecret, canAsk } from "../report/prompt.ts";
import { createSpinner, type ShowActivity } from "../report/spinner.ts";
import { createOutputs } from "./outputs.ts";
import { quietly } from "./quietly.ts";
import { Stopwatch } from "./stopwatch.ts";
import { TypedSecrets } from "./typed-secrets.ts";

/** What a command writes to, and whom it asks. */
export interface Terminal {
  /** For data. */
  readonly stdout: Output;
  /** For progress, questions and errors. */
  readonly stderr: Output;
  /** Whether somebody is there to answer. */
  readonly canAsk: boolean;
  /** How long the command has taken so far. */
  readonly stopwatch: Stopwatch;
  /** Shows what is going on, until the next text or undefined. */
  readonly showActivity: ShowActivity;
  /** Shows runs that are pending on hosts. */
  showPending(problems: readonly LvsctlError[]): void;
  /** Asks for a password or passphrase without echoing it. */
  askSecret(question: string): Promise<string>;
}

/**
 * The terminal of this process. `color`: false turns colours off; otherwise NO_COLOR and the stream decide. `secrets` remembers what
 * is typed at questions for passwords.
 */
export function createTerminal(color: boolean, secrets = new TypedSecrets()): Terminal {
  const { stdout, stderr } = createOutputs(color);
  const stopwatch = new Stopwatch(thisMachine.clock);
  return {
    stopwatch,
    stdout,
    stderr,
    canAsk: canAsk(),
    showActivity: createSpinner(stderr),
    showPending: (problems) => stderr.write(formatPending(problems, stderr)),
    askSecret: (question) => stopwatch.pausing(() => quietly(stderr, () => secrets.remember(askSecret(question)))),
  };
}
