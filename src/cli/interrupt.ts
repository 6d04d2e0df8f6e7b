import { exitCode } from "../errors/exit-code.ts";
import type { Output } from "../report/output.ts";

/**
 * A signal that aborts at the first SIGINT, SIGTERM or SIGHUP, so that what is under way ends orderly and takes back what
 * it did; `heard` says so. At the second one lvsctl says `farewell` and leaves at once, where somebody else then cleans
 * up; without one it only says that it has heard.
 */
export function onInterrupt(
  stderr: Output,
  farewell?: string,
  heard = () => "finishing the stage, then taking back what was done",
): AbortSignal {
  const controller = new AbortController();
  const handle = () => {
    if (!controller.signal.aborted) {
      controller.abort();
      stderr.write(`Interrupted: ${heard()} …\n`);
    } else if (farewell === undefined) {
      stderr.write("Still taking back what was done; please wait.\n");
    } else {
      stderr.write(`${farewell}\n`);
      process.exit(exitCode.interrupted);
    }
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, handle);
  return controller.signal;
}
