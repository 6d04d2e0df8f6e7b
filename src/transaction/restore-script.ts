/**
 * The script that brings a host's confirmed state back when it starts. It is written with every run and takes effect with
 * its confirmation; what is on disk anyway is not in it. Pure.
 */

import type { Ledger } from "../ledger/ledger.ts";
import type { PlannedChange } from "../plan/plan.ts";
import { type BootStep, type HostContext, identity, type Observed, type ResourceKind } from "../resources/resource.ts";
import { stateFolder, TRANSACTION_FOLDER } from "../resources/state-folder.ts";
import { raw, type ShellCommand, sh } from "../shell/quote.ts";

/**
 * The kinds whose resources a restart takes away, in the order in which they come back: a parameter has to have its
 * module, and no address may be there before the parameters that keep it from answering ARP.
 */
export const LOST_AT_RESTART: readonly string[] = [
  ...["kernel-module", "sysctl", "arptables-rule", "tunnel", "fou-port", "address", "route", "iptables-rule"],
  ...["ipvs-service", "ipvs-destination", "responder", "web-server", "gratuitous-arp"],
];

/** How long steps that fail are tried again, counted from the script's start: interfaces may come late. */
const PATIENCE_SECONDS = 60;
const NOTHING: Observed = { states: new Map(), detail: undefined };

export function restorePath(topology: string): string {
  return `${stateFolder(topology)}/restore.sh`;
}

/**
 * The script for one host; undefined where nothing is to come back. `changes`: the host's part of the plan, unchanged
 * resources included. `ledger`: as it will be after the run. `observed`: what was found before it.
 */
export function formatRestoreScript(
  changes: readonly PlannedChange[],
  ledger: Ledger,
  observed: ReadonlyMap<string, Observed>,
  kinds: ReadonlyMap<string, ResourceKind>,
): ShellCommand | undefined {
  const { topology, host } = ledger;
  if (!ledger.entries.some(({ kind }) => kind === "boot-unit")) return undefined;
  const owned = new Set(ledger.entries.map(identity));
  const wanted = changes.filter((change) => change.phase === "build" && isToComeBack(change, owned));
  const steps = LOST_AT_RESTART.flatMap((name) => {
    const kind = kinds.get(name);
    const theirs = wanted.filter((change) => change.kind === name);
    return kind && theirs.length > 0 ? bootSteps(kind, theirs, observed.get(name) ?? NOTHING, { topology, host }) : [];
  });
  return steps.length === 0 ? undefined : script(steps, { topology, host });
}

/** What the host had of its own network before us, its distribution brings back; all else comes back whoever made it. */
function isToComeBack(change: PlannedChange, owned: ReadonlySet<string>): boolean {
  return change.isAction || change.stage !== "base-network" || owned.has(identity(change));
}

function bootSteps(
  kind: ResourceKind,
  changes: readonly PlannedChange[],
  observed: Observed,
  context: HostContext,
): readonly BootStep[] {
  const states = changes.flatMap(({ after }) => (after === undefined ? [] : [after]));
  if (kind.atBoot) return kind.atBoot(states, observed, context);
  return kind
    .commands(
      changes.map(({ key, after }) => ({ kind: kind.kind, key, before: undefined, after })),
      observed,
      context,
    )
    .map(({ makes, script }) => ({
      what: makes.flatMap(({ after }) => (after ? kind.describe(after) : [])).join("; "),
      script,
    }));
}

function script(steps: readonly BootStep[], { topology, host }: HostContext): ShellCommand {
  const functions = steps.map(({ script }, index) => sh`s${index}() (\nset -e\n${raw(script)}\n)`);
  const calls = steps.map(({ what }, index) => sh`try s${index} ${what}`);
  return [
    "#!/bin/sh",
    sh`# lvsctl: brings back what topology ${topology} has on ${host}. Each confirmed run writes it anew.`,
    "export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "umask 022",
    raw(frame(topology)).text,
    ...functions,
    ...calls,
    '[ "$failed" = 0 ]',
    "",
  ].join("\n") as ShellCommand;
}

/** A run that is under way may hold anything: its own end says what the host has. */
function frame(topology: string): ShellCommand {
  return sh`say() { printf 'lvsctl %s: %s\\n' ${topology} "$1"; }
now() { read -r up rest </proc/uptime; now=\${up%%.*}; }
exec 9</run
! command -v flock >/dev/null || flock -w 60 9 || { say 'a run of lvsctl is under way'; exit 75; }
if [ -e ${`${TRANSACTION_FOLDER}/id`} ] && grep -qxFf /proc/sys/kernel/random/boot_id ${`${TRANSACTION_FOLDER}/boot`}; then
say 'a run of lvsctl is under way'
exit 75
fi
now
end=$((now + ${PATIENCE_SECONDS})) failed=0
try() {
while :; do
output=$("$1" 2>&1 </dev/null 9<&-)
status=$?
if [ $status = 0 ]; then say "$2"; return; fi
now
[ $now -lt $end ] || break
sleep 1
done
say "FAILED ($status): $2: $output"
failed=1
}`;
}
