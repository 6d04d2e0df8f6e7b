/**
 * Services that delete rules and addresses of others, and what became of ours: measured by test/e2e/firewalls and
 * services-beside, which fail if anything else happens, and printed in docs/hosts.md.
 */

/**
 * `kept`: also what is not ours stays. `restored`: what is not ours is gone, ours is there again. `lost`: ours is gone, too, and
 * drift says so.
 */
export type Outcome = "kept" | "restored" | "lost";

/** What of ours is looked at, and of somebody else's. `sysctl`: of one interface and of all; `tunnel`: tunl0 with its address. */
const NETWORK_KINDS = ["address", "route", "sysctl", "tunnel", "IPVS table", "rules", "ARP rules"] as const;
export type Kind = (typeof NETWORK_KINDS)[number];

/** What became of each kind that was looked at. */
export type Outcomes = Readonly<Partial<Record<Kind, Outcome>>>;

export interface ServiceBeside {
  readonly name: string;
  /** Where in the lab of examples/dr.yaml: a firewall that publishes, or a director. */
  readonly host: "fw" | "dr";
  readonly kinds: readonly Kind[];
  /** How the lab's hosts come to have it. */
  readonly packages: readonly string[];
  /** Makes it manage the host, before anything of ours is there. */
  readonly setUp: string;
  /** Returns only when the service has done all that it was told, which it may still be doing when the command for it has ended. */
  readonly done?: string;
  /** Shell command → what becomes of every kind of ours, or of those that are not kept. */
  readonly events: Readonly<Record<string, Outcome | Outcomes>>;
  /** Succeeds where it has loaded rules of its own. */
  readonly isLoaded?: string;
  /** Ends it, so that the next one has the host for itself. */
  readonly tearDown: string;
}

const UFW_LETS_IN = "until iptables -w -S ufw-user-input | grep -- '--dport 22 '; do sleep 0.5; done";

/** What was on an interface that was configured again. */
const ON_INTERFACE: Outcomes = { address: "restored", route: "restored" };

/** These need a kernel with nf_tables. */
export const nfTablesServices: readonly ServiceBeside[] = [
  {
    name: "nftables.service",
    host: "fw",
    kinds: ["rules"],
    packages: [],
    setUp: "grep -q 'flush ruleset' /etc/nftables.conf; systemctl enable --now nftables",
    isLoaded: "nft list chain inet filter input",
    events: {
      "systemctl restart nftables": "restored",
      "systemctl reload nftables": "restored",
      "systemctl stop nftables": "restored",
      "systemctl start nftables": "restored",
      "nft -f /etc/nftables.conf": "lost",
    },
    tearDown: "systemctl disable --now nftables",
  },
  {
    name: "ufw",
    host: "fw",
    kinds: ["rules"],
    packages: ["ufw"],
    setUp: "ufw allow 22/tcp; ufw --force enable; systemctl enable --now ufw",
    isLoaded: UFW_LETS_IN,
    events: {
      "ufw reload": "kept",
      "systemctl restart ufw": "kept",
      "systemctl stop ufw": "kept",
      "systemctl start ufw": "kept",
      "ufw --force disable": "kept",
      "ufw --force enable": "kept",
      "ufw --force reset": "kept",
      "ufw allow 22/tcp; ufw --force enable": "kept",
    },
    tearDown: "ufw --force disable; systemctl disable --now ufw",
  },
  {
    name: "ufw with MANAGE_BUILTINS=yes",
    host: "fw",
    kinds: ["rules"],
    packages: ["ufw"],
    setUp:
      "sed -i s/^MANAGE_BUILTINS=.*/MANAGE_BUILTINS=yes/ /etc/default/ufw; ufw allow 22/tcp; ufw --force enable; systemctl enable --now ufw",
    isLoaded: UFW_LETS_IN,
    events: {
      "systemctl restart ufw": "restored",
      "systemctl stop ufw": "restored",
      "systemctl start ufw": "restored",
      "ufw reload": "lost",
      "ufw --force reset": "lost",
      "ufw allow 22/tcp; ufw --force enable": "lost",
    },
    tearDown:
      "ufw --force disable; systemctl disable --now ufw; sed -i s/^MANAGE_BUILTINS=.*/MANAGE_BUILTINS=no/ /etc/default/ufw",
  },
  {
    name: "rules like Docker's",
    host: "fw",
    kinds: ["rules"],
    packages: [],
    setUp: ":",
    events: {
      "iptables -w -P FORWARD DROP; iptables -w -N DOCKER-USER; iptables -w -I FORWARD -j DOCKER-USER": "kept",
    },
    // A restart of the host has deleted them.
    tearDown:
      "iptables -w -P FORWARD ACCEPT; { iptables -w -D FORWARD -j DOCKER-USER; iptables -w -F DOCKER-USER && iptables -w -X DOCKER-USER; } || :",
  },
  {
    name: "firewalld",
    host: "fw",
    kinds: ["rules"],
    packages: ["firewalld"],
    // It answers when it has reloaded. On a slow machine that can take longer than firewall-cmd waits for an answer (254).
    done: `until firewall-cmd --state; [ $? != 254 ]; do sleep 0.5; done`,
    // Then it lets everything pass, and deletes what is not its own all the same.
    setUp: `sed -i s/^DefaultZone=.*/DefaultZone=trusted/ /etc/firewalld/firewalld.conf; systemctl enable --now firewalld`,
    isLoaded: "until firewall-cmd --state; do sleep 0.5; done; nft list chain inet firewalld filter_INPUT",
    events: {
      "firewall-cmd --reload": "restored",
      "firewall-cmd --complete-reload": "restored",
      "systemctl reload firewalld": "restored",
      "systemctl restart firewalld": "restored",
      "systemctl stop firewalld": "restored",
      "systemctl start firewalld": "restored",
    },
    tearDown: "systemctl disable --now firewalld",
  },
];

