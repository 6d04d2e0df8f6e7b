import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { type FaultOutcome, noteFault } from "./fault-outcomes.ts";
import { differences, type Snapshot, snapshot, TABLES } from "./host-snapshot.ts";
import { lookAtInit, plantOthers } from "./init-hosts.ts";
import { LabUnderTest } from "./lab-under-test.ts";
import type { Init } from "./reboot.ts";
import { until, watched } from "./watched-process.ts";

export const HOSTS = ["dr", "rs1", "client"] as const;

/** A small service on hosts that already run somebody else's. `weight` and `second` produce different versions of it. */
export function topologyText(name: string, { weight = 1, second = false } = {}): string {
  return `version: 1
name: ${name}
hosts:
  dr: { role: director, interfaces: { eth0: 10.9.0.1/24 } }
  rs1: { role: real-server, interfaces: { eth0: 10.9.0.11/24 } }
  client: { role: client, interfaces: { eth0: 10.9.0.99/24 } }
services:
  web:
    { mode: dr, vip: 10.9.0.100, port: 80, scheduler: wrr, testPage: true, realServers: { rs1: { weight: ${weight} } } }
  many:
    { mode: dr, fwmark: 17, match: [{ address: 10.9.7.0/24, protocol: tcp, ports: [8000-8099${second ? ", 9100" : ""}] }], scheduler: wlc }
${second ? "  other: { mode: dr, vip: 10.9.0.101, port: 8080, scheduler: wrr, testPage: true }\n" : ""}`;
}

/** What somebody else has there. Clients keep sending requests to their service throughout the tests. */
const FOREIGN: Readonly<Record<(typeof HOSTS)[number], string>> = {
  dr: `
    modprobe -a ip_vs ip_vs_rr
    iptables -N OTHERS; iptables -A OTHERS -d 192.0.2.9/32 -j RETURN; iptables -A FORWARD -j OTHERS
    ip addr add 10.9.0.200/32 dev eth0
    ip route add 198.51.100.0/24 via 10.9.0.99
    ipvsadm -A -t 10.9.0.200:9000 -s rr
    ipvsadm -a -t 10.9.0.200:9000 -r 10.9.0.11:9000 -g`,
  rs1: `
    echo 1 >/proc/sys/net/ipv4/conf/eth0/arp_ignore
    echo 2 >/proc/sys/net/ipv4/conf/eth0/arp_announce
    ip addr add 10.9.0.200/32 dev lo
    mkdir -p /srv/others; echo theirs >/srv/others/index.html
    cd /srv/others && setsid python3 -m http.server 9000 >/dev/null 2>&1 </dev/null &`,
  client: `
    cat >/root/asking.py <<'END'
import http.client, time
asked = lost = 0
while True:
    asked += 1
    try:
        connection = http.client.HTTPConnection("10.9.0.200", 9000)
        connection.request("GET", "/")
        if b"theirs" not in connection.getresponse().read(): raise OSError
        connection.close()
    except Exception:
        lost += 1
    with open("/root/asked.new", "w") as out: out.write(f"{asked} {lost}\\n")
    __import__("os").replace("/root/asked.new", "/root/asked")
    time.sleep(1)
END`,
};

const ASKING = "setsid python3 /root/asking.py >/dev/null 2>&1 </dev/null &";
const ANSWERED = 'until grep -q " 0$" /root/asked 2>/dev/null; do sleep 1; done';
/** Waits until a host has no pending run. */
export const SETTLED = "while [ -e /var/lib/lvsctl/.transaction ]; do sleep 1; done";
const PROGRESS = /^[❯✔✖] /gm;

export interface RunOptions {
  /** The topology file; default: the lab's own. */
  readonly file?: string;
  readonly flags?: readonly string[];
  /** Kills lvsctl with this signal … */
  readonly signal?: "SIGKILL" | "SIGINT";
  /** … after this many milliseconds, wherever it is by then … */
  readonly afterMs?: number;
  /** … or as soon as it has printed this many lines about a stage that began or ended. */
  readonly atLine?: number;
  /** Sends the signal as soon as this is printed. */
  readonly atText?: RegExp;
  /** Sends the signal again as soon as this is printed after the first one. */
  readonly again?: RegExp;
}

