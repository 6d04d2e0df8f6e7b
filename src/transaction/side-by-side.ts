/** Work on the hosts of a run, side by side, each as patiently as a host deserves that may only be away for a while. */
import type { LvsctlError } from "../errors/lvsctl-error.ts";
import type { ArmedHost, RunLimits } from "./armed-host.ts";
import { asFailure, isGone, isLost, leftToTimer } from "./run-errors.ts";

/** How much longer than its timeout a host may take to take a run back by itself. */
const GRACE_SECONDS = 45;
const RETRY_MS = 2_000;

/** How often a host that can be reached is asked for what it did not do at once. */
const TRIES = 3;

export interface PatienceOptions extends Pick<RunLimits, "machine" | "confirmTimeoutSeconds"> {
  /** Told for how long a host has not been reached. */
  readonly onStatus?: (text: string | undefined) => void;
}

/** Does the work on all hosts at once, and gives up connections that were lost; returns what failed, in no order. */
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
 * `onAll`, but what fails is tried again: for as long as a host cannot be reached and has not taken the run back by itself
 * yet, and some times where it can be reached. LVS-LOCK-006 says that a host has not come back by then.
 */
export function patientlyOnAll(
  hosts: Iterable<ArmedHost>,
  options: PatienceOptions,
  work: (host: ArmedHost) => Promise<void>,
): Promise<readonly LvsctlError[]> {
  return onAll(hosts, (host) => patiently(host, options, () => work(host)));
}

async function patiently(host: ArmedHost, options: PatienceOptions, work: () => Promise<void>): Promise<void> {
  const { machine, confirmTimeoutSeconds, onStatus } = options;
  const limit = confirmTimeoutSeconds + GRACE_SECONDS;
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (thrown) {
      const failure = asFailure(thrown, host.host);
      if (isGone(failure)) throw failure;
      const silentFor = Math.round(host.silentForMs / 1000);
      if (isLost(failure)) {
        await host.at.abandon();
        if (silentFor >= limit) throw leftToTimer(host.host, failure, confirmTimeoutSeconds);
        const left = Math.max(0, confirmTimeoutSeconds - silentFor);
        onStatus?.(`${host.host} cannot be reached; it takes everything back by itself in ${left} s. Trying again …`);
      } else if (tries >= TRIES) throw failure;
      await machine.clock.sleep(RETRY_MS);
    }
  }
}