export const otherServices: readonly ServiceBeside[] = [
  {
    name: "netfilter-persistent",
    host: "fw",
    kinds: ["rules"],
    packages: ["iptables-persistent"],
    setUp: "iptables -w -t nat -N SAVED; netfilter-persistent save; systemctl start netfilter-persistent",
    events: {
      "systemctl restart netfilter-persistent": "restored",
      "netfilter-persistent reload": "restored",
      "systemctl stop netfilter-persistent": "kept",
      "systemctl start netfilter-persistent": "restored",
      "netfilter-persistent flush": "lost",
    },
    tearDown: "systemctl stop netfilter-persistent; rm -f /etc/iptables/rules.*; iptables -w -t nat -X SAVED || :",
  },
  {
    name: "systemd-networkd",
    host: "dr",
    kinds: NETWORK_KINDS,
    packages: [],
    setUp: `mkdir -p /etc/systemd/network
printf '[Match]\\nName=eth0\\n[Network]\\nAddress=172.16.20.10/24\\nGateway=172.16.20.1\\n' >/etc/systemd/network/eth0.network
systemctl start systemd-networkd
until networkctl status eth0 | grep -q configured; do sleep 0.5; done`,
    events: {
      "systemctl restart systemd-networkd": "kept",
      "systemctl stop systemd-networkd": "kept",
      "systemctl start systemd-networkd": "kept",
      "networkctl reload": "kept",
      "networkctl reconfigure eth0": ON_INTERFACE,
      "touch /etc/systemd/network/eth0.network; networkctl reload": ON_INTERFACE,
      "ip link set eth0 down; ip link set eth0 up": { route: "restored" },
    },
    tearDown: "rm -r /etc/systemd/network; systemctl stop systemd-networkd systemd-networkd.socket",
  },
  {
    name: "NetworkManager",
    host: "dr",
    kinds: NETWORK_KINDS,
    packages: ["network-manager"],
    setUp: `printf '[keyfile]\\nunmanaged-devices=*,except:interface-name:eth0\\n' >/etc/NetworkManager/conf.d/lab.conf
systemctl enable --now NetworkManager NetworkManager-dispatcher
nmcli connection add type ethernet con-name lab ifname eth0 ipv4.method manual ipv4.addresses 172.16.20.10/24 ipv4.gateway 172.16.20.1
nmcli connection up lab`,
    events: {
      "systemctl restart NetworkManager": "kept",
      "systemctl stop NetworkManager": "kept",
      "systemctl start NetworkManager": "kept",
      "nmcli device reapply eth0": ON_INTERFACE,
      "nmcli connection up lab": ON_INTERFACE,
      "ip link set eth0 down; sleep 1; ip link set eth0 up": ON_INTERFACE,
    },
    tearDown: "nmcli connection delete lab; systemctl stop NetworkManager",
  },
  {
    name: "ifupdown",
    host: "dr",
    kinds: NETWORK_KINDS,
    packages: ["ifupdown", "isc-dhcp-client"], // The client is for network-managers.test.ts, which shares the download.
    setUp: `mkdir -p /run/network; printf 'auto eth0\\niface eth0 inet static\\n address 172.16.20.10/24\\n gateway 172.16.20.1\\n' >/etc/network/interfaces
ip address flush dev eth0
systemctl start networking`,
    events: {
      "systemctl restart networking": ON_INTERFACE,
      "ifdown eth0; ifup eth0": ON_INTERFACE,
    },
    tearDown: ":",
  },
];

/**
 * Gives a host a udev of its own, now and at each boot. Hosts in labs lack it, because /sys is read-only there, and it would
 * look at all devices of this machine: this one looks at network interfaces alone.
 */
