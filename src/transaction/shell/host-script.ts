/**
 * The script that a host keeps during a run: the timer that rolls the run back unless it is confirmed, and the undo
 * itself. It needs a POSIX shell, flock(1) and a Linux /proc, but no connection to lvsctl. Pure.
 */

import { ledgerPath } from "../../ledger/ledger.ts";
import { SCRIPT_FILE, scriptRemark } from "../../ledger/pending.ts";
import {
  AGAIN,
  DAMAGED_FOLDER,
  LAST_STEPS,
  RUNTIME_FOLDER,
  restorePath,
  STATE_ROOT,
  stateFolder,
  TRANSACTION_FOLDER,
  UP,
} from "../../resources/state-folder.ts";
import {
  LAST_LINE,
  LOCK_FILE,
  lockFunction,
  nowFunction,
  saveFunction,
  unlessRoots,
  wholeFunction,
  wholeScript,
} from "../../shell/host-script-parts.ts";
import { raw, type ShellCommand, sh } from "../../shell/quote.ts";
import type { NumberedStep } from "../host-steps.ts";
import type { Ending } from "../run-host.ts";

/** What the script is written from. */
export interface HostScript {
  /** Letters and digits. */
  readonly id: string;
  readonly topology: string;
  /** Every step of the run on this host, in order. */
  readonly steps: readonly NumberedStep[];
}

/** Exit status of the script when its run is no longer pending. */
export const GONE = 75;

/** What a script says that waited for the lock in vain. */
export const AT_WORK = `something has held the lock of lvsctl on this host for half a minute: fuser -v ${LOCK_FILE} shows what`;

/** Exit status of an undo that could not restore everything. */
export const NOT_UNDONE = 76;

/**
 * `restore_again`, for whoever ends a run, does what services have asked for meanwhile. It waits for nothing: what it starts needs
 * the lock first.
 */
export const restoreAgain: ShellCommand = sh`restore_again() {
for mark in "$R"/*${AGAIN}; do
[ -e "$mark" ] || continue
rm -f "$mark"
name=\${mark##*/}
name=\${name%${AGAIN}}
script=${STATE_ROOT}/$name/restore.sh
if [ -d /run/systemd/system ]; then
systemctl --no-block reload-or-restart "lvsctl-$name.service" </dev/null >/dev/null 2>&1 9<&-
elif is_whole "$script" ${LAST_LINE}; then
setsid sh -c '[ ! -e /run/openrc/softlevel ] || rc-service -q --ifnotstarted "lvsctl-$1" start; sh "$0" 2>&1 | if [ -S /dev/log ]; then logger -t lvsctl; else cat; fi' "$script" "$name" </dev/null >/dev/null 2>&1 9<&- &
fi
done
}`;

/** The unit of systemd that runs the timer of the run with this `id`. */
export function undoUnit(id: string): string {
  return `lvsctl-undo-${id}`;
}

/** `forget_unit`: systemd remembers a unit that has failed until somebody asks it to forget it. */
export function forgetUnit(id: string): ShellCommand {
  return sh`forget_unit() { [ ! -d /run/systemd/system ] || systemctl reset-failed ${`${undoUnit(id)}.service`} </dev/null >/dev/null 2>&1; }`;
}

/** Files of RUNTIME_FOLDER in which a text is overwritten in place. */
const NOTES = ["deadline", "stage", "watcher"];

/** Shell functions for everything that works on the pending run with this `id`. */
export function pendingFunctions(id: string): ShellCommand {
  return sh`T=${TRANSACTION_FOLDER}
R=${RUNTIME_FOLDER}
${raw(nowFunction)}
${raw(lockFunction)}
${raw(saveFunction)}
${raw(wholeFunction)}
is_pending() { # an id that was truncated is in the other files, too
[ -e "$T/id" ] || return
found=
{ read -r found <"$T/id"; } 2>/dev/null
[ "$found" != ${id} ] || return 0
[ \${#found} -lt ${id.length} ] && grep -qs ${id} "$T/transaction.json" "$T/transaction.sh"
}
release() { # a run that there is needs the file
[ -e "$T/id" ] || [ -e "$T/confirmed" ] || unlock
}
is_wanted() { [ -e "$R/wanted" ]; } # no rollback has begun
is_running() { [ -e "$R/progress" ] || { echo 'the host has been restarted in the middle of the run' >&2; return 1; }; }
put() { printf '%-31s\\n' "$2" 1<>"$R/$1"; } # overwrites a note in place, which needs no space
note_progress() {
put "progress/$1" "$2" 2>/dev/null ||
{ echo "how far the run has come cannot be written to $R/progress" >&2; return 1; }
}
status_of() { # number of a step
status=restarted
[ -e "$R/progress" ] || return 0
status=
{ read -r status <"$R/progress/$1"; } 2>/dev/null
[ -n "$status" ] || status=unknown
}
turn() { # from to numbers: moves those of these steps that are in one state to another
from=$1 to=$2
shift 2
for number in "$@"; do
status_of "$number"
[ "$status" != "$from" ] || note_progress "$number" "$to" || return
done
}
process() { # number: sets since, when that process began, and its group
since= group=
{ read -r stat <"/proc/$1/stat"; } 2>/dev/null || return
set -- \${stat##*) }
group=$3 since=\${20}
}`;
}

