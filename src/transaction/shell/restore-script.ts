/**
 * The script that restores a host's confirmed state at boot. Every run writes it; the run's confirmation puts it in place.
 * Pure.
 */
import { createHash } from "node:crypto";
import { askedFunctions } from "../../resources/boot/asks.ts";
import { isMarked, UNDER_WAY } from "../../resources/boot/under-way.ts";
import { type BootPlace, reliesOn } from "../../resources/boot-order.ts";
import type { BootStep, HostContext } from "../../resources/resource.ts";
import { againMark, restorePath } from "../../resources/state-folder.ts";
import { lockFunction, nowFunction, wholeScript } from "../../shell/host-script-parts.ts";
import { raw, type ShellCommand, sh } from "../../shell/quote.ts";

/** How long failed steps are retried, counted from the script's start: interfaces may come up late. */
const PATIENCE_SECONDS = 60;

/**
 * The script's text. Called with `asked` it brings back what was asked for (boot/asks.ts), otherwise everything. It tries every step
 * but those that rely on one that has failed for good, prints the result of each, and exits non-zero if any has failed.
 */
export function formatRestoreScript(steps: readonly BootStep[], { topology, host }: HostContext): ShellCommand {
  const functions = steps.flatMap(({ script, later }, index) => [
    sh`s${index}() (\nset -e\n${raw(later?.script ? either(script, later.script) : script)}\n)`,
    ...(later ? [sh`w${index}() { asks all || { ${raw(later.when)}; }; }`] : []),
  ]);
  const calls = steps.map(({ what, place, later }, index) => {
    const needs = (place && reliesOn[place]?.map(slug)) ?? [];
    const call = sh`try s${index} ${place ? slug(place) : ""} ${needs.join(" ")} ${what}`;
    const { address } = later?.ofNetwork ?? {};
    if (address !== undefined)
      return sh`! w${index} || { ${raw(call)}; w${index} || put="$put ${raw(address as ShellCommand)}"; }`;
    return sh`! ${raw((later ? `w${index}` : "asks all") as ShellCommand)} || ${raw(call)}`;
  });
  const missing = steps.flatMap(({ later }, index) => (later?.ofNetwork ? [`w${index}`] : []));
  return wholeScript(
    [sh`# lvsctl: brings back what topology ${topology} has on ${host}. Each confirmed run rewrites it.`],
    [
      "export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      "umask 022",
      frame(topology, checksum([...functions, ...calls].join("\n"))),
      ...functions,
      restoreFunction(missing, calls),
      'if [ "$how" = asked ]; then while collect; do restore; done; else collect; asked=all; restore; fi',
      "unlock",
      '[ "$failed" = 0 ]',
    ],
  );
}

function either(atBoot: ShellCommand, later: ShellCommand): ShellCommand {
  return sh`if asks all; then\n${raw(atBoot)}\nelse\n${raw(later)}\nfi`;
}

/** Each time, all steps get their patience again. */
function restoreFunction(missing: readonly string[], calls: readonly ShellCommand[]): ShellCommand {
  return sh`restore() {
now
end=$((now + ${PATIENCE_SECONDS})) broken= put= lacks=
asks all || ! { ${raw([...missing, "false"].join(" || ") as ShellCommand)}; } || lacks=yes
${raw(calls.join("\n") as ShellCommand)}
}`;
}

function slug(place: BootPlace): string {
  return place.replaceAll(" ", "_");
}

/**
 * Restores nothing while a run is in progress: how that run ends decides the host's state. A run may also have ended while the
 * script waited for the lock; then it is replaced by the one that the run has left. The lock is free whenever the script sleeps.
 * It is not waited for without end: what a host has at boot does not depend on a program that hangs. `state`: letters and digits, others for other steps.
 */
function frame(topology: string, state: string): ShellCommand {
  const path = restorePath(topology);
  const mark = againMark(topology);
  return sh`say() { printf 'lvsctl %s: %s\\n' ${topology} "$1"; }
${raw(nowFunction)}
${raw(lockFunction)}
${raw(askedFunctions(topology))}
state=${state}
how=\${1-} asked=
[ "$how" = asked ] || asked=all
enter() { # takes the lock, and goes on only if this is still to be brought back, and now
! can_lock || lock 60 || if [ $? = 2 ]; then say 'the lock cannot be made: it is done without'; else say 'the lock has not been free for a minute: it is not waited for any longer'; fi
if ${raw(UNDER_WAY)}; then
if ${raw(isMarked(mark))}; then ask_again; say 'a run is under way: the rest is done when it has ended'; exit 0; fi
rm -f ${mark}
fi
grep -qsxF "state=$state" ${path} && return
[ -e ${path} ] || { say 'there is nothing to bring back any more'; unlock; exit 0; }
ask_again
exec /bin/sh ${path} $how
}
enter
failed=0
try() { # function, its place, the places that it relies on, what it brings back
for need in $3; do
case " $broken " in *" $need "*)
say "NOT DONE: $4: it relies on $(echo "$need" | tr _ ' '), of which some have failed"
failed=1 broken="$broken $2"
return ;;
esac
done
while :; do
output=$("$1" 2>&1 </dev/null 9<&-)
status=$?
if [ $status = 0 ]; then say "$4"; return; fi
now
[ $now -lt $end ] || break
exec 9<&-
sleep 1
enter
done
say "FAILED ($status): $4: $output"
failed=1 broken="$broken $2"
}`;
}

function checksum(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
