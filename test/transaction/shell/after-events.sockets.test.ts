/**
 * What comes back while a host runs, after an event of a service: no more than that may have deleted. On a throw-away host with
 * real addresses, routes and rules, and an ipvsadm that notes what it is told.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PlannedChange } from "../../../src/plan/plan.ts";
import { kinds } from "../../../src/resources/kinds.ts";
import type { Observed, State } from "../../../src/resources/resource.ts";
import { stateFolder } from "../../../src/resources/state-folder.ts";
import { restoringSteps } from "../../../src/transaction/at-boot.ts";
import { formatRestoreScript } from "../../../src/transaction/shell/restore-script.ts";
import { shareOf } from "../../helpers/long-run.ts";
import { context, type ThrowAwayHost, throwAwayHost } from "../../resources/throw-away-host.ts";

const FOLDER = stateFolder(context.topology);
const SERVICE = { address: "172.16.10.10", port: 80, protocol: "tcp" };
const WANTED: readonly (readonly [kind: string, written: State])[] = [
  ["sysctl", { key: "net.ipv4.conf.all.arp_ignore", value: "1" }],
  ["sysctl", { key: "net.ipv4.ip_forward", value: "1" }],
  ["address", { address: "172.16.10.10", device: "eth0" }],
  ["address", { address: "172.16.10.11", device: "eth0" }],
  ["address", { address: "172.16.30.10", device: "eth1" }],
  ["address", { address: "172.16.10.10", device: "lo" }],
  ["address", { address: "2001:db8::10", device: "eth0" }],
  ["route", { to: "10.1.0.0/16", via: "172.16.20.1" }],
  ["route", { to: "10.2.0.0/16", via: "172.16.20.1", metric: 50 }],
  ["route", { to: "10.3.0.0/16", via: "172.16.31.1", device: "eth1" }],
  ["iptables-rule", { table: "filter", chain: "INPUT", family: 4, rule: ["-d", "172.16.10.10", "-j", "ACCEPT"] }],
  ["ipvs-service", { ...SERVICE, scheduler: "rr" }],
  ["ipvs-destination", { service: SERVICE, address: "172.16.20.20", method: "dr", weight: 1 }],
  ["gratuitous-arp", { address: "172.16.10.10", device: "eth0" }],
  ["gratuitous-arp", { address: "172.16.10.11", device: "eth0" }],
];

/** It has services and real servers in its table, as lines; it says what the real one says, and why it refuses. */
const IPVSADM = `#!/bin/sh
echo "$*" >>/run/ipvsadm
case $1 in
-A) line="service $3" ;;
-a) line="server $3 $5" ;;
*) exit 0 ;;
esac
if grep -qxF "$line" /run/table; then echo "Destination already exists" >&2; exit 1; fi
echo "$line" >>/run/table`;

const SET_UP = `set -e
for name in eth0 eth1; do /sbin/ip link add "$name" type veth peer name "$name-peer"; ip link set "$name" up; ip link set "$name-peer" up; done
ip address add 172.16.20.10/24 dev eth0
ip address add 172.16.31.10/24 dev eth1
: >/run/table
cat >/usr/local/sbin/ipvsadm <<'END'
${IPVSADM}
END
chmod 755 /usr/local/sbin/ipvsadm`;

/** What an administrator takes away by hand. */
const TAKEN = {
  "an address of eth0": "ip address del 172.16.10.10/32 dev eth0",
  "an IPv6 address of eth0": "ip address del 2001:db8::10/128 dev eth0",
  "an address of eth1": "ip address del 172.16.30.10/32 dev eth1",
  "an address of lo": "ip address del 172.16.10.10/32 dev lo",
  "a route by eth0": "ip route del 10.1.0.0/16",
  "a route with a metric": "ip route del 10.2.0.0/16",
  "a route by eth1": "ip route del 10.3.0.0/16",
  rules: "iptables -w -F; iptables -w -X",
  "a service": "sed -i /service/d /run/table",
  "a real server": "sed -i /server/d /run/table",
  "silence by ARP": "echo 0 >/proc/sys/net/ipv4/conf/all/arp_ignore",
  forwarding: "echo 0 >/proc/sys/net/ipv4/ip_forward",
} as const;

