/** What brings back what services of the host have deleted of a topology, with systemd: no more than each of them deletes. */
import { posix } from "node:path";
import type { ShellCommand } from "../../shell/quote.ts";
import { type Ask, markAsked } from "./asks.ts";

/** Services that load saved rules or virtual services when they start, and delete the others with many of their actions. */
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

/** Services that configure all interfaces again when they start. */
const NETWORK_SERVICES = ["networking", "network"] as const;

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
 * before: not while the host boots or shuts down. `reloadable`: the services that can be reloaded without us. Source:
 * systemd.unit(5), systemd.service(5), NetworkManager-dispatcher(8), interfaces(5).
 */
export function restoreHooks(topology: string, reloadable: readonly string[] = []): readonly RestoreHook[] {
  return [
    ...RULE_SERVICES.map((service) => afterEveryAction(topology, service, reloadable.includes(service))),
    ...NETWORK_SERVICES.map((service) => dropIn(topology, service, onStart(topology, "network"))),
    ...WATCHED.filter(({ service }) => !isRuleService(service)).map(({ service }) => dropIn(topology, service, "")),
    ...WATCHED.map((watched) => watch(topology, watched)),
    script(
      topology,
      "NetworkManager",
      "/etc/NetworkManager/dispatcher.d",
      DISPATCHED,
      askFor(topology, "network", "$1"),
    ),
    script(topology, "networking", "/etc/network/if-up.d", RAISED, askFor(topology, "network", "$IFACE")),
    script(topology, "netfilter-persistent", PLUGINS, LOADED, askFor(topology, "rules")),
  ];
}

/** The folders of others that get a script of ours. */
export function scriptFolders(): readonly string[] {
  return restoreHooks("").flatMap(({ path, mode }) => (mode === "0755" ? [posix.dirname(path)] : []));
}

/** Services that delete things without a job of systemd, by what they say on D-Bus when they have done so. */
interface WatchedService {
  readonly service: string;
  /** A rule for busctl(1). */
  readonly match: string;
  /** What makes one line of what busctl prints of such a message. */
  readonly find: string;
  /** Asks for what was deleted; the line is in `$value` and `$path`. */
  readonly ask: (topology: string) => string;
  /** A shell command that succeeds once a service that was just started will delete nothing any more. */
  readonly settled?: string;
}

const FIREWALLD = "org.fedoraproject.FirewallD1";
const MANAGER = "org.freedesktop.NetworkManager";

/**
 * A sed that makes a line of each message whose property has one of these values: the value, and the path in the message's header
 * without what comes before. Without `\` and `'`, as it stands in a unit.
 */
function said(before: string, properties: Readonly<Record<string, readonly string[]>>): string {
  const rules = Object.entries(properties).map(([property, values]) => {
    const lines = values.map((value) => `/.${value}./{g;s,.* Path=${before},,;s, .*,,;s,^,${value} ,;p}`);
    return `/STRING .${property}.;/{n;n;${lines.join(";")}}`;
  });
  return `sed -un "/ Path=/h;${rules.join(";")}"`;
}

/**
 * Tried with firewalld 1.3: its rules come when systemd counts it as started already, and then its state is RUNNING; it says Reloaded
 * after each kind of reload. With networkd 252: a link whose configuration is renewed becomes initialized, then routable, and
 * configured at last; one whose carrier has come back does not become initialized, and nothing of ours was deleted. One that is set
 * down is off, by which the kernel deletes its routes; networkd brings back its own, and says routable, and no more. NetworkManager 1.42
 * tells its dispatcher nothing when a carrier comes back soon, and deletes addresses just after it has said so. Source:
 * firewalld.dbus(5), org.freedesktop.network1(5), whose path has the interface's index; nm-dbus.
 */
