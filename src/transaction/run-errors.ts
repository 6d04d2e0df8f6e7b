/** Errors for a host on which a run cannot begin, continue or end. */
import { lastLines } from "../errors/excerpt.ts";
import { bareCommand, type FollowUp } from "../errors/follow-up.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { messageOf } from "../errors/message-of.ts";
import type { RecordedChange } from "../ledger/pending.ts";
import type { Step } from "../resources/resource.ts";
import { LOCK_FILE } from "../resources/state-folder.ts";
import type { Answer, ArmAnswer, Refusal } from "./run-host.ts";

type Refused = Extract<ArmAnswer, { result: "refused" }>;
type Failed = Extract<Answer, { result: "failed" }>;

const REASONS: Readonly<Record<Exclude<Refusal, "held" | "busy" | "changed">, readonly [why: string, hint: string]>> = {
  "no-lock": [
    "it has no flock",
    "Install util-linux there, or a BusyBox that has flock: Alpine's includes it, Debian's does not.",
  ],
  "no-timer": [
    "the program that waits for the confirmation did not start",
    "Install util-linux there for setsid (BusyBox has it too), or see why systemd-run refuses.",
  ],
  exposed: [
    "users other than root could modify the rollback files, which run as root",
    "Find out who owns the folder and who put it there; then make root its owner and remove the write permission of others: chown root, chmod go-w.",
  ],
  "no-room": [
    "the rollback files could not be written",
    "Check that /var/lib and /run there are writable and have free space; sync is needed, too.",
  ],
};

/**
 * LVS-LOCK-002 if the host has changed since it was read, LVS-LOCK-010 if something holds its lock, LVS-LOCK-004 if it lacks what
 * a run needs.
 */
export function refusedError(host: string, { why, output }: Refused): LvsctlError {
  if (why === "held" || why === "changed") {
    const hint = "Nothing has been changed. Run the command again.";
    const message = `Another run has ended on ${host} since it was read; this plan is out of date.`;
    return new LvsctlError("LVS-LOCK-002", message, { host, hint });
  }
  if (why === "busy") return busyError(host, output);
  const [reason, hint] = REASONS[why];
  return new LvsctlError("LVS-LOCK-004", `${host} cannot roll a run back on its own: ${reason}.`, {
    host,
    output,
    hint,
  });
}

function busyError(host: string, holders: string): LvsctlError {
  const by = holders === "" ? "" : `, by ${holders.split("\n").join(", ")}`;
  return new LvsctlError("LVS-LOCK-010", `${host} is busy: the lock of lvsctl was held for half a minute there${by}.`, {
    host,
    hint: `Nothing has been changed. lvsctl's own programs hold that lock while they work, such as the one that restores everything at boot. Run the command again once it is free (fuser -v ${LOCK_FILE} shows who has the file open).`,
  });
}

/** LVS-LOCK-005. */
export function goneError(host: string): LvsctlError {
  return new LvsctlError("LVS-LOCK-005", `${host} lost contact with lvsctl for too long and has rolled the run back.`, {
    host,
    hint: "See why the connection was slow, or give it more time with --confirm-timeout. The host's log lists anything that could not be undone for certain (logger, tag lvsctl).",
  });
}

/** LVS-LOCK-011. */
export function confirmedError(host: string, next: FollowUp = bareCommand): LvsctlError {
  return new LvsctlError(
    "LVS-LOCK-011",
    `Somebody confirmed the run on ${host} before it could be rolled back there.`,
    {
      host,
      hint: `The changes stay on this host. ${next("plan")} shows what the hosts have; ${next("apply")} makes all of them the same, and the same command with the old file reverses the changes.`,
    },
  );
}

/** LVS-LOCK-006. */
export function leftToTimer(
  host: string,
  cause: LvsctlError,
  confirmTimeoutSeconds: number,
  next: FollowUp = bareCommand,
): LvsctlError {
  return new LvsctlError("LVS-LOCK-006", `${host} has not answered: ${cause.message}`, {
    host,
    hint: `Its timer rolls everything back at the latest ${confirmTimeoutSeconds} s after its last contact with lvsctl. When it can be reached, ${next("plan")} says whether a run is still pending there.`,
    cause,
  });
}

/** LVS-STEP-001 with the step's description, or `otherwise` if no step had begun. */
export function stepFailure(
  host: string,
  steps: readonly Step[],
  changes: readonly RecordedChange[],
  failed: Pick<Failed, "output" | "step">,
  otherwise = "beginning the stage",
): LvsctlError {
  const step = failed.step === undefined ? undefined : steps[failed.step];
  const made = step?.makes.map(({ kind, key }) => changes.find((change) => change.kind === kind && change.key === key));
  const description = made?.map((change) => change?.description ?? "").join("; ") || otherwise;
  const output = lastLines(failed.output).join("\n") || "(it printed nothing)";
  return new LvsctlError("LVS-STEP-001", `${description}: the host answered: ${output}`, {
    host,
    step: description,
    output,
    hint: "Run the same command with -vv to see the commands; you can try them by hand on the host.",
  });
}

/** Anything thrown while working on a host, as an error with a code. */
export function asFailure(error: unknown, host?: string): LvsctlError {
  if (error instanceof LvsctlError) return error;
  const at = host === undefined ? {} : { host };
  return new LvsctlError("LVS-INTERNAL-000", messageOf(error), { cause: error, ...at });
}

/**
 * Whether the host could not be reached or its answer was lost: the call may or may not have taken effect. Errors that are
 * not ours (LVS-INTERNAL-000) count too, because a broken connection may throw anything.
 */
export function isLost({ code }: LvsctlError): boolean {
  return code.startsWith("LVS-CONNECT") || code === "LVS-INTERNAL-000";
}

/** Whether the run is no longer pending on the host. */
export function isGone({ code }: LvsctlError): boolean {
  return code === "LVS-LOCK-005";
}

/** Whether somebody else has confirmed the run on the host. */
export function isKept({ code }: LvsctlError): boolean {
  return code === "LVS-LOCK-011";
}
