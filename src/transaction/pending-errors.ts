/** Errors about pending runs that block another one. */
import { bareCommand, type FollowUp } from "../errors/follow-up.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { type Pending, type PendingState, type Runner, SCRIPT_FILE } from "../ledger/pending.ts";
import { DAMAGED_FOLDER } from "../resources/state-folder.ts";

/** A host and the run that is pending there. */
export interface PendingOnHost {
  readonly host: string;
  readonly pending: Pending;
}

/** What errors about pending runs need to know. */
export interface About {
  /** Whether it is known that the process behind a run has ended. */
  readonly hasEnded?: (runner: Runner) => boolean;
  /** Default: without what the user has typed. */
  readonly next?: FollowUp;
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
export function otherRunError(
  host: string,
  pending: Pending,
  unknown?: string,
  next: FollowUp = bareCommand,
): LvsctlError {
  const { record, other } = pending;
  const version = other?.version ?? record?.runner.version;
  const orNewer = other?.isNewer === false ? "" : ", or a newer one";
  const why = unknown === undefined ? "" : ` It changes ${unknown}, which this lvsctl does not know.`;
  return new LvsctlError("LVS-LOCK-008", `On ${host}: ${describeRun(pending)}.${why} Nothing has been changed.`, {
    host,
    hint: `Use ${version === undefined ? "the lvsctl that started it" : `lvsctl ${version}`}${orNewer}, to end it: ${next("confirm")} keeps it, ${next("rollback")} rolls it back; lvsctl --version shows which one this is. On the host, sh ${SCRIPT_FILE} undo rolls the run back without lvsctl.`,
  });
}

/** LVS-LOCK-009: a run that nobody can roll back any more. */
export function lostRunError(host: string, { damaged = [] }: Pending, next: FollowUp = bareCommand): LvsctlError {
  const message = `The run on ${host} was ended, but not rolled back: neither its record nor its script can be read.`;
  return new LvsctlError("LVS-LOCK-009", message, {
    host,
    hint: `${damaged.length === 0 ? "Its files are" : `${damaged.join(", ")}:`} empty, truncated or missing. What is left of these files is in ${DAMAGED_FOLDER}. ${next("plan")} shows what the host has; ${next("apply --adopt")} takes over what the run had made.`,
  });
}

/** The states of a run, the one that decides about it first. */
const STATES = ["live", "stuck", "restarted", "expired", "committed"] as const satisfies readonly PendingState[];

/** What is said of hosts where a run is in another state than where it decides. */
const ELSEWHERE: Readonly<Record<PendingState, string>> = {
  live: "where its timer still runs",
  stuck: "where the timer could not roll back everything",
  restarted: "which has restarted",
  expired: "where its timer has run out",
  committed: "where it is confirmed already",
};

/**
 * One error per run, however many hosts it is pending on, and in whatever states: LVS-LOCK-001 if it is live anywhere, and
 * these first; LVS-LOCK-003 if it was interrupted.
 */
export function pendingErrors(all: readonly PendingOnHost[], about: About = {}): readonly LvsctlError[] {
  const runs = new Map<string, PendingOnHost[]>();
  for (const one of all) runs.set(one.pending.id, [...(runs.get(one.pending.id) ?? []), one]);
  const errors = [...runs.values()].map((hosts) => errorOfRun(hosts, about));
  return [...errors].sort((one, other) => one.code.localeCompare(other.code));
}

function errorOfRun(all: readonly PendingOnHost[], { hasEnded = () => false, next = bareCommand }: About): LvsctlError {
  const state = STATES.find((one) => all.some(({ pending }) => pending.state === one));
  const deciding = all.filter(({ pending }) => pending.state === state);
  const [first] = deciding;
  if (!first) throw new RangeError("a run is pending on a host");
  const names = deciding.map(({ host }) => host).join(", ");
  const where = all.length === 1 ? { host: first.host } : {};
  const { pending } = first;
  const damaged = [...new Set(all.flatMap((one) => one.pending.damaged ?? []))];
  const elsewhere = pending.other && otherRunError(first.host, pending, undefined, next).details.hint;
  const isOver = pending.record !== undefined && hasEnded(pending.record.runner);
  const run = [
    describeRun(pending),
    ...(damaged.length === 0 ? [] : [`of which these files are damaged: ${damaged.join(", ")}`]),
    ...STATES.flatMap((other) => {
      const hosts = other === state ? [] : all.filter((one) => one.pending.state === other);
      return hosts.length === 0 ? [] : [`and on ${hosts.map(({ host }) => host).join(", ")}, ${ELSEWHERE[other]}`];
    }),
  ].join(", ");
  const process = isOver ? " That process was one of this machine, and has ended." : "";
  const cutOff = (message: string) =>
    new LvsctlError("LVS-LOCK-003", `${message}${process}`, {
      ...where,
      hint: elsewhere ?? `Run ${next("rollback")}; otherwise the next apply or destroy rolls it back first.`,
    });
  switch (pending.state) {
    case "live": {
      const seconds = Math.max(...deciding.map((one) => one.pending.secondsLeft ?? 0));
      const byItself = `it rolls back on its own in ${seconds} s`;
      const wait = isOver
        ? `If you do nothing, ${byItself}`
        : `Wait for it (--lock-timeout SECONDS). If its lvsctl no longer runs, ${byItself}`;
      return new LvsctlError("LVS-LOCK-001", `On ${names}: ${run}.${process}`, {
        ...where,
        hint: `${wait}${elsewhere ? `. ${elsewhere}` : `; ${next("confirm")} keeps it, ${next("rollback")} rolls it back now.`}`,
      });
    }
    case "committed":
      return cutOff(`A run was confirmed on ${names}, and interrupted before it had cleaned up: ${run}.`);
    case "expired":
      return cutOff(`A run was interrupted on ${names} and has not been rolled back yet: ${run}.`);
    case "restarted":
      return cutOff(`${names}: restarted in the middle of a run: ${run}.`);
    case "stuck":
      return new LvsctlError(
        "LVS-LOCK-003",
        `The timer on ${names} could not roll back everything: ${run}.${process}`,
        {
          ...where,
          output: deciding.map((one) => one.pending.output ?? "").join("\n"),
          hint: elsewhere ?? `${next("rollback")} tries again and says what prevents it; the script is ${SCRIPT_FILE}.`,
        },
      );
  }
}
