/** A plan that turns IPv6 forwarding on warns of the default routes by advertisements that the kernel then deletes. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadAndCompile } from "../../src/app/load.ts";
import type { DesiredState } from "../../src/compile/desired-state.ts";
import { bareHost } from "../../src/plan/bare-host.ts";
import { judgedPlan } from "../../src/plan/judged-plan.ts";
import { kinds } from "../../src/resources/kinds.ts";
import type { State } from "../../src/resources/resource.ts";

/** As the probe prints it. */
const BY_ETH0 = "route eth0 fe800000000000000000000000000001 1\n";
const BY_VLAN = "route eth0.100 fe8000000000000002005efffe000101 0\n";
const LISTENING = "route eth0 fe800000000000000000000000000001 2\n";

const SWITCH = ["sysctl", { key: "net.ipv6.conf.all.forwarding", value: 1 }] as const;
const accept = (value: number, device = "eth0") =>
  ["sysctl", { key: `net.ipv6.conf.${device}.accept_ra`, value }] as const;
const forwarding = (device: string, value: number) =>
  ["sysctl", { key: `net.ipv6.conf.${device}.forwarding`, value }] as const;

type Wanted = readonly [kind: string, written: State];

/** What the plan warns of on a host that has these routes, and these kernel parameters. */
function warningsOf(
  desired: DesiredState,
  host: string,
  routes: string,
  values: Readonly<Record<string, string>> = { "net.ipv6.conf.all.forwarding": "0" },
) {
  const sysctl = kinds.get("sysctl");
  const context = { topology: desired.topology, host };
  const states = (desired.hosts.get(host) ?? []).flatMap(({ kind, state }) => (kind === "sysctl" ? [state] : []));
  const lines = Object.entries(values).map(([key, value]) => `/proc/sys/${key.replaceAll(".", "/")}:${value}\n`);
  const printed = { sysctl: lines.join(""), "sysctl-advertised": routes };
  const outputs = new Map(
    (sysctl?.read(states, context) ?? []).map(({ name }) => {
      return [name, { stdout: printed[name as keyof typeof printed] ?? "", stderr: "", status: 0 }] as const;
    }),
  );
  const found = bareHost(host, kinds);
  const observed = new Map(found.observed);
  if (sysctl !== undefined) observed.set("sysctl", sysctl.parse(outputs, states, context));
  const { warnings = [] } = judgedPlan(desired, new Map([[host, { ...found, observed }]]), kinds, {});
  return warnings.filter(({ description }) => description.startsWith("sysctl"));
}

function wanted(...steps: readonly Wanted[]): DesiredState {
  const context = { topology: "t", host: "fw" };
  const resources = steps.flatMap(([name, written]) => {
    const kind = kinds.get(name);
    return (kind?.resolve(written, context) ?? []).map((state) => {
      return { kind: name, key: kind?.key(state) ?? "", state, stage: "base-network" as const, why: "", services: [] };
    });
  });
  return { topology: "t", hosts: new Map([["fw", resources]]) };
}

test("it names the host, the interface and the route, and what to write", () => {
  expect(warningsOf(wanted(SWITCH), "fw", BY_ETH0)).toEqual([
    {
      host: "fw",
      description: "sysctl net.ipv6.conf.all.forwarding = 1",
      message:
        "The kernel deletes the default route via fe80::1 dev eth0, which a router has advertised, as soon as this turns IPv6 " +
        "forwarding on. From then on it ignores the advertisements on eth0: routes and addresses that it has from them run " +
        "out. When forwarding is off again, after a rollback or destroy, the default route comes back with the router's next " +
        "advertisement, which can take minutes: the host does not ask for one.",
      hint:
        "Set net.ipv6.conf.eth0.accept_ra to 2 under the host's `sysctls`, before what turns forwarding on, or give the host an " +
        "IPv6 `gateway`.",
    },
  ]);
});

test("where it is set too late, the fix is to move it up", () => {
  expect(warningsOf(wanted(SWITCH, accept(2)), "fw", BY_ETH0).map(({ hint }) => hint)).toEqual([
    "Move net.ipv6.conf.eth0.accept_ra up, before net.ipv6.conf.all.forwarding: `sysctls` are set in their order.",
  ]);
});

const IGNORES = /ignores the advertisements on eth0/;
const COMES_BACK = /forwarding on\. It comes back with the router's next advertisement/;

