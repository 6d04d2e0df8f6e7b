import { exitCode } from "../errors/exit-code.ts";
import type { Output } from "../report/output.ts";

/**
 * A signal that aborts at the first SIGINT, SIGTERM or SIGHUP, so that the work in progress can end cleanly and roll back;
 * `heard` tells the user so. At the second interrupt lvsctl prints `farewell` and exits at once, if something else will then
 * clean up; without `farewell` it only says that it has heard.
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