/** Succeeds if it is there. */
const LOOKS: Readonly<Record<keyof typeof TAKEN, string>> = {
  "an address of eth0": "ip address show dev eth0 | grep -qF 172.16.10.10/32",
  "an IPv6 address of eth0": "ip address show dev eth0 | grep -qF 2001:db8::10",
  "an address of eth1": "ip address show dev eth1 | grep -qF 172.16.30.10",
  "an address of lo": "ip address show dev lo | grep -qF 172.16.10.10",
  "a route by eth0": "ip route show | grep -qF '10.1.0.0/16 via 172.16.20.1'",
  "a route with a metric": "ip route show | grep -q '10.2.0.0/16 via 172.16.20.1 dev eth0 *metric 50'",
  "a route by eth1": "ip route show | grep -qF '10.3.0.0/16 via 172.16.31.1 dev eth1'",
  rules: "iptables -w -S INPUT | grep -qF LVSCTL",
  "a service": "grep -q service /run/table",
  "a real server": "grep -q server /run/table",
  "silence by ARP": "grep -q 1 /proc/sys/net/ipv4/conf/all/arp_ignore",
  forwarding: "grep -q 1 /proc/sys/net/ipv4/ip_forward",
};

const ALL = Object.keys(TAKEN);
const OF_ETH0 = ["an address of eth0", "an IPv6 address of eth0", "a route by eth0", "a route with a metric"];
const OF_ETH1 = ["an address of eth1", "a route by eth1"];

const TOOLS = ["gnu", "busybox"] as const;

