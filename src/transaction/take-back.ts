/** Ends runs that another lvsctl has left pending on hosts: keeps them, or takes them back. */
import type { LvsctlError } from "../errors/lvsctl-error.ts";
import { ArmedHost, type RunLimits } from "./armed-host.ts";
import { asFailure } from "./run-errors.ts";
import type { RunHost } from "./run-host.ts";

/**
 * Takes back what is pending on these hosts; returns what could not be. Every change is compared with the host as it is:
 * how far the run came does not matter. Hosts on which nothing is pending are left alone.
 */
export function takeBackPending(hosts: Iterable<RunHost>, limits: RunLimits): Promise<readonly LvsctlError[]> {
  return onPending(hosts, limits, async (host) => {
    const { pending } = host.at.state;
    if (pending?.state === "committed") return host.finish();
    if (!pending?.record) return host.undo();
    const numbers = Array.from({ length: pending.record.steps }, (_, number) => number);
    await host.takeBack(pending.record.changes, numbers);
    await (pending.state === "restarted" ? host.forget() : host.undo());
  });
}

/** Confirms what is pending on these hosts, over connections that have been made after the run; returns what failed. */
export function confirmPending(hosts: Iterable<RunHost>, limits: RunLimits): Promise<readonly LvsctlError[]> {
  return onPending(hosts, limits, (host) =>
    host.at.state.pending?.state === "committed" ? host.finish() : host.confirm(),
  );
}

async function onPending(
  hosts: Iterable<RunHost>,
  limits: RunLimits,
  work: (host: ArmedHost) => Promise<void>,
): Promise<readonly LvsctlError[]> {
  const failures: LvsctlError[] = [];
  await Promise.all(
    [...hosts].map(async (host) => {
      const { pending } = host.state;
      if (!pending) return;
      const record = { id: pending.id, topology: pending.record?.topology ?? "" };
      try {
        await work(new ArmedHost(host, record, limits));
      } catch (error) {
        failures.push(asFailure(error, host.host));
      }
    }),
  );
  return failures;
}