/** Shell text that makes the notes of a run, with all the space that they will ever need. `steps`: how many there are. */
export function makeNotes(steps: number): ShellCommand {
  const notes = NOTES.map((name) => sh`put ${name} ''`).join("\n") as ShellCommand;
  return sh`for note in "$R"/*; do
case $note in *${AGAIN}) continue ;; esac # Nobody has done that yet.
[ ! -e "$note" ] || rm -rf "$note"
done
${raw(notes)}
mkdir "$R/progress"
step=0
while [ $step -lt ${steps} ]; do
note_progress $step waiting
step=$((step + 1))
done
: >"$R/wanted"
printf '%4096s\\n' '' >"$N/room"`;
}

/**
 * The script's text. Its folder `progress` has a file for each step, named by its number: `waiting`, `begun`, `done`, `undoing`,
 * `undone` or `left`, if lvsctl has found something left of it that it could not undo. The undo of a step that is `done` or
 * `left` must succeed. Any other may fail, because nobody knows how far the step came.
 */
export function formatHostScript({ id, topology, steps }: HostScript): ShellCommand {
  const functions = steps.flatMap(({ number, undo }) =>
    undo.map((step, index) => sh`u${raw(`${number}_${index}` as ShellCommand)}() (\nset -e\n${raw(step.script)}\n)`),
  );
  const calls = [...steps].reverse().flatMap(({ number, step, undo, outlivesRestart }) => {
    const names = undo.map((_, index) => `u${number}_${index}`).join(" ") as ShellCommand;
    const what = step.makes.map(({ kind, key }) => `${kind} ${key}`).join(", ");
    return names === "" ? [] : [sh`back ${number} ${outlivesRestart ? "lasting" : "passing"} ${what} ${raw(names)}`];
  });
  return wholeScript(
    [scriptRemark(id)],
    [
      "export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      "umask 022",
      pendingFunctions(id),
      ...functions,
      sh`undo_all() {\n${raw((calls.length > 0 ? calls.join("\n") : ":") as ShellCommand)}\n}`,
      common(id, topology),
      sh`[ "\${2-${raw(id as ShellCommand)}}" = ${id} ] || exit ${GONE} # It was meant for another run.`,
      'main "$@"',
    ],
  );
}

/**
 * The script that ends a run in one of these ways. The host's own script does it. If that is damaged, the run can still be
 * ended, but not rolled back; with `discard`, what is left of its files is kept beside them.
 */