const UDEV = `cd /etc/systemd/system
cat >lab-sys.service <<'END'
[Unit]
DefaultDependencies=no
Before=systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=mount -o remount,rw /sys
END
cat >lab-net.service <<'END'
[Unit]
DefaultDependencies=no
Requires=lab-sys.service systemd-udevd.service
After=lab-sys.service systemd-udevd.service
Before=systemd-networkd.service cloud-init-local.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=udevadm trigger --subsystem-match=net --action=add --settle
END
mkdir -p sysinit.target.wants
ln -sf ../lab-net.service sysinit.target.wants/lab-net.service
systemctl daemon-reload; systemctl start lab-net`;

const NO_UDEV = `systemctl stop lab-net lab-sys systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket
cd /etc/systemd/system; rm lab-net.service lab-sys.service sysinit.target.wants/lab-net.service; systemctl daemon-reload; mount -o remount,ro /sys`;

const CONFIGURED = `until networkctl status eth0 | grep -q "State: routable (configured)"; do sleep 0.5; done`;

/** They need `udev`, and configure networkd, one by the other. */
export const withUdev: readonly ServiceBeside[] = [
  {
    name: "netplan",
    host: "dr",
    kinds: NETWORK_KINDS,
    packages: ["netplan.io", "udev"],
    setUp: `${UDEV}
mkdir -p /etc/netplan; umask 077; cat >/etc/netplan/lab.yaml <<'END'
network:
  version: 2
  renderer: networkd
  ethernets:
    eth0: { addresses: [172.16.20.10/24], routes: [{ to: default, via: 172.16.20.1 }] }
END
netplan generate; systemctl start systemd-networkd
${CONFIGURED}`,
    events: {
      "netplan apply": ON_INTERFACE,
      "netplan generate; networkctl reload": ON_INTERFACE,
      "netplan generate; networkctl reload; networkctl reconfigure eth0": ON_INTERFACE,
    },
    tearDown: `rm -f /etc/netplan/lab.yaml; netplan generate; systemctl stop systemd-networkd systemd-networkd.socket; ${NO_UDEV}`,
  },
  {
    name: "cloud-init",
    host: "dr",
    kinds: NETWORK_KINDS,
    packages: ["cloud-init", "netplan.io", "udev"],
    // It leaves the logins of the lab alone.
    setUp: `${UDEV}
mkdir -p /var/lib/cloud/seed/nocloud; cd /var/lib/cloud/seed/nocloud
printf 'instance-id: one\nlocal-hostname: dr\n' >meta-data
cat >user-data <<'END'
#cloud-config
locale: C.UTF-8
resize_rootfs: false
growpart: { mode: off }
users: []
ssh_deletekeys: false
disable_root: false
preserve_hostname: true
END
cat >network-config <<'END'
version: 2
ethernets:
  eth0: { addresses: [172.16.20.10/24], routes: [{ to: default, via: 172.16.20.1 }] }
END
printf 'datasource_list: [NoCloud]\n' >/etc/cloud/cloud.cfg.d/99-lab.cfg
cd /etc/systemd/system; mkdir -p multi-user.target.wants
for unit in cloud-init-local cloud-init cloud-config cloud-final; do
  ln -sf /lib/systemd/system/$unit.service multi-user.target.wants/$unit.service
done
systemctl daemon-reload; systemctl start cloud-init-local; systemctl start systemd-networkd
${CONFIGURED}
systemctl start cloud-init cloud-config cloud-final`,
    events: {
      "cloud-init init --local": "kept",
      "cloud-init init; cloud-init modules --mode config; cloud-init modules --mode final": "kept",
      "cloud-init clean; cloud-init init --local; netplan apply": ON_INTERFACE,
    },
    tearDown: `rm -f /etc/systemd/system/multi-user.target.wants/cloud-*.service /etc/netplan/50-cloud-init.yaml
netplan generate; systemctl stop systemd-networkd systemd-networkd.socket; ${NO_UDEV}`,
  },
];

/** What becomes of each kind by each event. */
export function outcomesOfEvents({ kinds, events }: ServiceBeside): readonly (readonly [event: string, Outcomes])[] {
  return Object.entries(events).map(([event, expected]) => [
    event,
    Object.fromEntries(
      kinds.map((kind) => [kind, typeof expected === "string" ? expected : (expected[kind] ?? "kept")]),
    ),
  ]);
}

/** The tables of docs/hosts.md: of what is about rules alone, and of all else. */
export function besideTables(): readonly [rules: string, network: string] {
  const services = [...nfTablesServices, ...otherServices, ...withUdev];
  const table = (kinds: readonly Kind[]) => {
    const rows = services
      .filter((service) => service.kinds.length === kinds.length)
      .flatMap((service) =>
        outcomesOfEvents(service).map(([event, outcomes]) => {
          const cells = [service.name, `\`${event}\``, ...kinds.map((kind) => outcomes[kind])];
          return `| ${cells.join(" | ")} |`;
        }),
      );
    return [`| service | event | ${kinds.join(" | ")} |`, `|---|---|${"---|".repeat(kinds.length)}`, ...rows, ""].join(
      "\n",
    );
  };
  return [table(["rules"]), table(NETWORK_KINDS)];
}
