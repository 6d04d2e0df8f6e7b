/** One run at a time: waits for other runs, and first cleans up what a broken run left behind. */

import { count } from "../errors/count.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { hasEnded } from "../machine/own-process.ts";
import type { HostState } from "../plan/host-state.ts";
import { nextOf } from "../report/next-command.ts";
import { rollBackPending } from "../transaction/end-pending.ts";
import { pendingErrors } from "../transaction/pending-errors.ts";
import { limitsOf, machineOf, type RunFlags, type RunHosts, type RunView } from "./run.ts";
import { runDefaults } from "./run-defaults.ts";

const POLL_MS = 1_000;

/** The hosts, and what was found on them. */
export interface ReadHosts extends RunHosts {
  readonly states: ReadonlyMap<string, HostState>;
  /** Reads all of them again; the result is in `states`. */
  refresh(): Promise<void>;
}

/**
 * Does `work` while no other run is under way on the hosts. Rolls back runs that were interrupted, if the user agrees. If
 * another run is in the way, before or during `work`, it waits as long as the flags allow, reads the hosts again and starts
 * over. Throws LVS-LOCK-001, -002, -003 or -010 if that did not help, or if the user declines the rollback.
 */
export async function exclusively<T>(
  sessions: ReadHosts,
  view: RunView,
  flags: RunFlags,
  work: () => Promise<T>,
): Promise<T> {
  const { clock } = machineOf(flags);
  const until = clock.now() + (flags.lockTimeoutSeconds ?? runDefaults.lockTimeoutSeconds) * 1000;
  for (;;) {
    try {
      await clearTheWay(sessions, view, flags);
      return await work();
    } catch (error) {
      const isInTheWay = error instanceof LvsctlError && /^LVS-LOCK-0(01|02|10)$/.test(error.code);
      if (!isInTheWay || clock.now() >= until || flags.signal?.aborted) throw error;
      const what = error.code === "LVS-LOCK-001" ? "waiting for another run to end" : "trying again";
      flags.onStatus?.(`${what}: ${error.message}`);
      await clock.sleep(POLL_MS, flags.signal);
      await sessions.refresh();
      flags.onStatus?.(undefined);
    }
  }
}

async function clearTheWay(sessions: ReadHosts, view: RunView, flags: RunFlags): Promise<void> {
  const inTheWay = [...sessions.states.values()].flatMap(({ host, pending }) => (pending ? [{ host, pending }] : []));
  if (inTheWay.length === 0) return;
  const errors = pendingErrors(inTheWay, { hasEnded, next: nextOf(flags) });
  if (inTheWay.some(({ pending }) => pending.state === "live")) throw together(errors);
  view.showPending(errors);
  if (!(await view.confirm(`Roll back the interrupted run on ${count(inTheWay.length, "host")}, and continue?`)))
    throw together(errors);
  flags.onMoment?.("rolling-back");
  flags.onStatus?.(`rolling back what was interrupted on ${count(inTheWay.length, "host")}`);
  const remains = await rollBackPending(sessions.byHost.values(), limitsOf(flags));
  flags.onStatus?.(undefined);
  flags.onMoment?.("reading");
  if (remains.length > 0) throw together(remains);
  await sessions.refresh();
}

function together(errors: readonly LvsctlError[]): LvsctlError {
  const [first] = errors;
  if (!first) throw new RangeError("no error to throw");
  return errors.length === 1
    ? first
    : new LvsctlError(first.code, `${errors.length} other runs have to end first.`, { problems: errors });
}