describe.each(TOOLS)("on a host with %s tools", (tools) => {
  let host: ThrowAwayHost;

  beforeEach(async () => {
    host = await throwAwayHost(tools);
    expect(await host.run(SET_UP)).toMatchObject({ status: 0, stderr: "" });
    await host.run(`mkdir -p ${FOLDER}\ncat >${FOLDER}/restore.sh <<'END'\n${await scriptFor(host)}END`);
    expect(await host.run(`sh ${FOLDER}/restore.sh`)).toMatchObject({ status: 0, stderr: "" });
    expect(await missing(host)).toEqual([]);
    await host.run("rm /run/ipvsadm");
  });

  afterEach(() => host.end());

  const cases: readonly (readonly [asks: readonly string[], back: readonly string[], announced: readonly string[]])[] =
    [
      [[], [], []],
      [["network:eth0"], [...OF_ETH0, "silence by ARP"], ["172.16.10.10"]],
      [["network:eth1"], [...OF_ETH1, "silence by ARP"], []],
      [["network:eth7"], [], []],
      [["network:*"], [], []],
      [["network"], [...OF_ETH0, ...OF_ETH1, "an address of lo", "silence by ARP"], ["172.16.10.10"]],
      [["rules"], ["rules"], []],
      [["services"], ["a service", "a real server"], []],
      [["rules", "network:eth1"], [...OF_ETH1, "rules", "silence by ARP"], []],
      [["all"], ALL, ["172.16.10.10", "172.16.10.11"]],
    ];

  test.each(shareOf(cases, tools, TOOLS))(
    "asked for %j, it brings back %j and announces %j",
    async (asks, back, announced) => {
      await host.run(Object.values(TAKEN).join("\n"));
      expect((await missing(host)).length).toBe(ALL.length);
      const done = await restore(asks);
      expect(done).toMatchObject({ status: 0, stderr: "" });
      expect(await missing(host)).toEqual(ALL.filter((name) => !back.includes(name)));
      expect([...done.stdout.matchAll(/gratuitous ARP for (\S+)/g)].map(([, one]) => one)).toEqual(announced);
      expect((await host.run("ls -A /run/lvsctl-asked")).stdout).toBe("");
    },
  );

  test.each(shareOf(["network:eth0", "rules", "services"], tools, TOOLS))(
    "what somebody has changed stays after %s",
    async (ask) => {
      await host.run("ip route replace 10.1.0.0/16 via 172.16.20.99; echo 0 >/proc/sys/net/ipv4/conf/all/arp_ignore");
      await host.run("touch /run/ipvsadm");
      const { stdout } = await restore([ask]);
      expect((await host.run("cat /run/ipvsadm")).stdout).not.toMatch(/^-[Ee]/m);
      expect((await host.run("ip route show 10.1.0.0/16")).stdout).toContain("172.16.20.99");
      expect((await host.run("cat /proc/sys/net/ipv4/conf/all/arp_ignore")).stdout).toBe("0\n");
      expect(stdout).not.toMatch(/FAILED|address|gratuitous/);
    },
  );

  test("a real server that cannot be added for another reason is told", async () => {
    await host.run(`printf '#!/bin/sh\\necho "Memory allocation problem" >&2; exit 1\\n' >/usr/local/sbin/ipvsadm`);
    expect(await restore(["services"], `sed -i 's/now + 60/now + 0/' ${FOLDER}/restore.sh\n`)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining("Memory allocation problem"),
    });
  });

  test("what has to wait for a run is still asked for afterwards", async () => {
    // The run begins while a step is tried again.
    await host.run(`printf '#!/bin/sh\\ntouch /var/lib/lvsctl/.transaction/id; exit 1\\n' >/usr/local/sbin/ipvsadm`);
    const boot = "/proc/sys/kernel/random/boot_id";
    const run = "/var/lib/lvsctl/.transaction";
    const { status, stdout } = await restore(
      ["services"],
      `mkdir -p ${run} /run/lvsctl/progress; cat ${boot} >${run}/boot\n`,
    );
    expect([status, stdout]).toEqual([0, expect.stringContaining("a run is under way")]);
    expect((await host.run("ls -A /run/lvsctl-asked /run/lvsctl")).stdout).toMatch(
      /web-lab.again(.|\n)*web-lab:services/,
    );
  });

  function restore(asks: readonly string[], first = "") {
    const marks = asks.map((ask) => `: >'/run/lvsctl-asked/web-lab:${ask}'`);
    return host.run([`${first}mkdir -p /run/lvsctl-asked`, ...marks, `sh ${FOLDER}/restore.sh asked`].join("\n"));
  }
});

/** The names of what is not there. */
async function missing(host: ThrowAwayHost): Promise<readonly string[]> {
  const questions = Object.entries(LOOKS).map(([name, look]) => `{ ${look}; } || echo '${name}'`);
  return (await host.run(questions.join("\n"))).stdout.split("\n").filter((name) => name !== "");
}

/** The restore script of what is wanted, made from what the host says of itself. */
async function scriptFor(host: ThrowAwayHost): Promise<string> {
  const states = WANTED.flatMap(([name, written]) => {
    const kind = kinds.get(name);
    return (kind?.resolve(written, context) ?? []).map((after) => ({ name, after, key: kind?.key(after) ?? "" }));
  });
  const observed = new Map<string, Observed>();
  for (const [name, kind] of kinds) {
    const own = states.filter((one) => one.name === name).map(({ after }) => after);
    if (own.length > 0) observed.set(name, await host.observe(kind, own));
  }
  const changes = states.map(
    ({ name, key, after }): PlannedChange => ({
      ...{ kind: name, key, host: context.host, action: "create", before: undefined, after },
      ...{ description: "", fields: [], reason: "", why: "", stage: "publish", phase: "build", commands: [] },
      ...{ original: undefined, isAction: false },
    }),
  );
  return formatRestoreScript(restoringSteps(changes, observed, kinds, context), context);
}