export interface RunEnd {
  readonly output: string;
  /** Undefined if a signal ended it. */
  readonly status: number | undefined;
  readonly signal: string | undefined;
}

/** What the clients have noted, and files that the init and mount(8) keep for themselves. */
const PASSING =
  /asked|asking|\/run\/mount|^\/run\/(systemd|log|credentials|lock|openrc)\/|^\/var\/lib\/(systemd|private)(\/|$)|^\/tmp\/systemd-private/;

/** A difference in which modules are loaded. */
const MODULE = /^\w+: [-+] ip_vs\w*$/;

/** A lab in which runs of lvsctl are disturbed, and the states that its hosts may be in afterwards. */
export class FaultLab {
  readonly lab: LabUnderTest;
  /** PID 1 of the hosts; sshd if undefined. */
  readonly init: Init | undefined;
  /** How long a host waits for lvsctl in these runs, unless a test says otherwise: short, for this machine. */
  readonly confirmSeconds: number;
  /** How long a stage may take: far longer than any undisturbed stage. */
  readonly stepSeconds: number;
  private readonly states = new Map<string, Snapshot>();

  private constructor(lab: LabUnderTest, init: Init | undefined) {
    this.lab = lab;
    this.init = init;
    this.confirmSeconds = lab.seconds(8);
    this.stepSeconds = lab.seconds(6);
  }

  /** Brings a lab up whose hosts have this init, and plants what somebody else has there. */
  static async up(name: string, init?: Init): Promise<FaultLab> {
    const flags = init === undefined ? [] : ["--init", init];
    const lab = await LabUnderTest.up("dr.yaml", name, () => topologyText(name), [], flags);
    try {
      if (init !== undefined) await Promise.all(HOSTS.map((host) => plantOthers(init, lab, host)));
      for (const host of HOSTS) await lab.on(host, `${TABLES}\n${FOREIGN[host]}`);
      await lab.on("client", ASKING);
      await lab.on("client", ANSWERED);
    } catch (error) {
      await lab.down();
      throw error;
    }
    return new FaultLab(lab, init);
  }

  /** Saves the current state of the hosts under a name. */
  async know(state: string): Promise<void> {
    this.states.set(state, await this.look());
  }

  /**
   * Which of these saved states each host is in; fails if a host is in none of them. If two states are the same on a host,
   * it counts as being in the state of the other hosts. Where the hosts are in different states, the modules of their common
   * kernel say nothing. `first` runs on each host before that.
   */
  async statesOf(candidates: readonly string[], first = ""): Promise<readonly string[]> {
    const now = await this.look(first);
    const possible = HOSTS.map((host) => {
      const only = (state: Snapshot | undefined): Snapshot => new Map([[host, state?.get(host) ?? ""]]);
      const diffs = candidates.map((name) => differences(only(this.states.get(name)), only(now)));
      const found = candidates.filter((_, index) => diffs[index]?.every((line) => MODULE.test(line)));
      expect(found, `${host} is in none of ${candidates.join(", ")}: ${JSON.stringify(diffs)}`).not.toEqual([]);
      return { found, exactly: candidates.filter((_, index) => diffs[index]?.length === 0) };
    });
    const common = candidates.find((candidate) => possible.every(({ found }) => found.includes(candidate)));
    if (common !== undefined) {
      for (const { exactly } of possible) expect(exactly, `modules of ${common}`).toContain(common);
      return possible.map(() => common);
    }
    return possible.map(({ found }) => found[0] ?? "");
  }

