/** Works on all hosts of a run in parallel, with retries for hosts that are unreachable for a while. */
import type { LvsctlError } from "../errors/lvsctl-error.ts";
import type { ArmedHost, RunLimits } from "./armed-host.ts";
import { asFailure, goneError, isGone, isKept, isLost, leftToTimer } from "./run-errors.ts";

/** How long after its deadline a host may need to roll a run back by itself. */
const GRACE_SECONDS = 45;
const RETRY_MS = 2_000;

/** How often a failed call is tried on a host that can be reached. */
const TRIES = 3;

/** How often a call is tried that a host hears and does not answer in time, before the host's timer gets its turn. */
const UNANSWERED_TRIES = 5;

/** How long to keep trying a host that cannot be reached: for its confirm timeout, by this clock. */
export interface PatienceOptions extends Pick<RunLimits, "machine" | "confirmTimeoutSeconds" | "next"> {
  /** Called with a status line while a host cannot be reached. */
  readonly onStatus?: (step: string | undefined, now?: string) => void;
}

/** Works on all hosts in parallel and drops lost connections; returns the failures in no particular order. */
export async function onAll(
  hosts: Iterable<ArmedHost>,
  work: (host: ArmedHost) => Promise<void>,
): Promise<readonly LvsctlError[]> {
  const failures: LvsctlError[] = [];
  await Promise.all(
    [...hosts].map(async (host) => {
      try {
        await host.during(() => work(host));
      } catch (thrown) {
        const failure = asFailure(thrown, host.host);
        if (isLost(failure)) await host.at.abandon();
        failures.push(failure);
      }
    }),
  );
  return failures;
}

/**
 * `onAll` with retries: an unreachable host is tried until it must have rolled the run back by itself, a reachable one up
 * to `TRIES` times. LVS-LOCK-006: a host has not come back by then. LVS-LOCK-005: it has rolled the run back by itself.
 */
export function patientlyOnAll(
  hosts: Iterable<ArmedHost>,
  options: PatienceOptions,
  work: (host: ArmedHost) => Promise<void>,
): Promise<readonly LvsctlError[]> {
  return onAll(hosts, (host) => withRetries(host, options, () => work(host)));
}

async function withRetries(host: ArmedHost, options: PatienceOptions, work: () => Promise<void>): Promise<void> {
  const { machine, confirmTimeoutSeconds, next, onStatus } = options;
  const limit = confirmTimeoutSeconds + GRACE_SECONDS;
  let unanswered = 0;
  let failed = 0;
  for (;;) {
    const heardBefore = host.heardAt;
    try {
      return await work();
    } catch (thrown) {
      const failure = asFailure(thrown, host.host);
      if (isGone(failure) || isKept(failure)) throw failure;
      const silentFor = Math.round(host.silentForMs / 1000);
      if (isLost(failure)) {
        await host.at.abandon();
        if (silentFor >= limit) throw leftToTimer(host.host, failure, confirmTimeoutSeconds, next);
        if (host.heardAt > heardBefore) unanswered += 1;
        if (unanswered >= UNANSWERED_TRIES) return leaveToTimer(host, options, failure);
        const left = Math.max(0, confirmTimeoutSeconds - silentFor);
        const step = `trying again: ${host.host} cannot be reached, and rolls back on its own`;
        onStatus?.(step, `${step} in ${left} s`);
      } else if (++failed >= TRIES) throw failure;
      await machine.clock.sleep(RETRY_MS);
    }
  }
}

/**
 * Lets the host's own rollback, which has no time limit, do what lvsctl's calls did not do in theirs. Throws LVS-LOCK-005
 * once it has ended the run, LVS-LOCK-006 if it has not by the time at which it should have.
 */
async function leaveToTimer(host: ArmedHost, options: PatienceOptions, failure: LvsctlError): Promise<never> {
  const { machine, confirmTimeoutSeconds, next, onStatus } = options;
  const limit = confirmTimeoutSeconds + GRACE_SECONDS;
  host.leave();
  while (host.silentForMs < limit * 1000) {
    onStatus?.(`waiting for ${host.host} to roll back on its own: it does not answer in time`);
    await machine.clock.sleep(RETRY_MS);
    if (await host.hasEndedByItself()) throw goneError(host.host);
  }
  throw leftToTimer(host.host, failure, confirmTimeoutSeconds, next);
}
