/** Shell functions that several scripts on a host need. Pure. */
import { type ShellCommand, sh } from "./quote.ts";

/** `now` sets now: the host's uptime in seconds. It never jumps, and goes on while the host sleeps. */
export const nowFunction: ShellCommand = sh`now() { read -r up rest </proc/uptime; now=\${up%%.*}; }`;

/** Whoever has this file locked is the one program of lvsctl that works on a host. Only root can open it. */
export const LOCK_FILE = "/run/lvsctl.lock";

/**
 * `lock SECONDS` takes that lock, or fails after that time; with 2 at once if the file cannot be made. The kernel frees it when the program ends, however that happens. It
 * tries again and again, because BusyBox's flock cannot wait. A lock on a file that somebody has removed meanwhile is none: others
 * lock the next one. `unlock` removes the file. It stays during a run, so that the run's end needs no space for it.
 */
export const lockFunction: ShellCommand = sh`locked=
lock() {
locked=
now
patience=$((now + $1))
while open_lock || return 2; do
if flock -n 9 2>/dev/null && [ /proc/self/fd/9 -ef ${LOCK_FILE} ]; then locked=yes; return; fi
now
[ $now -lt $patience ] || return
sleep 0.2 2>/dev/null || sleep 1
done
}
open_lock() { # where that fails, exec would end the shell
mask=$(umask)
umask 077
if true >>${LOCK_FILE}; then exec 9>>${LOCK_FILE}; else false; fi
set -- $?
umask "$mask"
return "$1"
}
unlock() {
[ -z "$locked" ] || rm -f ${LOCK_FILE}
exec 9<&-
}
can_lock() { command -v flock >/dev/null; }`;

/**
 * `holders` prints the processes that have that lock: the kernel shows it among what they have open, since Linux 4.1. Whoever
 * waits for it has the file open, too, but not the lock.
 */
export const holdersFunction: ShellCommand = sh`holders() {
for note in $(grep -rls FLOCK /proc/[0-9]*/fdinfo); do
process=\${note%/fdinfo/*}
[ "$(readlink "$process/fd/\${note##*/}")" = ${LOCK_FILE} ] || continue
command=$(tr -s '\\000-\\040' ' ' <"$process/cmdline" | cut -c 1-200)
echo "\${command% } (process \${process#/proc/})"
done 2>/dev/null | head -n 3
}`;

/**
 * `save FILE…` returns when these files and folders are on the disk, or fails. An old sync knows no names and saves all.
 * Source: fsync(2): a new or renamed file also needs its folder saved.
 */
export const saveFunction: ShellCommand = sh`save() { sync "$@"; }`;

/**
 * A loop over these paths, which are shell text; it does `then` at the first that is there and that somebody else than root
 * owns, or can change, and names it. What goes away meanwhile is none. A link is as good as what it leads to if it is root's. One line, without a quotation mark.
 */
export function unlessRoots(paths: ShellCommand, then: ShellCommand): ShellCommand {
  const name = 'echo "$p: others than root own it or can change it"';
  return `for p in ${paths}; do [ ! -e "$p" ] || ${isRoots("p")} || [ ! -e "$p" ] || { ${name}; ${then}; }; done` as ShellCommand;
}

/** `is_roots PATH`: whether root owns it, and nobody else can change it or what is in the folder. */
export const rootsFunction: ShellCommand = `is_roots() { ${isRoots("1")}; }` as ShellCommand;

function isRoots(name: string): string {
  const theirs = "0:0:*[2367]|0:0:*[2367]?";
  return `case $(stat -c %u "$${name}"):$(stat -L -c %u:%a "$${name}") in ${theirs}) false;; 0:0:*);; *) false;; esac`;
}

/** The last line of every script that is kept on a host: whatever comes before it is whole. */
export const LAST_LINE = "# This is the last line of lvsctl's script.";

/** `is_whole FILE LINE`: whether the file ends with this line. */
export const wholeFunction: ShellCommand = sh`is_whole() { [ "$(tail -n 1 "$1" 2>/dev/null)" = "$2" ]; }`;

/**
 * A script's text from its lines. Nothing in it runs unless all of it is there: a shell first reads up to the closing brace.
 */
export function wholeScript(remark: readonly string[], lines: readonly string[]): ShellCommand {
  return ["#!/bin/sh", ...remark, "{", ...lines, "exit", "}", LAST_LINE, ""].join("\n") as ShellCommand;
}
