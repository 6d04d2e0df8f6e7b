/** The shell scripts that make changes on one host and take them back, and what their output says. Pure. */
import type { Step } from "../resources/resource.ts";
import { raw, type ShellCommand, sh } from "../shell/quote.ts";
import { GONE, pendingFunctions } from "./host-script.ts";

export interface StageScript {
  /** The transaction that the host must still have pending. */
  readonly id: string;
  /** The host may wait this long from now before it takes the run back. */
  readonly confirmTimeoutSeconds: number;
  /** `number`: by which the host's own undo knows the step; undefined for one that it need not know. */
  readonly steps: readonly { readonly step: Step; readonly number?: number }[];
  /** Steps that this script takes back as a whole, as far as they were done; the others are left to the host's own undo. */
  readonly undoes?: readonly number[];
}

/** How far a script came. */
export interface StageProgress {
  readonly isComplete: boolean;
  /** The host has no such transaction any more: its timer has taken the run back. */
  readonly isGone?: true;
  /** The step that failed, by its place in the list; undefined when none had begun. */
  readonly failedStep?: number;
  readonly status?: number;
  /** What the failing step printed on stderr. */
  readonly output?: string;
}

/** The script's text: it stops at the first step that fails. `nonce`: letters and digits that no step prints. */
export function formatStageScript(script: StageScript, nonce: string): ShellCommand {
  const undoes = script.undoes ?? [];
  const blocks = [
    "export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "umask 022",
    pendingFunctions(script.id),
    `begin() { printf '\\n@%s begin %s\\n' ${nonce} "$1"; printf '\\n@%s begin %s\\n' ${nonce} "$1" >&2; }`,
    `check() { [ "$1" = 0 ] && return; printf '\\n@%s failed %s\\n' ${nonce} "$1"; exit 1; }`,
    sh`lock 30 || { echo 'another program of lvsctl is at work on this host' >&2; exit 1; }`,
    sh`is_pending || { printf '\\n@%s gone\\n' ${nonce}; exit ${GONE}; }`,
    `[ -d "$R" ] || mkdir -p "$R"`,
    `echo $$ >"$R/stage"`,
    renewal(script.confirmTimeoutSeconds),
    ...turn("done", "undoing", undoes),
    ...script.steps.map(({ step, number }, index) => block(index, number, step.script)),
    ...turn("undoing", "undone", undoes),
    `rm -f "$R/stage"`,
    `printf '\\n@%s complete\\n' ${nonce}`,
  ];
  return `${blocks.join("\n")}\n` as ShellCommand;
}

/** Tells a host that lvsctl is still there. It waits for nothing, so that a stage that takes long keeps its time. */
export function formatRenewal(id: string, confirmTimeoutSeconds: number): ShellCommand {
  return sh`${raw(pendingFunctions(id))}\nis_pending || exit ${GONE}\n${raw(renewal(confirmTimeoutSeconds))}\n`;
}

/** Understands the output of a stage's script. */
export function parseStageOutput(stdout: string, stderr: string, nonce: string): StageProgress {
  if (stdout.includes(`\n@${nonce} complete\n`)) return { isComplete: true };
  if (stdout.includes(`\n@${nonce} gone\n`)) return { isComplete: false, isGone: true };
  const begun = stdout.split(`\n@${nonce} begin `).slice(1).at(-1)?.split("\n", 1)[0];
  const failed = new RegExp(`\\n@${nonce} failed (\\d+)\\n`).exec(stdout);
  const output = stderr.slice(Math.max(0, stderr.lastIndexOf(`\n@${nonce} begin `))).replace(/^\n@.*\n/, "");
  return {
    isComplete: false,
    ...(begun === undefined ? {} : { failedStep: Number(begun) }),
    ...(failed ? { status: Number(failed[1]) } : {}),
    output: output.trim(),
  };
}

/** One short write: the timer, which may read it at any time, takes an empty file for a moment to wait for. */
function renewal(seconds: number): ShellCommand {
  return sh`now; echo $((now + ${seconds})) >"$R/deadline"`;
}

function turn(from: string, to: string, numbers: readonly number[]): readonly string[] {
  return numbers.length === 0 ? [] : [`turn ${from} ${to} ${numbers.join(" ")}`];
}

/** Programs that a step leaves running must not keep the lock. */
function block(index: number, number: number | undefined, script: string): string {
  const [begun, done] =
    number === undefined ? [[], []] : [[`note_progress ${number} begun`], [`note_progress ${number} done`]];
  return [`begin ${index}`, ...begun, `(\nset -e\n${script}\n) 9<&-`, "check $?", ...done].join("\n");
}
