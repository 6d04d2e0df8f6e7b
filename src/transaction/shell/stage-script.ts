/** The shell scripts that make changes on one host and roll them back, and the parser of their output. Pure. */
import { formatLedger, type Ledger } from "../../ledger/ledger.ts";
import { raw, type ShellCommand, sh } from "../../shell/quote.ts";
import type { Answer, RunOnHost, StageWork } from "../run-host.ts";
import { AT_WORK, GONE, pendingFunctions } from "./host-script.ts";

/** The script's text. It stops at the first step that fails. `nonce`: letters and digits that no step prints. */
export function formatStageScript(script: RunOnHost & StageWork, nonce: string): ShellCommand {
  const { undoes } = script;
  const gone = sh`{ release; printf '\\n@%s gone\\n' ${nonce}; exit ${GONE}; }`;
  const blocks = [
    "export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "umask 022",
    pendingFunctions(script.id),
    `begin() { printf '\\n@%s begin %s\\n' ${nonce} "$1"; printf '\\n@%s begin %s\\n' ${nonce} "$1" >&2; }`,
    `check() { [ "$1" = 0 ] && return; printf '\\n@%s failed %s\\n' ${nonce} "$1"; leave; end; exit 1; }`,
    `leave() {\n${[":", ...turn("begun", "left", undoes ?? []), ...turn("undoing", "left", undoes ?? [])].join("\n")}\n}`,
    `end() { [ ! -d "$R" ] || put stage ''; }`,
    sh`lock 30 || { [ $? = 2 ] || echo ${AT_WORK} >&2; exit 1; }`,
    `is_pending || ${gone}`,
    ...(undoes
      ? [`[ ! -e "$R/wanted" ] || rm -f "$R/wanted" || exit 1`]
      : ["is_running || exit 1", `is_wanted || ${gone}`]),
    `[ ! -d "$R" ] || { process $$ && put stage "$$ $since" && ${renewal(script.confirmTimeoutSeconds)}; } || exit 1`,
    ...turn("done", "undoing", undoes ?? []),
    ...turn("left", "undoing", undoes ?? []),
    ...script.steps.map(({ step, number }, index) => block(index, number, step.script)),
    ...turn("undoing", "undone", undoes ?? []),
    "end",
    `printf '\\n@%s complete\\n' ${nonce}`,
  ];
  return `${blocks.join("\n")}\n` as ShellCommand;
}

/** Moves the deadline. It does not wait for the lock, so that the deadline moves during a long stage, too. */
export function formatRenewal(id: string, confirmTimeoutSeconds: number): ShellCommand {
  return sh`${raw(pendingFunctions(id))}
is_pending || exit ${GONE}
is_running && ${raw(renewal(confirmTimeoutSeconds))}
`;
}

/** Writes the ledger of a run that ends without a rollback. What is restored at boot is unchanged. */
export function formatKeepScript(ledger: Ledger): ShellCommand {
  return sh`umask 077
printf %s ${formatLedger(ledger)} >"$T/ledger.new"
save "$T/ledger.new"
mv -f "$T/ledger.new" "$T/ledger.next"
rm -f "$T/ledger.gone" "$T/restore.next" "$T/restore.gone"
save "$T"`;
}

/** Parses the output of a stage's script. */
export function parseStageOutput(stdout: string, stderr: string, nonce: string): Answer {
  if (stdout.includes(`\n@${nonce} complete\n`)) return { result: "done" };
  if (stdout.includes(`\n@${nonce} gone\n`)) return { result: "gone" };
  const begun = stdout.split(`\n@${nonce} begin `).slice(1).at(-1)?.split("\n", 1)[0];
  const output = stderr.slice(Math.max(0, stderr.lastIndexOf(`\n@${nonce} begin `))).replace(/^\n@.*\n/, "");
  return { result: "failed", output: output.trim(), ...(begun === undefined ? {} : { step: Number(begun) }) };
}

function renewal(seconds: number): ShellCommand {
  return sh`now && put deadline $((now + ${seconds}))`;
}

function turn(from: string, to: string, numbers: readonly number[]): readonly string[] {
  return numbers.length === 0 ? [] : [`turn ${from} ${to} ${numbers.join(" ")} || exit 1`];
}

/** Closes the lock's descriptor (9), so that programs left running by a step do not keep the lock. */
function block(index: number, number: number | undefined, script: string): string {
  const note = (word: string) => (number === undefined ? [] : [`note_progress ${number} ${word}`, "check $?"]);
  return [`begin ${index}`, ...note("begun"), `(\nset -e\n${script}\n) 9<&-`, "check $?", ...note("done")].join("\n");
}
