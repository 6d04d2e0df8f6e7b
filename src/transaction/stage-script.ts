/** The shell script that makes one stage's changes on one host, and what its output says. Pure. */
import type { Step } from "../resources/resource.ts";
import { STATE_ROOT, stateFolder } from "../resources/state-folder.ts";
import { type ShellCommand, sh } from "../shell/quote.ts";
import { formatLedger, type Ledger, ledgerPath } from "./ledger.ts";

/** What to do with the ledger in a script: write it, or remove it with the folder that holds it. */
export type LedgerChange = { readonly write: Ledger } | { readonly remove: string };

export interface StageScript {
  readonly steps: readonly Step[];
  /** Written before the first step: it accounts for what the steps are going to make. */
  readonly first?: LedgerChange;
  /** Written after the last step. */
  readonly last?: LedgerChange;
}

/** How far a stage's script came. */
export interface StageProgress {
  readonly isComplete: boolean;
  /** The step that failed, by its place in the list; undefined when the ledger could not be written. */
  readonly failedStep?: number;
  readonly status?: number;
  /** What the failing step printed on stderr. */
  readonly output?: string;
}

/** The script's text: it stops at the first step that fails. `nonce`: letters and digits that no step prints. */
export function formatStageScript({ steps, first, last }: StageScript, nonce: string): ShellCommand {
  const blocks = [
    "export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "umask 022",
    `begin() { printf '\\n@%s begin %s\\n' ${nonce} "$1"; printf '\\n@%s begin %s\\n' ${nonce} "$1" >&2; }`,
    `check() { [ "$1" = 0 ] && return; printf '\\n@%s failed %s\\n' ${nonce} "$1"; exit 1; }`,
    ...(first ? [block("ledger", formatLedgerChange(first))] : []),
    ...steps.map((step, index) => block(String(index), step.script)),
    ...(last ? [block("ledger", formatLedgerChange(last))] : []),
    `printf '\\n@%s complete\\n' ${nonce}`,
  ];
  return `${blocks.join("\n")}\n` as ShellCommand;
}

/** Understands the output of a stage's script. */
export function parseStageOutput(stdout: string, stderr: string, nonce: string): StageProgress {
  if (stdout.includes(`\n@${nonce} complete\n`)) return { isComplete: true };
  const begun = stdout.split(`\n@${nonce} begin `).slice(1).at(-1)?.split("\n", 1)[0];
  const failed = new RegExp(`\\n@${nonce} failed (\\d+)\\n`).exec(stdout);
  const output = stderr.slice(Math.max(0, stderr.lastIndexOf(`\n@${nonce} begin `))).replace(/^\n@.*\n/, "");
  return {
    isComplete: false,
    ...(begun === undefined || begun === "ledger" ? {} : { failedStep: Number(begun) }),
    ...(failed ? { status: Number(failed[1]) } : {}),
    output: output.trim(),
  };
}

function block(name: string, script: string): string {
  return `begin ${name}\n(\nset -e\n${script}\n)\ncheck $?`;
}

function formatLedgerChange(change: LedgerChange): ShellCommand {
  if ("remove" in change) {
    const folder = stateFolder(change.remove);
    return sh`rm -f ${ledgerPath(change.remove)}
rmdir ${folder} ${STATE_ROOT} 2>/dev/null || true`;
  }
  const path = ledgerPath(change.write.topology);
  return sh`umask 077
mkdir -p ${stateFolder(change.write.topology)}
printf %s ${formatLedger(change.write)} > ${`${path}.new`}
mv -f ${`${path}.new`} ${path}`;
}
