/** What the running boot manager is told when a topology's boot unit is created or removed. Shell text. */
import { posix } from "node:path";
import { nowFunction } from "../../shell/host-script-parts.ts";
import { raw, type ShellCommand, sh } from "../../shell/quote.ts";
import { startedMark } from "../state-folder.ts";
import { type BootManager, unitFiles } from "./boot-manager.ts";
import { IN_RUN, leaveWord } from "./in-run.ts";
import { watchUnits } from "./restore-hooks.ts";

/** Systemd is waited for at most this long: the start of a service waits for the network, and a run has the lock meanwhile. */
const PATIENCE_SECONDS = 15;

/**
 * What the running boot manager is told: the service counts as started, as it does after a restart of the host. It is not
 * stopped while it starts, because it may be what runs these very lines. A start without a mark, or one that comes later, finds the
 * run and leaves word, and so all is restored at its end. `isUp`: what it would restore is there without that.
 */
export function control(
  manager: Exclude<BootManager, "rc.local">,
  topology: string,
  hooked: readonly string[],
  isUp: boolean,
): Readonly<Record<"reload" | "start" | "stop", ShellCommand>> {
  const name = posix.basename(unitFiles(manager, topology).path);
  const mark = startedMark(topology);
  const inRun = (told: ShellCommand, isStarting: ShellCommand) => {
    const start = isUp ? sh`true >${mark} && { ${raw(told)} || :; rm -f ${mark}; }` : sh`${raw(told)} || :`;
    return sh` && if ${raw(IN_RUN)}; then ${raw(start)}; else ${raw(isStarting)} || ${raw(leaveWord(topology))}; fi`;
  };
  if (manager === "systemd") {
    const isActivating = sh`[ "$(systemctl is-active ${name})" = activating ]`;
    const watches = [...watchUnits(topology, hooked)];
    const begin = watches.map(
      ([service, unit]) => sh` && { ! systemctl -q is-active ${service} || systemctl --no-block start ${unit} || :; }`,
    );
    return {
      reload: sh` && { systemctl daemon-reload || :; }`,
      start: joined(
        inRun(
          sh`systemctl --no-block start ${name} && ${raw(awaited(sh`systemctl -q is-active ${name}`))}`,
          isActivating,
        ),
        ...begin,
      ),
      stop: joined(sh`${raw(isActivating)} || ${raw(stopped(name))}`, ...watches.map(([, unit]) => stopped(unit))),
    };
  }
  const isNotInit = sh`[ ! -e /run/openrc/softlevel ]`;
  return {
    reload: sh``,
    start: inRun(sh`${raw(isNotInit)} || rc-service -q ${name} start`, sh`[ "\${RC_SVCNAME-}" = ${name} ]`),
    stop: sh`${raw(isNotInit)} || rc-service -q --ifstarted ${name} stop || :; `,
  };
}

/** Also cancels a start that is still waiting, and what systemd remembers of one that has failed. */
function stopped(unit: string): ShellCommand {
  const isStopped = sh`! systemctl -q is-active ${unit}`;
  return sh`{ systemctl --no-block stop ${unit} 2>/dev/null && ${raw(awaited(isStopped))} || :; systemctl reset-failed ${unit} 2>/dev/null || :; }; `;
}

function awaited(condition: ShellCommand): ShellCommand {
  return sh`{ ${raw(nowFunction)}; now; end=$((now + ${PATIENCE_SECONDS})); until ${raw(condition)} || [ $now -ge $end ]; do sleep 0.2 2>/dev/null || sleep 1; now; done; }`;
}

function joined(...parts: readonly ShellCommand[]): ShellCommand {
  return parts.join("") as ShellCommand;
}
