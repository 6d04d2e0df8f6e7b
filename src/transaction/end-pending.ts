/** Ends runs that another lvsctl has left pending on hosts: confirms them or rolls them back. */
import { bareCommand } from "../errors/follow-up.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { type Pending, type RecordedChange, SCRIPT_FILE } from "../ledger/pending.ts";
import { unknownInStates } from "../resources/known-fields.ts";
import type { ResourceKind } from "../resources/resource.ts";
import { ArmedHost, type RunLimits } from "./armed-host.ts";
import { lostRunError, otherRunError } from "./pending-errors.ts";
import { asFailure } from "./run-errors.ts";
import type { RunHost } from "./run-host.ts";

/**
 * Rolls back what is pending on these hosts; returns the failures. Every change is compared with the host's actual state,
 * so it does not matter how far the run came. Hosts on which nothing is pending are left alone. LVS-LOCK-008: only another
 * lvsctl can do it. LVS-LOCK-009: nobody can.
 */
export function rollBackPending(hosts: Iterable<RunHost>, limits: RunLimits): Promise<readonly LvsctlError[]> {
  return onPending(hosts, limits, async (host) => {
    const { pending } = host.at.state;
    if (!pending) return;
    assertKnown(host.host, pending, limits);
    const hasScript = !pending.damaged?.includes(SCRIPT_FILE);
    if (!pending.record && !hasScript) {
      await host.end("discard");
      throw lostRunError(host.host, pending, limits.next);
    }
    if (pending.state === "committed") return host.finish();
    if (!pending.record) return host.undo();
    const numbers = Array.from({ length: pending.record.steps }, (_, number) => number);
    if (["live", "expired"].includes(pending.state)) await host.stop(); // A stage may still be at work.
    await host.rollBack(pending.record.changes, numbers);
    await (pending.state === "restarted" || !hasScript ? host.forget() : host.undo());
  });
}

/**
 * Confirms what is pending on these hosts, over connections made after the run; returns the failures. If one host has not
 * done all of its steps (LVS-LOCK-007), or cannot be asked, nothing is confirmed anywhere. `begin` is called right before the
 * first confirmation; if it throws, there is none.
 */
export async function confirmPending(
  hosts: readonly RunHost[],
  limits: RunLimits,
  begin: () => void = () => {},
): Promise<readonly LvsctlError[]> {
  const unready = await onPending(hosts, limits, (host) => assertMade(host, limits));
  if (unready.length > 0) return unready;
  begin();
  return onPending(hosts, limits, (host) =>
    host.at.state.pending?.state === "committed" ? host.finish() : host.end("confirm"),
  );
}

async function assertMade({ at, host }: ArmedHost, limits: RunLimits): Promise<void> {
  const { pending } = at.state;
  const { next = bareCommand } = limits;
  if (!pending || pending.state === "committed") return;
  assertKnown(host, pending, limits);
  const { size } = await at.doneSteps();
  if (pending.record && size >= pending.record.steps) return;
  const why = pending.record ? "it was interrupted before everything was applied" : "its record is damaged";
  throw new LvsctlError("LVS-LOCK-007", `The run on ${host} cannot be confirmed: ${why}.`, {
    host,
    hint: `${next("rollback")} rolls it back, and ${next("apply")} applies all of it.`,
  });
}

/** Refuses a run of another lvsctl: what this one skipped would be left on the host, and nobody would know of it. */
function assertKnown(host: string, pending: Pending, { kinds, next }: RunLimits): void {
  const unknown = pending.record?.changes.flatMap((change) => whatIsUnknown(change, kinds) ?? [])[0];
  if (pending.other || unknown !== undefined) throw otherRunError(host, pending, unknown, next);
}

function whatIsUnknown(
  { kind: name, before, after }: RecordedChange,
  kinds: ReadonlyMap<string, ResourceKind>,
): string | undefined {
  const kind = kinds.get(name);
  if (kind === undefined) return `a ${name}`;
  const field = unknownInStates({ before, after }, kind.fields);
  return field && `a ${name} with the field ${JSON.stringify(field)}`;
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
