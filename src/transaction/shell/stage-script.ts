/** The shell scripts that make changes on one host and roll them back, and the parser of their output. Pure. */
import { formatLedger, type Ledger } from "../../ledger/ledger.ts";
import { raw, type ShellCommand, sh } from "../../shell/quote.ts";
import type { Answer, RunOnHost, StageWork } from "../run-host.ts";
import { GONE, pendingFunctions } from "./host-script.ts";

/** The script's text. It stops at the first step that fails. `nonce`: letters and digits that no step prints. */
export function formatStageScript(script: RunOnHost & StageWork, nonce: string): ShellCommand {
  const { undoes = [] } = script;
  const blocks = [
    "export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "umask 022",
    pendingFunctions(script.id),
    `begin() { printf '\\n@%s begin %s\\n' ${nonce} "$1"; printf '\\n@%s begin %s\\n' ${nonce} "$1" >&2; }`,
    `check() { [ "$1" = 0 ] && return; printf '\\n@%s failed %s\\n' ${nonce} "$1"; exit 1; }`,
    sh`lock 30 || { echo 'another program of lvsctl is at work on this host' >&2; exit 1; }`,
    sh`${raw(script.undoes ? sh`is_pending` : sh`is_wanted`)} || { printf '\\n@%s gone\\n' ${nonce}; exit ${GONE}; }`,
    script.undoes ? `[ -d "$R" ] || mkdir -p "$R"\n: >"$R/back"` : "is_running || exit 1",
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

/** Moves the deadline. It does not wait for the lock, so that the deadline moves during a long stage, too. */
export function formatRenewal(id: string, confirmTimeoutSeconds: number): ShellCommand {
  return sh`${raw(pendingFunctions(id))}\nis_pending || exit ${GONE}\n${raw(renewal(confirmTimeoutSeconds))}\n`;
}

/** Writes the ledger of a run that ends without a rollback. What is restored at boot is unchanged. */
export function formatKeepScript(ledger: Ledger): ShellCommand {
  return sh`umask 077; printf %s ${formatLedger(ledger)} >"$T/ledger.next"; rm -f "$T/ledger.gone" "$T/restore.next" "$T/restore.gone"`;
}

/** Parses the output of a stage's script. */
export function parseStageOutput(stdout: string, stderr: string, nonce: string): Answer {
  if (stdout.includes(`\n@${nonce} complete\n`)) return { result: "done" };
  if (stdout.includes(`\n@${nonce} gone\n`)) return { result: "gone" };
  const begun = stdout.split(`\n@${nonce} begin `).slice(1).at(-1)?.split("\n", 1)[0];
  const output = stderr.slice(Math.max(0, stderr.lastIndexOf(`\n@${nonce} begin `))).replace(/^\n@.*\n/, "");
  return { result: "failed", output: output.trim(), ...(begun === undefined ? {} : { step: Number(begun) }) };
}

/** One short write. The timer may read the file at any time; if it is empty, it waits and reads again. */
function renewal(seconds: number): ShellCommand {
  return sh`now; echo $((now + ${seconds})) >"$R/deadline"`;
}

function turn(from: string, to: string, numbers: readonly number[]): readonly string[] {
  return numbers.length === 0 ? [] : [`turn ${from} ${to} ${numbers.join(" ")}`];
}

/** Closes the lock's descriptor (9), so that programs left running by a step do not keep the lock. */
function block(index: number, number: number | undefined, script: string): string {
  const [begun, done] =
    number === undefined ? [[], []] : [[`note_progress ${number} begun`], [`note_progress ${number} done`]];
  return [`begin ${index}`, ...begun, `(\nset -e\n${script}\n) 9<&-`, "check $?", ...done].join("\n");
}
