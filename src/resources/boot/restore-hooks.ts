/** What brings back a topology's rules and addresses, with systemd, after a service of the host has deleted them. */

/** Services that load saved rules when they start, and delete the others with many of their actions. */
export const RULE_SERVICES = [
  "nftables",
  "iptables",
  "ip6tables",
  "netfilter-persistent",
  "arptables",
  "firewalld",
  "ufw",
  "ipvsadm",
] as const;

/** Services that configure interfaces, and may delete addresses and routes that are not theirs. */
const NETWORK_SERVICES = ["networking", "network", "systemd-networkd", "NetworkManager"] as const;

/** A file of ours by which something else has our unit do its work again. */
export interface RestoreHook {
  /** What it belongs to. The same text for two files that belong together. */
  readonly service: string;
  /** One of these exists where it is installed. */
  readonly signs: readonly string[];
  readonly path: string;
  readonly text: string;
  readonly mode: "0644" | "0755";
  /** Whether the file's folder is made for it, and removed with it if nothing else is in it. */
  readonly ownsFolder: boolean;
}

/**
 * All of them, for a host that has everything. Our unit does its work again after the service's own job, and only if it was started
 * before: not while the host boots or shuts down. Source: systemd.unit(5), systemd.service(5), NetworkManager-dispatcher(8),
 * interfaces(5).
 */
export function restoreHooks(topology: string): readonly RestoreHook[] {
  return [
    ...[...RULE_SERVICES, ...NETWORK_SERVICES].map((service) => dropIn(topology, service)),
    ...WATCHED.map((watched) => watch(topology, watched)),
    script(topology, "NetworkManager", "/etc/NetworkManager/dispatcher.d", DISPATCHED),
    script(topology, "networking", "/etc/network/if-up.d", ""),
    script(topology, "netfilter-persistent", "/usr/share/netfilter-persistent/plugins.d", LOADED),
  ];
}

/** Services that delete things without a job of systemd, by what they say on D-Bus when they have done so. */
interface WatchedService {
  readonly service: string;
  /** A rule for busctl(1). */
  readonly match: string;
  /** What finds one line in what busctl prints of such a message. */
  readonly find: string;
  /** What is done before anything is brought back. */
  readonly pause?: string;
  /** A shell command that succeeds once a service that was just started will delete nothing any more. */
  readonly settled?: string;
}

const FIREWALLD = "org.fedoraproject.FirewallD1";

/**
 * Tried with firewalld 1.3: its rules come when systemd counts it as started already, and then its state is RUNNING; it says Reloaded
 * after each kind of reload. With networkd 252: a link whose configuration was renewed, or whose carrier has come back, becomes
 * routable when that is done. NetworkManager 1.42 tells its dispatcher nothing when a carrier comes back soon, and deletes addresses
 * just after it has said so. Source: firewalld.dbus(5), org.freedesktop.network1(5), nm-dbus.
 */
const WATCHED: readonly WatchedService[] = [
  {
    service: "firewalld",
    match: `interface=${FIREWALLD},member=Reloaded`,
    find: "grep --line-buffered Member=Reloaded",
    settled: `busctl get-property ${FIREWALLD} /org/fedoraproject/FirewallD1 ${FIREWALLD} state | grep -qE "RUNNING|FAILED"`,
  },
  {
    service: "systemd-networkd",
    match: "path_namespace=/org/freedesktop/network1/link,member=PropertiesChanged",
    find: "grep --line-buffered -A 2 OperationalState | grep --line-buffered routable",
  },
  {
    service: "NetworkManager",
    match: "path_namespace=/org/freedesktop/NetworkManager/Devices,member=PropertiesChanged",
    find: "grep --line-buffered -wA 2 Carrier | grep --line-buffered true",
    pause: "sleep 1; ",
  },
];

/** The units that wait for such messages on a host that has these services, by service. */
export function watchUnits(topology: string, services: readonly string[]): ReadonlyMap<string, string> {
  const watched = WATCHED.filter(({ service }) => services.includes(service));
  return new Map(watched.map(({ service }) => [service, watchUnit(topology, service)]));
}

function watchUnit(topology: string, service: string): string {
  return `lvsctl-${topology}@${service}.service`;
}

function watch(topology: string, { service, match, find, pause = "", settled }: WatchedService): RestoreHook {
  const mend = mendOf(topology);
  const first =
    settled === undefined ? "" : `ExecStartPost=-/bin/sh -c 'until ${settled}; do sleep 1; done; exec ${mend}'\n`;
  return {
    service,
    signs: signsOf(service),
    path: `/etc/systemd/system/${watchUnit(topology, service)}`,
    text: `${headOf(topology)}[Unit]
Description=Brings back what ${service} deletes of topology ${topology} (lvsctl)
BindsTo=${service}.service
After=${service}.service lvsctl-${topology}.service

[Service]
Restart=always
RestartSec=5
TimeoutStartSec=300
ExecStart=/bin/sh -c 'busctl --no-pager monitor --match=type=signal,${match} | ${find} | while read -r line; do ${pause}${mend}; done'
${first}`,
    mode: "0644",
    ownsFolder: false,
  };
}

function dropIn(topology: string, service: string): RestoreHook {
  const mend = `-${mendOf(topology)}`;
  const wants = [...watchUnits(topology, [service]).values()].map((unit) => `[Unit]\nWants=${unit}\n`).join("");
  return {
    service,
    signs: signsOf(service),
    path: `/etc/systemd/system/${service}.service.d/lvsctl-${topology}.conf`,
    text: `${headOf(topology)}${wants}[Service]
ExecStartPost=${mend}
ExecReload=${mend}
ExecStopPost=${mend}
`,
    mode: "0644",
    ownsFolder: true,
  };
}

/** What the dispatcher says in $2 when addresses or routes were configured anew. */
const DISPATCHED = 'case "$2" in up | reapply) ;; *) exit 0 ;; esac\n';

/** What netfilter-persistent says in $1 to each of its plugins when it loads what was saved. */
const LOADED = '[ "$1" = start ] || exit 0\n';

/** A script that a service runs itself, after it has configured an interface for example; the last of its folder, by its name. */
function script(topology: string, service: string, folder: string, condition: string): RestoreHook {
  return {
    service,
    signs: [folder],
    path: `${folder}/90-lvsctl-${topology}`,
    text: `#!/bin/sh\n${headOf(topology)}${condition}${mendOf(topology)} || :\n`,
    mode: "0755",
    ownsFolder: false,
  };
}

/** A reload of our unit, which systemd neither cuts short nor leaves out for another one. Nothing if it has not been started. */
function mendOf(topology: string): string {
  return `/bin/systemctl --no-block reload-or-try-restart lvsctl-${topology}.service`;
}

function signsOf(service: string): readonly string[] {
  return [
    ...["/lib", "/usr/lib", "/etc"].map((root) => `${root}/systemd/system/${service}.service`),
    `/etc/init.d/${service}`,
  ];
}

function headOf(topology: string): string {
  return `# Made by lvsctl for topology ${topology}; lvsctl destroy removes it. What is deleted of it is brought back.\n`;
}
