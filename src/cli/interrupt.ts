import type { Output } from "../report/output.ts";

/**
 * A signal that aborts at the first SIGINT or SIGTERM, so that a run ends orderly and takes back what it did. A second one
 * is said to be heard, and changes nothing: leaving in the middle of an undo would be worse.
 */
export function onInterrupt(stderr: Output): AbortSignal {
  const controller = new AbortController();
  const handle = () => {
    const text = controller.signal.aborted
      ? "Still taking back what was done; please wait.\n"
      : "Interrupted: finishing the stage, then taking back what was done …\n";
    controller.abort();
    stderr.write(text);
  };
  process.on("SIGINT", handle);
  process.on("SIGTERM", handle);
  return controller.signal;
}
