/** What is said of a run that is in the way of another. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { TRANSACTION_FOLDER } from "../resources/state-folder.ts";
import type { Pending, TransactionRecord } from "./pending.ts";

/** Whose run it is: `apply of dr-lab by ann@laptop (process 4711), since 2026-11-20T13:00:00Z`. */
export function describeRun(record: TransactionRecord | undefined): string {
  if (!record) return "a run of lvsctl whose record cannot be read";
  const { runner, topology, since } = record;
  return `${runner.command} of ${topology} by ${runner.user}@${runner.machine} (process ${runner.process}), since ${since}`;
}

/** LVS-LOCK-001 for one that is live, LVS-LOCK-003 for one that was cut off. */
export function pendingError(host: string, pending: Pending): LvsctlError {
  const run = describeRun(pending.record);
  switch (pending.state) {
    case "live":
      return new LvsctlError("LVS-LOCK-001", `On ${host}: ${run}.`, {
        host,
        hint: `Wait for it (--lock-timeout SECONDS). If nobody is behind it any more, ${host} takes it back by itself in ${pending.secondsLeft} s; lvsctl confirm keeps it, lvsctl rollback takes it back now.`,
      });
    case "committed":
      return cutOff(host, `On ${host} this was confirmed, and cut off while it was tidied up: ${run}.`);
    case "expired":
      return cutOff(host, `On ${host} this was cut off, and its timer has not taken it back yet: ${run}.`);
    case "restarted":
      return cutOff(host, `${host} was restarted in the middle of a run: ${run}.`);
    case "stuck":
      return new LvsctlError("LVS-LOCK-003", `The timer on ${host} could not take all of this back: ${run}.`, {
        host,
        output: pending.output ?? "",
        hint: `lvsctl rollback tries again and says what is in its way; the script is ${TRANSACTION_FOLDER}/transaction.sh.`,
      });
  }
}

function cutOff(host: string, message: string): LvsctlError {
  return new LvsctlError("LVS-LOCK-003", message, {
    host,
    hint: "lvsctl rollback takes it back; so does the next apply or destroy, before anything else.",
  });
}
