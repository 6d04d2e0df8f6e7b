/**
 * The script that a host keeps during a run: the timer that rolls the run back unless it is confirmed, and the undo
 * itself. It needs a POSIX shell, flock(1) and a Linux /proc, but no connection to lvsctl. Pure.
 */

import { ledgerPath } from "../../ledger/ledger.ts";
import { RUNTIME_FOLDER, STATE_ROOT, stateFolder, TRANSACTION_FOLDER } from "../../resources/state-folder.ts";
import { raw, type ShellCommand, sh } from "../../shell/quote.ts";
import type { NumberedStep } from "../host-steps.ts";
import { restorePath } from "./restore-script.ts";

/** What the script is written from. */
export interface HostScript {
  /** Letters and digits. */
  readonly id: string;
  readonly topology: string;
  /** Every step of the run on this host, in order. */
  readonly steps: readonly NumberedStep[];
}

/** Where the host keeps the script. */
export const SCRIPT_FILE = `${TRANSACTION_FOLDER}/transaction.sh`;

/** Exit status of the script when its run is no longer pending. */
export const GONE = 75;

/** Exit status of an undo that could not restore everything. */
export const NOT_UNDONE = 76;

/** Shell functions for everything that works on the pending run with this `id`. */
export function pendingFunctions(id: string): ShellCommand {
  return sh`T=${TRANSACTION_FOLDER}
R=${RUNTIME_FOLDER}
is_pending() { { read -r found <"$T/id"; } 2>/dev/null && [ "$found" = ${id} ]; }
lock() { exec 9</run && flock -w "$1" 9; }
is_wanted() { is_pending && [ ! -e "$R/back" ]; } # and no rollback has begun
is_running() { [ -e "$R/progress" ] || { echo 'the host has been restarted in the middle of the run' >&2; return 1; }; }
now() { read -r up rest </proc/uptime; now=\${up%%.*}; }
note_progress() { echo "$1 $2" >>"$R/progress"; }
status_of() { # number of a step
status=
[ -e "$R/progress" ] || { status=restarted; return; }
while read -r noted word; do [ "$noted" != "$1" ] || status=$word; done <"$R/progress"
}
turn() { # from to numbers: moves those of these steps that are in one state to another
from=$1 to=$2
shift 2
for number in "$@"; do
status_of "$number"
[ "$status" != "$from" ] || note_progress "$number" "$to"
done
}`;
}

/**
 * The script's text. Its progress file notes `begun`, `done`, `undoing` or `undone` for each step; the last word counts. The
 * undo of a `done` step must succeed. That of a `begun` or `undoing` step may fail, because nobody knows how far it came.
 */
export function formatHostScript({ id, topology, steps }: HostScript): ShellCommand {
  const functions = steps.flatMap(({ number, undo }) =>
    undo.map((step, index) => sh`u${raw(`${number}_${index}` as ShellCommand)}() (\nset -e\n${raw(step.script)}\n)`),
  );
  const calls = [...steps].reverse().flatMap(({ number, undo, outlivesRestart }) => {
    const names = undo.map((_, index) => `u${number}_${index}`).join(" ");
    return names === "" ? [] : [`back ${number} ${outlivesRestart ? "lasting" : "passing"} ${names}`];
  });
  return [
    "#!/bin/sh",
    "# A run of lvsctl that has not been confirmed yet. This script takes it back: sh transaction.sh undo",
    "export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "umask 022",
    pendingFunctions(id),
    ...functions,
    sh`undo_all() {\n${raw((calls.length > 0 ? calls.join("\n") : ":") as ShellCommand)}\n}`,
    common(topology),
    sh`[ "\${2-${raw(id as ShellCommand)}}" = ${id} ] || exit ${GONE} # It was meant for another run.`,
    'main "$@"',
    "exit",
    "",
  ].join("\n") as ShellCommand;
}