describe("it warns", () => {
  test.each<readonly [string, readonly Wanted[], string, readonly RegExp[]]>([
    ["of each route", [SWITCH], BY_ETH0 + BY_VLAN, [/fe80::1 dev eth0,/, /fe80::200:5eff:fe00:101 dev eth0\.100,/]],
    ["of one that is to be listened for too late", [SWITCH, accept(2)], BY_ETH0, [IGNORES]],
    [
      "of one that is to be listened for on all interfaces, which the kernel does not do",
      [accept(2, "all"), SWITCH],
      BY_ETH0,
      [IGNORES],
    ],
    ["of one that is to be listened for elsewhere", [accept(2, "eth1"), SWITCH], BY_ETH0, [IGNORES]],
    ["of one that is no longer to be listened for", [accept(1), SWITCH], LISTENING, [IGNORES]],
    ["where its interface alone forwards", [forwarding("eth0", 1)], BY_ETH0, [IGNORES]],
    ["where another interface alone forwards", [forwarding("eth1", 1)], BY_ETH0, [COMES_BACK]],
    ["where its interface alone does not forward", [SWITCH, forwarding("eth0", 0)], BY_ETH0, [COMES_BACK]],
    ["beside a gateway of IPv4", [["route", { to: "default", via: "10.0.0.1" }], SWITCH], BY_ETH0, [IGNORES]],
    [
      "beside a route to another network",
      [["route", { to: "2001:db8::/32", via: "fd00::1" }], SWITCH],
      BY_ETH0,
      [IGNORES],
    ],
  ])("%s", (_what, steps, routes, messages) => {
    const values = {
      "net.ipv6.conf.all.forwarding": "0",
      "net.ipv6.conf.eth0.forwarding": "0",
      "net.ipv6.conf.eth1.forwarding": "0",
    };
    const found = warningsOf(wanted(...steps), "fw", routes, values).map(({ message }) => message);
    expect(found).toEqual(messages.map((message) => expect.stringMatching(message)));
  });

  test("with a name as it is in a topology", () => {
    expect(warningsOf(wanted(SWITCH), "fw", BY_VLAN)[0]?.hint).toContain("net.ipv6.conf.eth0/100.accept_ra to 2");
  });
});

describe("it says nothing", () => {
  const cases: readonly (readonly [string, readonly Wanted[], string, Readonly<Record<string, string>>?])[] = [
    ["without such a route", [SWITCH], ""],
    ["of an answer that it does not understand", [SWITCH], "route eth0 fe80::1 1\nroute ../x 00 1\nroute eth0\n"],
    ["where the host listens anyway", [SWITCH], LISTENING],
    ["where the topology has it listen before", [accept(2), SWITCH], BY_ETH0],
    ["where it has it listen on an interface whose name has a dot", [accept(2, "eth0/100"), SWITCH], BY_VLAN],
    ["where there is to be a gateway", [["route", { to: "default", via: "fd00::1" }], SWITCH], BY_ETH0],
    ["where forwarding is on already", [SWITCH], BY_ETH0, { "net.ipv6.conf.all.forwarding": "1" }],
    ["where forwarding is turned off", [forwarding("all", 0)], BY_ETH0, { "net.ipv6.conf.all.forwarding": "1" }],
    ["of forwarding on interfaces to come", [forwarding("default", 1)], BY_ETH0],
    ["of forwarding of IPv4", [["sysctl", { key: "net.ipv4.ip_forward", value: 1 }]], BY_ETH0],
  ];
  test.each(cases.map(([what, ...more]) => [what, more] as const))("%s", (_what, [steps, routes, values]) => {
    expect(warningsOf(wanted(...steps), "fw", routes, values)).toEqual([]);
  });
});

describe("with the firewall of a topology", () => {
  const topology = (more: string) => `version: 1
name: v6
hosts:
  fw: { role: firewall, interfaces: { eth0: 2001:db8:1::1/64, eth1: 2001:db8:2::1/64 }${more} }
  dr: { role: director, interfaces: { eth0: 2001:db8:2::10/64 }, gateway: 2001:db8:2::1 }
  rs1: { role: real-server, interfaces: { eth0: 2001:db8:2::20/64 }, gateway: 2001:db8:2::1 }
services:
  web: { mode: dr, vip: 2001:db8:2::100, port: 80 }
`;

  test.each([
    ["", 1],
    [", sysctls: { net.ipv6.conf.eth0.accept_ra: 2 }", 0],
    [", sysctls: { net.ipv6.conf.eth1.accept_ra: 2 }", 1],
    [", gateway: 2001:db8:1::fe", 0],
  ])("that has %j in the file, it warns of %i routes", async (more, count) => {
    const folder = mkdtempSync(join(tmpdir(), "lvsctl-advertised-"));
    try {
      const file = join(folder, "v6.yaml");
      writeFileSync(file, topology(more));
      const { desired } = await loadAndCompile(file);
      expect(warningsOf(desired, "fw", BY_ETH0)).toHaveLength(count);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