  /** Runs lvsctl and, if requested, kills it. */
  async run(command: string, options: RunOptions = {}): Promise<RunEnd> {
    const { file = this.lab.file, flags = [], signal, afterMs, atLine, atText, again } = options;
    const bin = fileURLToPath(new URL("../../bin/lvsctl.js", import.meta.url));
    const timeout =
      flags.includes("--confirm-timeout") || command === "rollback" || command === "confirm"
        ? []
        : ["--confirm-timeout", String(this.confirmSeconds)];
    const yes = command === "confirm" ? [] : ["--yes"];
    const argv = [process.execPath, bin, command, "--lab", ...yes, ...timeout, ...flags, file];
    this.lab.forgetState();
    let output = "";
    let signals = 0;
    const onOutput = (printed: string) => {
      output = printed;
      if (!signal) return;
      const isThere =
        atText?.test(printed) ?? (atLine !== undefined && (printed.match(PROGRESS) ?? []).length >= atLine);
      if ((signals === 0 && isThere) || (signals === 1 && again?.test(printed))) {
        signals += 1;
        child.kill(signal);
      }
    };
    const { child, ended } = watched(argv, { lab: this.lab.directory, onOutput });
    const timer = afterMs === undefined || !signal ? undefined : setTimeout(() => child.kill(signal), afterMs);
    const end = await ended;
    clearTimeout(timer);
    return { output, status: end.status, signal: end.signal };
  }

  /** Waits until no host has a pending run. */
  async settle(): Promise<void> {
    await Promise.all(HOSTS.map((host) => this.lab.on(host, SETTLED)));
  }

  /** Waits until a run has begun on a host. */
  async begun(host: string): Promise<void> {
    await this.lab.on(host, "until [ -e /var/lib/lvsctl/.transaction/id ]; do sleep 0.3; done");
  }

  /** Waits until a host whose management link was cut can be logged in to again. */
  async reachable(host: string): Promise<void> {
    const isThere = () =>
      this.lab.on(host, ":").then(
        () => true,
        () => false,
      );
    await until(`${host} comes back`, isThere, { lab: this.lab.directory, restMs: 2_000 });
  }

  /** How many requests somebody else's clients have made so far, and how many got no answer. */
  async othersAsked(): Promise<{ readonly asked: number; readonly lost: number }> {
    const [asked = 0, lost = 0] = (await this.lab.on("client", "cat /root/asked")).trim().split(" ").map(Number);
    return { asked, lost };
  }

  /** Records the outcome of a fault; `states`: of every host, with `before` and `after` naming those two states. */
  note(
    fault: Omit<FaultOutcome, "init" | "ended" | "exit">,
    states: readonly string[],
    { before, after }: { readonly before: string; readonly after: string },
    { status, signal }: Pick<RunEnd, "status" | "signal">,
  ): void {
    const ended = states.every((state) => state === after)
      ? "after"
      : states.every((state) => state === before)
        ? "before"
        : "each";
    const { testPath } = expect.getState();
    const init = this.init && { init: this.init };
    if (testPath !== undefined) noteFault(testPath, { ...fault, ...init, ended, exit: signal ?? String(status) });
  }

  async down(): Promise<void> {
    await this.lab.down();
  }

  private async look(first = ""): Promise<Snapshot> {
    const init = await this.lookAtInit(first);
    const all = await snapshot(this.lab, HOSTS, first);
    const strip = (text: string) =>
      text
        .split("\n")
        .filter((line) => !PASSING.test(line))
        .join("\n");
    return new Map([...all].map(([host, text]) => [host, `${strip(text)}\n== init\n${init.get(host) ?? ""}`]));
  }

  /** What the init says of its units, and what somebody else has given it. */
  private async lookAtInit(first: string): Promise<Snapshot> {
    const { lab, init } = this;
    if (init === undefined) return new Map();
    const script = `${first}\n${lookAtInit(init, lab.name)}`;
    return new Map(await Promise.all(HOSTS.map(async (host) => [host, await lab.on(host, script)] as const)));
  }
}