function common(topology: string): ShellCommand {
  return sh`back() { # number of the step, passing or lasting, functions that undo it
number=$1 lasts=$2
shift 2
status_of "$number"
case $status in
restarted) [ "$lasts" = lasting ] || return 0 ;;
begun|done|undoing) ;;
*) return 0 ;;
esac
for part in "$@"; do
"$part" >>"$log" 2>&1 9<&- </dev/null
s=$?
[ $s = 0 ] || [ "$status" != done ] || failed=1
done
[ "$status" = restarted ] || note_progress "$number" undone
}
undo() {
mkdir -p "$R"
log=$R/log failed=0
undo_all
if [ $failed = 0 ]; then
logger -t lvsctl ${`the run on ${topology} was not confirmed and has been taken back`} 2>/dev/null
clean
else
logger -t lvsctl ${`the run on ${topology} was not confirmed; not all of it could be taken back`} 2>/dev/null
cp "$log" "$T/failed" 2>/dev/null || : >"$T/failed"
exit ${NOT_UNDONE}
fi
}
clean() {
end_watcher
rm -f "$R/watcher" "$R/progress" "$R/deadline" "$R/log" "$R/stage" "$R/back" "$T/id" "$T/confirmed" "$T/failed" "$T/boot" "$T/transaction.json" "$T/ledger.next" "$T/ledger.gone" "$T/restore.next" "$T/restore.gone" "$T/transaction.sh"
[ ! -d "$R" ] || rmdir "$R" 2>/dev/null || { sleep 1; rm -f "$R/deadline"; rmdir "$R" 2>/dev/null; } # a renewal was late
rmdir "$T" ${stateFolder(topology)} ${STATE_ROOT} 2>/dev/null
return 0
}
end_watcher() {
{ read -r watcher <"$R/watcher"; } 2>/dev/null || return 0
[ "$watcher" != $$ ] || return 0
words=
{ read -r words <"/proc/$watcher/cmdline"; } 2>/dev/null
case $words in *transaction.sh*) kill -TERM "-$watcher" 2>/dev/null ;; esac
}
into() { # moves "$1.next" to "$2", or removes "$2" if "$1.gone" is there
[ ! -e "$1.gone" ] || [ ! -e "$2" ] || rm -f "$2"
[ ! -e "$1.next" ] || mv -f "$1.next" "$2"
}
finish() { # after the commit: moves the prepared files into place
umask 077
[ -d ${stateFolder(topology)} ] || mkdir -p ${stateFolder(topology)}
into "$T/ledger" ${ledgerPath(topology)} && into "$T/restore" ${restorePath(topology)} || exit 1
clean
}
end_stage() { # kills a stage's script that holds the lock and does not end
{ read -r stage <"$R/stage"; } 2>/dev/null || return 0
{ read -r stat <"/proc/$stage/stat"; } 2>/dev/null || return 0
set -- \${stat##*) }
kill -KILL "-$3" 2>/dev/null
}
look() { # sets left, in seconds; an empty deadline is being written right now
deadline=
{ read -r deadline <"$R/deadline"; } 2>/dev/null || { sleep 1; { read -r deadline <"$R/deadline"; } 2>/dev/null; }
now
left=$((\${deadline:-0} - now))
}
watch() {
echo $$ >"$R/watcher"
while is_pending; do
look
if [ $left -gt 0 ]; then sleep $left; continue; fi
lock 15 || { end_stage; lock 15; }
is_pending || exit 0
look
if [ $left -gt 0 ]; then exec 9<&-; continue; fi
undo
exit 0
done
if [ -e "$T/confirmed" ]; then lock 15; finish; fi
}
main() {
case $1 in
watch) watch; return ;;
esac
lock 30 || exit 1
case $1 in
undo) is_pending || exit ${GONE}; undo ;;
confirm) is_wanted || exit ${GONE}; is_running || exit 1; mv "$T/id" "$T/confirmed" && finish ;;
finish) finish ;;
forget) is_pending || exit ${GONE}; clean ;;
*) echo "undo, confirm, forget or watch" >&2; exit 64 ;;
esac
}`;
}
