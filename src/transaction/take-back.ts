/** Ends runs that another lvsctl has left pending on hosts: keeps them, or takes them back. */
import type { LvsctlError } from "../errors/lvsctl-error.ts";
import { ArmedHost, type RunLimits } from "./armed-host.ts";
import type { HostSession } from "./host-session.ts";
import { asFailure } from "./step-failure.ts";

/**
 * Takes back what is pending on these hosts; returns what could not be. Every change is compared with the host as it is:
 * how far the run came does not matter. Hosts on which nothing is pending are left alone.
 */
export function takeBackPending(sessions: Iterable<HostSession>, limits: RunLimits): Promise<readonly LvsctlError[]> {
  return onPending(sessions, limits, async (host, session) => {
    const { pending } = session.state;
    if (pending?.state === "committed") return host.finish();
    if (!pending?.record) return host.undo();
    const numbers = Array.from({ length: pending.record.steps }, (_, number) => number);
    await host.takeBack(pending.record.changes, numbers);
    await (pending.state === "restarted" ? host.forget() : host.undo());
  });
}

/** Confirms what is pending on these hosts, over connections that have been made after the run; returns what failed. */
export function confirmPending(sessions: Iterable<HostSession>, limits: RunLimits): Promise<readonly LvsctlError[]> {
  return onPending(sessions, limits, (host, session) =>
    session.state.pending?.state === "committed" ? host.finish() : host.confirm(),
  );
}

async function onPending(
  sessions: Iterable<HostSession>,
  limits: RunLimits,
  work: (host: ArmedHost, session: HostSession) => Promise<void>,
): Promise<readonly LvsctlError[]> {
  const failures: LvsctlError[] = [];
  await Promise.all(
    [...sessions].map(async (session) => {
      const { pending } = session.state;
      if (!pending) return;
      const record = { id: pending.id, topology: pending.record?.topology ?? "" };
      try {
        await work(new ArmedHost(session, record, limits), session);
      } catch (error) {
        failures.push(asFailure(error, session.host));
      }
    }),
  );
  return failures;
}
