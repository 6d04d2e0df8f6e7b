/** Boot managers, and the files that make them restore a topology. */
import { LAST_LINE, unlessRoots } from "../../shell/host-script-parts.ts";
import { sh } from "../../shell/quote.ts";
import { againMark, restorePath, STATE_ROOT, startedMark, stateFolder, TRANSACTION_FOLDER } from "../state-folder.ts";
import { markAsked } from "./asks.ts";
import { RULE_SERVICES } from "./restore-hooks.ts";
import { isMarked, UNDER_WAY } from "./under-way.ts";

/** What starts services at boot. */
export type BootManager = "systemd" | "openrc" | "rc.local";

/** A unit file, and the link that enables it. */
export interface UnitFiles {
  readonly path: string;
  readonly text: string;
  readonly mode: string;
  readonly link: string;
}

/** Exists if systemd is the running init. Source: sd_booted(3). */
export const SYSTEMD_RUNS = "/run/systemd/system";

/** One of these exists if the host boots with OpenRC. */
export const OPENRC_PROGRAMS = ["/sbin/openrc-run", "/usr/sbin/openrc-run"] as const;
/** Red Hat's comes first, because there /etc/rc.local is a link to it. */
export const RC_LOCALS = ["/etc/rc.d/rc.local", "/etc/rc.local"] as const;

/** Our unit runs after everything that loads saved rules and parameters. */
const AFTER = [
  "network-online.target systemd-modules-load.service systemd-sysctl.service",
  ...RULE_SERVICES.map((name) => `${name}.service`),
].join(" ");

/**
 * The shell line that runs at boot and when somebody starts the service later (`start`), or when something may have been deleted
 * (`reload`). It finishes a run that was confirmed just before the reboot, or, unless it is a reload, rolls back what an
 * unconfirmed one left on disk; then it restores the confirmed state, by a script that it believes only if it is whole. It runs
 * nothing that others than root could have written. While a run is under way, restoring has to wait: the script is of the state
 * before it, and the run may start the service itself. A mark then makes the end of the run do it. A reload only brings back what
 * was asked for (asks.ts). `isAsking`: a start asks for everything, so that the reload at a run's end knows; with systemd. It
 * stands in single quotes, and so it has none.
 */
export function bootCommand(topology: string, job: "start" | "reload", isAsking = false): string {
  const run = TRANSACTION_FOLDER;
  const end = `/bin/sh ${run}/transaction.sh`;
  const mark = againMark(topology);
  const later = `if ${isMarked(mark)}; then echo "a run is under way"; exit 0; fi; rm -f ${mark}`;
  const restore = restorePath(topology);
  const isWhole = `grep -q "^${LAST_LINE.split("'", 1)[0]}" ${restore}`; // It stands in single quotes.
  return [
    ...(job === "start" ? [`if [ -e ${startedMark(topology)} ]; then exit 0; fi`] : []),
    unlessRoots(sh`${STATE_ROOT} ${stateFolder(topology)} ${restore} ${run} ${run}/*`, sh`exit 1`),
    ...(job === "start" && isAsking ? [markAsked(topology, "all")] : []),
    `if [ -e ${run}/confirmed ]; then ${end} finish; elif ${UNDER_WAY}; then ${later};${job === "start" ? ` elif [ -e ${run}/id ]; then ${end} undo;` : ""} fi`,
    `if [ -e ${restore} ]; then ${isWhole} && exec /bin/sh ${restore}${job === "reload" ? " asked" : ""}; echo "${restore} is damaged: lvsctl apply writes it again"; exit 1; fi`,
  ].join("; ");
}

/**
 * The unit for systemd. A step that failed at boot shows in the log, and what is missing in a plan; if the service did not count as
 * started, nothing would bring back what others delete. Source: systemd.unit(5), systemd.service(5).
 */
export function systemdUnit(topology: string): UnitFiles {
  const name = `lvsctl-${topology}.service`;
  // systemd would expand `$` and `%`.
  const command = (job: "start" | "reload", isAsking = false) =>
    bootCommand(topology, job, isAsking).replaceAll(/[$%]/g, "$&$&");
  const text = `# Made by lvsctl for topology ${topology}; lvsctl destroy removes it.
[Unit]
Description=Addresses, rules and services of topology ${topology} (lvsctl)
Wants=network-online.target
After=${AFTER}
StartLimitIntervalSec=0

[Service]
Type=oneshot
RemainAfterExit=yes
KillMode=process
TimeoutStartSec=300
SuccessExitStatus=1
ExecStart=/bin/sh -c '${command("start", true)}'
ExecReload=/bin/sh -c '${command("reload")}'

[Install]
WantedBy=multi-user.target
`;
  return {
    path: `/etc/systemd/system/${name}`,
    text,
    mode: "0644",
    link: `/etc/systemd/system/multi-user.target.wants/${name}`,
  };
}

/** The service for OpenRC; `localmount` is called `mountall` on Debian, so that it needs neither. Source: openrc-run(8). */
export function openrcScript(topology: string): UnitFiles {
  const name = `lvsctl-${topology}`;
  const text = `#!/sbin/openrc-run
# Made by lvsctl for topology ${topology}; lvsctl destroy removes it.
description="Addresses, rules and services of topology ${topology} (lvsctl)"

depend() {
  after localmount mountall net modules sysctl firewall iptables ip6tables nftables ipvsadm
}

start() {
  ebegin "Bringing back topology ${topology}"
  /bin/sh -c '${bootCommand(topology, "start")}'
  eend $?
}
`;
  return {
    path: `/etc/init.d/${name}`,
    text,
    mode: "0755",
    link: `/etc/runlevels/default/${name}`,
  };
}

/** The unit for systemd or OpenRC. */
export function unitFiles(manager: Exclude<BootManager, "rc.local">, topology: string): UnitFiles {
  return manager === "systemd" ? systemdUnit(topology) : openrcScript(topology);
}

/** Our lines in rc.local; the first and the last are markers. */
export function rcLocalBlock(topology: string): readonly string[] {
  return [
    beginLine(topology),
    `/bin/sh -c '${bootCommand(topology, "start")}' 2>&1 | if [ -S /dev/log ]; then logger -t lvsctl; else cat; fi`,
    endLine(topology),
  ];
}

/** The first of our lines, without the remark for `removeScript`. */
export function beginLine(topology: string): string {
  return `# lvsctl ${topology}: begin`;
}

/** The last of our lines. */
export function endLine(topology: string): string {
  return `# lvsctl ${topology}: end`;
}