export function formatEnding(id: string, topology: string, how: Ending): ShellCommand {
  return sh`${raw(pendingFunctions(id))}
${raw(unlessRoots(sh`${STATE_ROOT} "$T" "$T"/*`, sh`exit 1`))} >&2
if is_whole ${SCRIPT_FILE} ${LAST_LINE}; then exec sh ${SCRIPT_FILE} ${how} ${id}; fi
[ -e "$T/id" ] || [ -e "$T/confirmed" ] || exit ${GONE}
undo_all() { echo ${`${SCRIPT_FILE} is damaged: it cannot roll the run back`} >&2; failed=1; }
${raw(common(id, topology))}
main ${how}
`;
}

function common(id: string, topology: string): ShellCommand {
  return sh`tell() { logger -t lvsctl "$1" 2>/dev/null; }
${raw(restoreAgain)}
${raw(forgetUnit(id))}
back() { # number of the step, passing or lasting, what it makes, functions that undo it
number=$1 lasts=$2 what=$3
shift 3
status_of "$number"
case $status in
waiting|undone) return 0 ;;
restarted) [ "$lasts" = lasting ] || return 0 ;;
esac
for part in "$@"; do
output=$("$part" 2>&1 9<&- </dev/null)
s=$?
[ $s != 0 ] || continue
if [ "$status" = done ] || [ "$status" = left ]; then failed=1 log="$log$output
"
else
doubt=${`the run on ${topology}: `}"it is not known whether this was made ($status), and undoing it failed: $what: $output"
echo "$doubt" >&2
tell "$doubt"
fi
done
[ "$status" = restarted ] || note_progress "$number" undone # If that fails, a second undo may say that it failed here.
}
undo() {
[ ! -e "$R/wanted" ] || rm -f "$R/wanted" || exit 1
log= failed=0
undo_all
if [ $failed = 0 ]; then
tell ${`the run on ${topology} was not confirmed and has been rolled back`}
clean
else
tell ${`the run on ${topology} was not confirmed; not all of it could be rolled back`}
echo "$log" >&2
printf '%-4000.4000s\\n' "$log" 1<>"$T/room" && mv -f "$T/room" "$T/failed" || echo "$log" >"$T/failed"
exit ${NOT_UNDONE}
fi
}
clean() {
end_watcher && [ ! -e "$T/failed" ] || forget_unit
rm -f "$T/id" "$T/confirmed" || return # from here on, no run is pending
restore_again
rm -rf "$R"/*${UP} "$R/watcher" "$R/progress" "$R/deadline" "$R/stage" "$R/wanted" "$T/failed" "$T/room" "$T/boot" "$T/transaction.json" "$T/ledger.next" "$T/ledger.gone" "$T/restore.next" "$T/restore.gone" "$T/transaction.sh" ${LAST_STEPS} || return
[ ! -d "$R" ] || rmdir "$R" 2>/dev/null || { sleep 1; rm -f "$R/deadline"; rmdir "$R" 2>/dev/null; } # a renewal was late
rmdir "$T" ${stateFolder(topology)} ${STATE_ROOT} 2>/dev/null
unlock
}
is_process() { # a note of a process, its number and when it began: sets group if it is still that one
number= began=
{ read -r number began <"$R/$1"; } 2>/dev/null
[ -n "$began" ] && process "$number" && [ "$since" = "$began" ]
}
end_watcher() { # fails if something else has ended it: systemd then remembers its unit as failed
[ -e "$R/watcher" ] || return 0
is_process watcher || return
[ "$number" = $$ ] || kill -TERM "-$group" 2>/dev/null || :
}
end_stage() { # kills a stage's script that holds the lock and does not end
! is_process stage || kill -KILL "-$group" 2>/dev/null
}
await_lock() { # nobody else ends the run meanwhile: what has the lock for ten more minutes hangs
lock 15 && return
end_stage
lock 600
}
into() { # moves "$1.next" to "$2", or removes "$2" if "$1.gone" is there
[ ! -e "$1.gone" ] || [ ! -e "$2" ] || rm -f "$2" || return
[ ! -e "$1.next" ] || mv -f "$1.next" "$2"
}
is_ready() { # what the commit will put in place is all there
[ ! -e "$T/ledger.next" ] || is_whole "$T/ledger.next" } || { echo "$T/ledger.next is damaged" >&2; return 1; }
[ ! -e "$T/restore.next" ] || is_whole "$T/restore.next" ${LAST_LINE} || { echo "$T/restore.next is damaged" >&2; return 1; }
}
finish() { # after the commit: moves the prepared files into place, and does the last steps
umask 077
[ -d ${stateFolder(topology)} ] || mkdir -p ${stateFolder(topology)} || exit 1
into "$T/ledger" ${ledgerPath(topology)} && into "$T/restore" ${restorePath(topology)} || exit 1
save ${stateFolder(topology)} ${STATE_ROOT} || exit 1
[ ! -e ${LAST_STEPS} ] || sh -e ${LAST_STEPS} 9<&- </dev/null || exit 1
clean
}
discard() { # keeps what is left of a run that cannot be rolled back
rm -rf ${DAMAGED_FOLDER}
mv "$T" ${DAMAGED_FOLDER} || exit 1
clean
}
look() { # sets left, in seconds
deadline=
{ read -r deadline <"$R/deadline"; } 2>/dev/null
case $deadline in ''|*[!0-9]*) deadline=0 ;; esac
now
left=$((deadline - now))
}
leave_login() { # what a login has started may be killed when it ends, so move to where that does not happen
for place in '' /systemd /unified; do
grep -q 'session-[^/]*[.]scope' /proc/self/cgroup 2>/dev/null || return 0
[ ! -e "/sys/fs/cgroup$place/cgroup.procs" ] || echo $$ >"/sys/fs/cgroup$place/cgroup.procs"
done 2>/dev/null
! grep -q 'session-[^/]*[.]scope' /proc/self/cgroup
}
watch() {
leave_login && process $$ && put watcher "$$ $since" || exit 1
while is_pending; do
look
if [ $left -gt 0 ]; then sleep $left; continue; fi
await_lock
is_pending || { release; exit 0; }
look
if [ $left -gt 0 ]; then exec 9<&-; continue; fi
undo
exit
done
[ -e "$T/confirmed" ] || exit 0
await_lock
if [ -e "$T/confirmed" ]; then finish; else release; fi
}
main() {
case $1 in
watch) watch; return ;;
esac
lock 30 || { [ $? = 2 ] || echo ${AT_WORK} >&2; exit 1; }
case $1 in
undo) is_pending || { release; exit ${GONE}; }; undo ;;
confirm)
is_pending || { release; exit ${GONE}; }
is_running || exit 1
is_wanted || exit ${GONE}
is_ready || exit 1
mv "$T/id" "$T/confirmed" && save "$T" && finish
;;
finish) [ -e "$T/confirmed" ] || { release; exit ${GONE}; }; finish ;;
forget) is_pending || { release; exit ${GONE}; }; clean ;;
discard) discard ;;
*) echo "undo, confirm, finish, forget, discard or watch" >&2; exit 64 ;;
esac
}`;
}
