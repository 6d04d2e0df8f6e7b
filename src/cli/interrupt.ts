import { setMaxListeners } from "node:events";
import { exitCode } from "../errors/exit-code.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { hangUp, type Output } from "../report/output.ts";

/** What is printed at interrupts. Each sentence is asked for when it is needed, as it depends on what goes on by then. */
export interface InterruptWords {
  /** What the first interrupt brings about: the end of "Interrupted: …". */
  readonly first: () => string;
  /** `leaves`: the process exits at the second interrupt, after printing this; otherwise it goes on. */
  readonly again: () => { readonly text: string; readonly leaves: boolean };
}

/**
 * A signal that aborts at the first SIGINT, SIGTERM or SIGHUP, with LVS-CONNECT-022 as its reason, so that the work in
 * progress can end cleanly. Exits with 130 at the second one if the words say so, and if that is not the end of a terminal.
 */
export function onInterrupt(stderr: Output, words: InterruptWords): AbortSignal {
  const controller = new AbortController();
  // Each host listens, and Node warns of more than ten listeners.
  setMaxListeners(0, controller.signal);
  const handle = (signal: NodeJS.Signals) => {
    if (signal === "SIGHUP") hangUp();
    if (!controller.signal.aborted) {
      stderr.write(`Interrupted: ${words.first()}\n`);
      controller.abort(new LvsctlError("LVS-CONNECT-022", "Interrupted."));
      return;
    }
    // A terminal that is closed sends it more than once: the kernel does, and the shell. Nobody has asked twice.
    if (signal === "SIGHUP") return;
    const { text, leaves } = words.again();
    stderr.write(`${text}\n`);
    if (leaves) process.exit(exitCode.interrupted);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, handle);
  return controller.signal;
}

/** Words for work that cleans up after itself and has to be waited for. `first`: what it does. */
export function patientWords(first: string): InterruptWords {
  return { first: () => first, again: () => ({ text: "Still cleaning up; please wait.", leaves: false }) };
}
