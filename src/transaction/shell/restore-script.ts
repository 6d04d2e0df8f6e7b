/**
 * The script that brings a host's confirmed state back when it starts. It is written with every run and takes effect with
 * its confirmation. Pure.
 */
import type { BootStep, HostContext } from "../../resources/resource.ts";
import { stateFolder, TRANSACTION_FOLDER } from "../../resources/state-folder.ts";
import { raw, type ShellCommand, sh } from "../../shell/quote.ts";

/** How long steps that fail are tried again, counted from the script's start: interfaces may come late. */
const PATIENCE_SECONDS = 60;

/** Where a topology's restore script is on a host. */
export function restorePath(topology: string): string {
  return `${stateFolder(topology)}/restore.sh`;
}

/** The script's text. It tries every step, says how each went, and exits non-zero when one has failed for good. */
export function formatRestoreScript(steps: readonly BootStep[], { topology, host }: HostContext): ShellCommand {
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