const WATCHED: readonly WatchedService[] = [
  {
    service: "firewalld",
    match: `interface=${FIREWALLD},member=Reloaded`,
    find: "grep --line-buffered Member=Reloaded",
    ask: (topology) => askFor(topology, "rules"),
    settled: `busctl get-property ${FIREWALLD} /org/fedoraproject/FirewallD1 ${FIREWALLD} state | grep -qE "RUNNING|FAILED"`,
  },
  {
    service: "systemd-networkd",
    match: "path_namespace=/org/freedesktop/network1/link,member=PropertiesChanged",
    find: said("/org/freedesktop/network1/link/_3", {
      AdministrativeState: ["initialized", "configured"],
      OperationalState: ["off", "routable"],
    }),
    ask: (topology) =>
      [
        `case "$value" in initialized | off) again="$again $value$path "; continue ;; esac`,
        `case "$value$again" in routable*" off$path "*) over=off ;; routable*" initialized$path "*) over= ;; configured*" initialized$path "*) over=initialized ;; *) continue ;; esac`,
        `[ -z "$over" ] || again="\${again%% $over$path *}\${again#* $over$path }"`,
        `link=$(cd /sys/class/net && grep -lx "$path" */ifindex) && link=$(dirname "$link") || continue`,
        askFor(topology, "network", "$link"),
      ].join("; "),
  },
  {
    service: "NetworkManager",
    match: "path_namespace=/org/freedesktop/NetworkManager/Devices,member=PropertiesChanged",
    find: said("", { Carrier: ["true"] }),
    ask: (topology) =>
      [
        "sleep 1",
        `link=$(busctl get-property ${MANAGER} "$path" ${MANAGER}.Device Interface | sed "s/^...//;s/.$//")`,
        askFor(topology, "network", "$link"),
      ].join("; "),
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

function watch(topology: string, { service, match, find, ask, settled }: WatchedService): RestoreHook {
  const listen = `busctl --no-pager monitor --match=type=signal,${match} | ${find} | while read -r value path; do ${ask(topology)}; done`;
  const first =
    settled === undefined
      ? ""
      : `ExecStartPost=-${shellLine(`until ${settled}; do sleep 1; done; ${askFor(topology, "rules")}`)}\n`;
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
ExecStart=${shellLine(listen)}
${first}`,
    mode: "0644",
    ownsFolder: false,
  };
}

function isRuleService(service: string): boolean {
  return RULE_SERVICES.some((name) => name === service);
}

/** Our ExecReload alone would make a service reloadable that is not: tools then reload it, where it has to be restarted. */
function afterEveryAction(topology: string, service: string, isReloadable: boolean): RestoreHook {
  const repair = `-${shellLine(askFor(topology, service === "ipvsadm" ? "services" : "rules"))}`;
  const reload = isReloadable ? `ExecReload=${repair}\n` : "";
  return dropIn(topology, service, `[Service]\nExecStartPost=${repair}\n${reload}ExecStopPost=${repair}\n`);
}

function onStart(topology: string, ask: Ask): string {
  return `[Service]\nExecStartPost=-${shellLine(askFor(topology, ask))}\n`;
}

function dropIn(topology: string, service: string, text: string): RestoreHook {
  const wants = [...watchUnits(topology, [service]).values()].map((unit) => `[Unit]\nWants=${unit}\n`).join("");
  return {
    service,
    signs: signsOf(service),
    path: `/etc/systemd/system/${service}.service.d/lvsctl-${topology}.conf`,
    text: `${headOf(topology)}${wants}${text}`,
    mode: "0644",
    ownsFolder: true,
  };
}

/** What the dispatcher says in $2 when addresses or routes of the interface in $1 were configured again. */
const DISPATCHED = 'case "$2" in up | reapply) ;; *) exit 0 ;; esac\nset -- "${DEVICE_IP_IFACE:-$1}"\n';

/** ifup names an interface, perhaps by an alias of it, or says that it has raised all that it was to raise. */
const RAISED = 'IFACE=${IFACE%%:*}\ncase "$IFACE" in "" | --all) exit 0 ;; esac\n';

/** The folder is not in /etc, and netfilter-persistent knows no other. */
const PLUGINS = "/usr/share/netfilter-persistent/plugins.d";

/** What netfilter-persistent says in $1 to each of its plugins when it loads what was saved. */
const LOADED = '[ "$1" = start ] || exit 0\n';

/** A script that a service runs itself, after it has configured an interface for example; the last of its folder, by its name. */
function script(topology: string, service: string, folder: string, condition: string, ask: string): RestoreHook {
  return {
    service,
    signs: [folder],
    path: `${folder}/90-lvsctl-${topology}`,
    text: `#!/bin/sh\n${headOf(topology)}${condition}${ask} || :\n`,
    mode: "0755",
    ownsFolder: false,
  };
}

/** Asks for something and reloads our unit, which systemd neither cuts short nor leaves out for another time. Nothing if it has not been started. */
function askFor(topology: string, ask: Ask, device?: string): ShellCommand {
  const reload = `/bin/systemctl --no-block reload-or-try-restart lvsctl-${topology}.service`;
  return `${markAsked(topology, ask, device)}; ${reload}` as ShellCommand;
}

/** A shell's command line for a unit, in which systemd would expand `$` and `%`. */
function shellLine(text: string): string {
  return `/bin/sh -c '${text.replaceAll("%", "%%").replaceAll("$", "$$$$")}'`;
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
