/** Errors about pending runs that block another one. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { type Pending, SCRIPT_FILE } from "../ledger/pending.ts";
import { DAMAGED_FOLDER } from "../resources/state-folder.ts";

/** A host and the run that is pending there. */
export interface PendingOnHost {
  readonly host: string;
  readonly pending: Pending;
}

/** Whose run it is: `apply of dr-lab by ann@laptop (process 4711), since 2026-11-20T13:00:00Z`. */
export function describeRun({ record, other }: Pick<Pending, "record" | "other">): string {
  if (other) {
    const age = other.isNewer ? "newer" : "older";
    return `a run of an lvsctl that is ${age} than this one (${other.version ?? "its version is not known"}; its record is ${other.format})`;
  }
  if (!record) return "a run of lvsctl whose record cannot be read";
  const { runner, topology, since } = record;
  return `${runner.command} of ${topology} by ${runner.user}@${runner.machine} (process ${runner.process}), since ${since.replace(/\.\d+Z$/, "Z")}`;
}

/** LVS-LOCK-008: why this lvsctl leaves a run alone, and which one does not have to. `unknown`: `a teapot`. */
export function otherRunError(host: string, pending: Pending, unknown?: string): LvsctlError {
  const { record, other } = pending;
  const version = other?.version ?? record?.runner.version;
  const orNewer = other?.isNewer === false ? "" : ", or a newer one";
  const why = unknown === undefined ? "" : ` It changes ${unknown}, which this lvsctl does not know.`;
  return new LvsctlError("LVS-LOCK-008", `On ${host}: ${describeRun(pending)}.${why} Nothing has been changed.`, {
    host,
    hint: `Use ${version === undefined ? "the lvsctl that started it" : `lvsctl ${version}`}${orNewer}; lvsctl --version shows which one this is. On the host, sh ${SCRIPT_FILE} undo rolls the run back without lvsctl.`,
  });
}

/** LVS-LOCK-009: a run that nobody can roll back any more. */
export function lostRunError(host: string, { damaged = [] }: Pending): LvsctlError {
  const message = `The run on ${host} was ended, but not rolled back: neither its record nor its script can be read.`;
  return new LvsctlError("LVS-LOCK-009", message, {
    host,
    hint: `${damaged.length === 0 ? "Its files are" : `${damaged.join(", ")}:`} empty, truncated or missing. What is left of these files is in ${DAMAGED_FOLDER}. lvsctl plan shows what the host has; lvsctl apply --adopt takes over what the run had made.`,
  });
}

/** One error per run, however many hosts it is pending on: LVS-LOCK-001 if it is live, LVS-LOCK-003 if it was interrupted. */
export function pendingErrors(all: readonly PendingOnHost[]): readonly LvsctlError[] {
  const runs = new Map<string, PendingOnHost[]>();
  for (const one of all) {
    const name = `${one.pending.id} ${one.pending.state}`;
    runs.set(name, [...(runs.get(name) ?? []), one]);
  }
  return [...runs.values()].map(errorOfRun);
}

function errorOfRun(all: readonly PendingOnHost[]): LvsctlError {
  const [first] = all;
  if (!first) throw new RangeError("a run is pending on a host");
  const names = all.map(({ host }) => host).join(", ");
  const where = all.length === 1 ? { host: first.host } : {};
  const { pending } = first;
  const { damaged = [] } = pending;
  const elsewhere = pending.other && otherRunError(first.host, pending).details.hint;
  const run = `${describeRun(pending)}${damaged.length === 0 ? "" : `, of which these files are damaged: ${damaged.join(", ")}`}`;
  const cutOff = (message: string) =>
    new LvsctlError("LVS-LOCK-003", message, {
      ...where,
      hint: elsewhere ?? "Run lvsctl rollback; otherwise the next apply or destroy rolls it back first.",
    });
  switch (pending.state) {
    case "live": {
      const seconds = Math.max(...all.map((one) => one.pending.secondsLeft ?? 0));
      return new LvsctlError("LVS-LOCK-001", `On ${names}: ${run}.`, {
        ...where,
        hint: `Wait for it (--lock-timeout SECONDS). If its lvsctl no longer runs, it rolls back on its own in ${seconds} s${elsewhere ? `. ${elsewhere}` : "; lvsctl confirm keeps it, lvsctl rollback rolls it back now."}`,
      });
    }
    case "committed":
      return cutOff(`A run was confirmed on ${names}, and interrupted before it had cleaned up: ${run}.`);
    case "expired":
      return cutOff(`A run was interrupted on ${names} and has not been rolled back yet: ${run}.`);
    case "restarted":
      return cutOff(`${names}: restarted in the middle of a run: ${run}.`);
    case "stuck":
      return new LvsctlError("LVS-LOCK-003", `The timer on ${names} could not roll back everything: ${run}.`, {
        ...where,
        output: all.map((one) => one.pending.output ?? "").join("\n"),
        hint: elsewhere ?? `lvsctl rollback tries again and says what prevents it; the script is ${SCRIPT_FILE}.`,
      });
  }
}
