/** What starts programs at boot on a host, and what of ours is written for it. */
import { posix } from "node:path";
import { stateFolder, TRANSACTION_FOLDER } from "../state-folder.ts";

export type BootManager = "systemd" | "openrc" | "rc.local";

/** Files of a unit; `link` makes the manager start it. */
export interface UnitFiles {
  readonly path: string;
  readonly text: string;
  readonly mode: string;
  readonly link: string;
  /** As it is written in the link. */
  readonly target: string;
}

export const SYSTEMD_RUNS = "/run/systemd/system";
export const OPENRC_PROGRAMS = ["/sbin/openrc-run", "/usr/sbin/openrc-run"] as const;
/** Red Hat's first; there /etc/rc.local is a link to it. */
export const RC_LOCALS = ["/etc/rc.d/rc.local", "/etc/rc.local"] as const;

/** What loads saved rules and parameters, and starts by throwing away what is there: we come after it. */
const AFTER = [
  ...["network-online.target", "systemd-modules-load.service", "systemd-sysctl.service", "nftables.service"],
  ...[
    "iptables.service",
    "ip6tables.service",
    "netfilter-persistent.service",
    "arptables.service",
    "firewalld.service",
  ],
  ...["ufw.service", "ipvsadm.service"],
];

/**
 * One line for sh that runs at boot. A run that was confirmed in the last moment is finished, and one that was not is
 * taken back as far as it is on disk; then the confirmed state comes back. It holds no character that means anything to
 * systemd: no `$` and no `%`.
 */
export function bootCommand(topology: string): string {
  const run = TRANSACTION_FOLDER;
  const end = `/bin/sh ${run}/transaction.sh`;
  const isThisBoot = `grep -qxFf /proc/sys/kernel/random/boot_id ${run}/boot`;
  const restore = `${stateFolder(topology)}/restore.sh`;
  return [
    `if [ -e ${run}/confirmed ]; then ${end} finish; elif [ -e ${run}/id ] && ! ${isThisBoot}; then ${end} undo; fi`,
    `if [ -e ${restore} ]; then exec /bin/sh ${restore}; fi`,
  ].join("; ");
}

/** Source: systemd.unit(5), systemd.service(5). */
export function systemdUnit(topology: string): UnitFiles {
  const name = `lvsctl-${topology}.service`;
  const text = `# Made by lvsctl for topology ${topology}; lvsctl destroy removes it.
[Unit]
Description=Addresses, rules and services of topology ${topology} (lvsctl)
Wants=network-online.target
After=${AFTER.join(" ")}

[Service]
Type=oneshot
RemainAfterExit=yes
TimeoutStartSec=300
ExecStart=/bin/sh -c '${bootCommand(topology)}'

[Install]
WantedBy=multi-user.target
`;
  return {
    path: `/etc/systemd/system/${name}`,
    text,
    mode: "0644",
    link: `/etc/systemd/system/multi-user.target.wants/${name}`,
    target: `/etc/systemd/system/${name}`,
  };
}

/** Source: openrc-run(8). */
export function openrcScript(topology: string): UnitFiles {
  const name = `lvsctl-${topology}`;
  const text = `#!/sbin/openrc-run
# Made by lvsctl for topology ${topology}; lvsctl destroy removes it.
description="Addresses, rules and services of topology ${topology} (lvsctl)"

depend() {
  need localmount
  after net modules sysctl firewall iptables ip6tables nftables ipvsadm
}

start() {
  ebegin "Bringing back topology ${topology}"
  /bin/sh -c '${bootCommand(topology)}'
  eend $?
}
`;
  return {
    path: `/etc/init.d/${name}`,
    text,
    mode: "0755",
    link: `/etc/runlevels/default/${name}`,
    target: `/etc/init.d/${name}`,
  };
}

export function unitFiles(manager: Exclude<BootManager, "rc.local">, topology: string): UnitFiles {
  return manager === "systemd" ? systemdUnit(topology) : openrcScript(topology);
}

/** What of it lies in folders that need not be there yet. */
export function linkFolder({ link }: UnitFiles): string {
  return posix.dirname(link);
}

/** The lines in rc.local, the first and the last of which tell them from what else is there. */
export function rcLocalBlock(topology: string): readonly string[] {
  return [
    beginLine(topology),
    `/bin/sh -c '${bootCommand(topology)}' 2>&1 | if [ -S /dev/log ]; then logger -t lvsctl; else cat; fi`,
    endLine(topology),
  ];
}

export function beginLine(topology: string): string {
  return `# lvsctl ${topology}: begin`;
}

export function endLine(topology: string): string {
  return `# lvsctl ${topology}: end`;
}
