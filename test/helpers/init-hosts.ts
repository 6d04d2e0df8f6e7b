/**
 * Hosts of examples/dr.yaml whose PID 1 is systemd or OpenRC. Somebody else has something on each of them, too. What is compared
 * is what lvsctl and they have there: on the disk, in the kernel, and in the init.
 */
import { expect } from "vitest";
import type { FaultOutcome } from "./fault-outcomes.ts";
import { differences, type Snapshot } from "./host-snapshot.ts";
import type { LabUnderTest } from "./lab-under-test.ts";
import { type Init, isStarted } from "./reboot.ts";

/** The hosts that lvsctl changes. */
export const OURS = ["fw", "dr", "rs1", "rs2"] as const;

/** All of them. */
export const HOSTS = [...OURS, "client"] as const;

/** By then, what the end of a run has asked of the init is among its jobs. */
export const UNTIL_ENDED =
  "while [ -e /var/lib/lvsctl/.transaction/id ] || pgrep -f '[.]transaction/transaction.sh' >/dev/null; do sleep 0.5; done";

interface InitThings {
  /** Somebody else's unit, and the link that starts it at boot. */
  readonly unit: string;
  readonly link: string;
  readonly text: string;
  /** Makes the link, and starts the unit. */
  readonly start: string;
  /** Prints the state of what is ours, by the topology's name, and of their unit. */
  readonly states: (name: string) => string;
}

const START = "/srv/others/start.sh";

const INITS: Readonly<Record<Init, InitThings>> = {
  systemd: {
    unit: "/etc/systemd/system/others.service",
    link: "/etc/systemd/system/multi-user.target.wants/others.service",
    text: `[Unit]
Description=Of somebody else
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -e ${START}
[Install]
WantedBy=multi-user.target`,
    start: "systemctl daemon-reload; systemctl --quiet enable --now others.service",
    states:
      () => `while systemctl list-jobs | grep -q lvsctl- || systemctl -q is-active "lvsctl-undo-*"; do sleep 0.5; done
systemctl list-units --all --plain --no-legend "lvsctl*" others.service | tr -s " " | cut -d " " -f 1-4 | sort
ls /etc/systemd/system | sed -n /lvsctl/p`,
  },
  openrc: {
    unit: "/etc/init.d/others",
    link: "/etc/runlevels/default/others",
    text: `#!/sbin/openrc-run\nstart() { sh -e ${START}; }`,
    start: "chmod 755 /etc/init.d/others; rc-update -q add others default; rc-service -q others start",
    states: (name) => `for service in lvsctl-${name} others; do rc-service $service status 2>&1 || :; done
ls /etc/init.d /etc/runlevels/default | sed -n /lvsctl/p`,
  },
};

/** What somebody else has on a host: files, a parameter, and a unit that adds an address and a rule at boot. All of it is saved. */
const plant = ({ unit, text, start }: InitThings) => `mkdir -p /srv/others
echo theirs >/srv/others/data
echo "net.ipv4.tcp_fin_timeout = 31" >/etc/sysctl.d/90-others.conf
cat >${START} <<'END'
sysctl -q -p /etc/sysctl.d/90-others.conf
ip address add 192.0.2.9/32 dev lo
iptables -w -t nat -A PREROUTING -d 192.0.2.9/32 -j RETURN
END
cat >${unit} <<'END'
${text}
END
{ ${start}; } </dev/null >/dev/null
sync`;

/** Prints the files of what somebody else has. */
const lookAtOthers = ({ unit, link }: InitThings) => `stat -c "%N %A %U" ${unit} ${link}
tail -n +1 /srv/others/* /etc/sysctl.d/90-others.conf ${unit}`;

/** Interfaces get new numbers at a restart, and tables a new order. A network service makes the folder of what it asks for, once. */
const look = (things: InitThings, name: string) => `${things.states(name)}
ipvsadm -S -n
ip -o -4 address show | awk '{ print $2, $4 }' | sort
iptables-save | awk '/^\\*/ { table = $1 } /^-A|^:.* - / { print table, $0 }' | sort -s -k 1,1 -k 3,3
sysctl net.ipv4.ip_forward net.ipv4.conf.all.arp_ignore net.ipv4.conf.all.arp_announce net.ipv4.tcp_fin_timeout
find /var/lib/lvsctl -name "web-*" -print -prune -o -type f -print 2>/dev/null | sort
find /run/lvsctl* ! \\( -path /run/lvsctl-asked -empty \\) 2>/dev/null | grep -v ^/run/lvsctl-lab | sort
ps -eo args | grep -e "[.]transaction/" -e "[r]estore[.]sh" | sort
ss -Hltn sport = :80 | wc -l
${lookAtOthers(things)}`;

/** What a host has written of a run that did not begin, if its power is cut. Nobody reads it, and the next run removes it. */
const UNREAD = /^\/var\/lib\/lvsctl\/\.transaction\.new\/.*\n/gm;

/** Plants on a host what somebody else has on hosts with this init, once the host has started everything. */
export async function plantOthers(init: Init, lab: LabUnderTest, host: string): Promise<void> {
  await isStarted(init, lab, host);
  await lab.on(host, plant(INITS[init]));
}

/** Shell text that prints what is known of the init's own things, and what somebody else has planted. `name`: the topology's. */
export function lookAtInit(init: Init, name: string): string {
  const things = INITS[init];
  return `${things.states(name)}\n${lookAtOthers(things)}`;
}

/** The hosts of a lab, and the states that they may be in. */
export class InitHosts {
  private readonly lab: LabUnderTest;
  private readonly init: Init;
  private readonly known = new Map<string, Snapshot>();

  private constructor(init: Init, lab: LabUnderTest) {
    this.init = init;
    this.lab = lab;
  }

  /** Plants what somebody else has, on hosts without anything of ours. That state is known as `nothing`. */
  static async planted(init: Init, lab: LabUnderTest): Promise<InitHosts> {
    const hosts = new InitHosts(init, lab);
    await Promise.all(HOSTS.map((host) => plantOthers(init, lab, host)));
    await hosts.know("nothing");
    return hosts;
  }

  /** Saves the current state of the hosts under a name. */
  async know(state: string): Promise<void> {
    this.known.set(state, await this.look());
  }

  /** Every host is in this state. */
  async expectIn(state: string): Promise<void> {
    expect(await this.look()).toEqual(this.known.get(state));
  }

  /** In which of two states the hosts are after a power cut. If one of them is in neither, it fails with this story. */
  async endedIn(before: string, after: string, story: string): Promise<FaultOutcome["ended"]> {
    const now = new Map([...(await this.look())].map(([host, text]) => [host, text.replace(UNREAD, "")] as const));
    const isIn = (state: string, host: string) => this.known.get(state)?.get(host) === now.get(host);
    for (const host of HOSTS.filter((one) => !isIn(before, one) && !isIn(after, one))) {
      const beside = [before, after].map((state) => differences(this.known.get(state) ?? new Map(), now));
      expect.fail(`${host} is neither as before nor as after: ${JSON.stringify(beside)}\n${now.get(host)}\n${story}`);
    }
    const areAllIn = (state: string) => HOSTS.every((host) => isIn(state, host));
    return areAllIn(after) ? "after" : areAllIn(before) ? "before" : "each";
  }

  private async look(): Promise<Snapshot> {
    const script = look(INITS[this.init], this.lab.name);
    return new Map(await Promise.all(HOSTS.map(async (host) => [host, await this.lab.on(host, script)] as const)));
  }
}
