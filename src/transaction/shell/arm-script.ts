/** The script that arms a host: it locks the host and starts the timer that rolls the run back unless it is confirmed. Pure. */

import { posix } from "node:path";
import { formatLedger, type Ledger, ledgerChecksum, ledgerPath } from "../../ledger/ledger.ts";
import { formatRecord, SCRIPT_FILE } from "../../ledger/pending.ts";
import { STATE_ROOT, stateFolder } from "../../resources/state-folder.ts";
import { holdersFunction, rootsFunction } from "../../shell/host-script-parts.ts";
import { command, raw, type ShellCommand, sh } from "../../shell/quote.ts";
import type { Arming, Refusal } from "../run-host.ts";
import { forgetUnit, formatHostScript, makeNotes, pendingFunctions, restoreAgain, undoUnit } from "./host-script.ts";
import { formatRestoreScript } from "./restore-script.ts";

const WORD = "lvsctl-arm:";
const WATCHER_TRIES = 100;

/** The script's text. `parseArm` reads its output. */
export function formatArmScript(arming: Arming): ShellCommand {
  const { record, steps, before, others, after, atBoot } = arming;
  const { id, topology, confirmTimeoutSeconds } = record;
  const sums = inOrderOfPaths([...others, ...(before ? [before] : [])]).map(ledgerChecksum);
  const hostScript = formatHostScript({ id, topology, steps });
  const next = after.entries.length > 0 ? sh`printf %s ${formatLedger(after)} >"$N/ledger.next"` : removeOrKeep(before);
  const restore =
    atBoot.length > 0
      ? sh`printf %s ${formatRestoreScript(atBoot, after)} >"$N/restore.next"`
      : sh`: >"$N/restore.gone"`;
  return sh`${raw(pendingFunctions(id))}
${raw(holdersFunction)}
umask 077
say() { echo ${WORD} "$1"; }
N=$T.new
can_lock || { say no-lock; exit 1; }
lock 30 || { [ $? = 2 ] || { say busy; holders >&2; }; exit 1; }
if [ -e "$T/id" ] || [ -e "$T/confirmed" ]; then say held; exit 1; fi
sums=
for file in ${raw(command(STATE_ROOT))}/*/ledger.json; do
[ ! -e "$file" ] || while read -r name sum; do
[ "$name" != '"checksum":' ] || { sums="$sums $sum"; break; }
done <"$file"
done
[ "$sums" = ${sums.map((sum) => ` "${sum}",`).join("")} ] || { say changed; unlock; exit 1; }
${raw(restoreAgain)}
discard() { rm -rf "$N" "$T"; restore_again; rm -rf "$R"; rmdir ${stateFolder(topology)} 2>/dev/null; rmdir "\${T%/*}" 2>/dev/null; unlock; }
${raw(forgetUnit(id))}
${raw(rootsFunction)}
mkdir -p "$R" ${stateFolder(topology)} || { discard; exit 1; }
for folder in "$R" ${stateFolder(topology)} ${STATE_ROOT}; do
is_roots "$folder" && continue
echo "$folder" >&2
say exposed
! is_roots ${stateFolder(topology)} || rmdir ${stateFolder(topology)} 2>/dev/null
unlock
exit 1
done
write() {
set -e
[ ! -e "$N" ] || rm -rf "$N"
[ ! -e "$T" ] || rm -rf "$T"
mkdir "$N"
printf %s ${formatRecord(record)} >"$N/transaction.json"
printf %s ${hostScript} >"$N/transaction.sh"
${raw(next)}
${raw(restore)}
read -r boot </proc/sys/kernel/random/boot_id
echo "$boot" >"$N/boot"
echo ${id} >"$N/id"
${raw(makeNotes(steps.length))}
now
put deadline $((now + ${confirmTimeoutSeconds}))
save "$N"/* "$N"
mv "$N" "$T"
save ${STATE_ROOT} ${posix.dirname(STATE_ROOT)}
}
( write )
s=$?
[ $s = 0 ] || { discard; exit 1; }
start_unit() {
[ -d /run/systemd/system ] && command -v systemd-run >/dev/null &&
systemd-run --quiet --unit=${undoUnit(id)} /bin/sh ${SCRIPT_FILE} watch </dev/null >/dev/null 2>&1 9<&-
}
start_process() {
command -v setsid >/dev/null || return
setsid sh ${SCRIPT_FILE} watch </dev/null >/dev/null 2>&1 9<&- &
}
start_unit || start_process
tries=0
until read -r watcher since <"$R/watcher" && [ -n "$since" ]; do
tries=$((tries + 1))
if [ $tries -gt ${WATCHER_TRIES} ]; then say no-timer; discard; forget_unit; exit 1; fi
sleep 0.2 || sleep 1
done
say armed`;
}

/** What the script printed: armed, or why not; undefined when it could not write its files. */
export function parseArm(stdout: string): "armed" | Refusal | undefined {
  const word = new RegExp(`^${WORD} (armed|held|busy|changed|no-timer|no-lock|exposed)$`, "m").exec(stdout)?.[1];
  return word as "armed" | Refusal | undefined;
}

/** The order in which the shell expands `*` in the C locale. */
function inOrderOfPaths(ledgers: readonly Ledger[]): readonly Ledger[] {
  const path = ({ topology }: Ledger) => ledgerPath(topology);
  return [...ledgers].sort((one, other) => (path(one) < path(other) ? -1 : 1));
}

function removeOrKeep(before: Ledger | undefined): ShellCommand {
  return before ? sh`: >"$N/ledger.gone"` : sh`:`;
}
