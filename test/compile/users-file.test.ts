/** Where problems are told that only the playbooks find: for built-in ones always in the user's file. */
import { describe, expect, test } from "vitest";
import type { Asking } from "../../src/compile/asking.ts";
import { compile } from "../../src/compile/compile.ts";
import { compileChecks } from "../../src/compile/compile-checks.ts";
import { contradiction } from "../../src/compile/step-problems.ts";
import { formatProblem } from "../../src/document/format-problem.ts";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import type { Playbook, PlaybookSet } from "../../src/playbook/playbook.ts";
import { Playbooks } from "../../src/playbook/playbooks.ts";
import { kinds } from "../../src/resources/kinds.ts";
import { type LoadedTopology, loadTopology } from "../../src/topology/load-topology.ts";
import { isLongRun } from "../helpers/long-run.ts";

const playbooks = new Playbooks(kinds);

/** Every mode and feature, and roles and settings of every kind. */
const EVERYTHING = `version: 1
name: everything
hosts:
  fw:
    role: firewall
    interfaces: { eth0: 10.0.2.1/24, eth1: [192.0.2.1/24, "2001:db8::1/64"] }
  lb:
    role: director
    interfaces: { eth0: [192.0.2.5/24, "2001:db8::5/64"] }
    gateway: 192.0.2.1
    routes: [{ to: 10.7.0.0/16, via: 192.0.2.1 }]
    sysctls: { net.core.somaxconn: 1024 }
  rs:
    role: real-server
    interfaces: { eth0: [192.0.2.11/24, "2001:db8::11/64"] }
    gateway: 192.0.2.1
  pc: { role: client, interfaces: { eth0: 10.0.2.9/24 }, gateway: 10.0.2.1 }
services:
  signals: { mode: dr, vip: 192.0.2.110, port: 99, protocol: sctp, testPage: true }
  dr: { mode: dr, vip: 192.0.2.100, port: 80, testPage: true, log: "dr: ", publish: { on: fw, address: 10.0.2.1, hairpin: true } }
  quiet: { mode: dr, vip: 192.0.2.101, port: 80, arp: arptables }
  six: { mode: dr, vip: "2001:db8::100", port: 80 }
  nat: { mode: nat, vip: 192.0.2.102, port: 80, masquerade: true, synproxy: { on: lb } }
  nat6: { mode: nat, vip: "2001:db8::102", port: 80, masquerade: true }
  words: { mode: nat, vip: 192.0.2.103, port: 53, protocol: udp, masquerade: true, testPage: true }
  marked: { mode: nat, fwmark: 7, match: [{ address: 192.0.2.104, ports: [80] }, { address: 10.9.0.0/24 }], masquerade: true }
  straight: { mode: dr, fwmark: 8, match: [{ address: 192.0.2.107 }, { address: 10.9.1.0/24 }] }
  full: { mode: fullnat, vip: 192.0.2.105, port: 80, localAddresses: [192.0.2.200] }
  full6: { mode: fullnat, vip: "2001:db8::105", port: 80, localAddresses: ["2001:db8::200"] }
  fullmark: { mode: fullnat, fwmark: 9, match: [{ address: 192.0.2.108 }], localAddresses: [192.0.2.201] }
  tun: { mode: tun, vip: 192.0.2.106, port: 80, mssClamp: 1400, tunnel: { type: gue, port: 6080 } }
  files: { mode: nat, vip: 192.0.2.102, port: 21, masquerade: true, helper: ftp }
  fullfiles: { mode: fullnat, vip: 192.0.2.105, port: 21, localAddresses: [192.0.2.200], helper: ftp }
  markedfiles: { mode: fullnat, fwmark: 10, match: [{ address: 192.0.2.109, ports: [21] }], localAddresses: [192.0.2.201], helper: ftp }
  calls: { mode: dr, vip: 192.0.2.101, port: 5060, protocol: udp, persistence: { engine: sip } }
`;

const load = (text: string) => loadTopology(text, "site.yaml", playbooks);
const everything = load(EVERYTHING);

/** The problems of a topology: those of its file, else what compiling finds. */
function problemsOf(
  { topology, written, problems }: LoadedTopology,
  change = (all: PlaybookSet) => all,
): readonly LvsctlError[] {
  if (topology === undefined || written === undefined) return problems;
  const used = change(playbooks.usedBy(topology).playbooks);
  return [() => compile(topology, used, kinds, { written }), () => compileChecks(topology, used, { written })].flatMap(
    (work) => {
      try {
        work();
        return [];
      } catch (error) {
        if (error instanceof LvsctlError) return error.details.problems ?? [error];
        throw error;
      }
    },
  );
}

/** The same playbooks, in which one step cannot write anything. */
function without(all: PlaybookSet, file: string, id: string): PlaybookSet {
  const broken = (playbook: Playbook): Playbook => ({
    ...playbook,
    steps: playbook.steps.map((step) =>
      playbook.file === file && step.id === id ? { ...step, write: fail(step.at) } : step,
    ),
  });
  return {
    host: all.host.map(broken),
    modes: new Map([...all.modes].map(([name, mode]) => [name, broken(mode)])),
    features: all.features.map(broken),
  };
}

function fail(at: NonNullable<LvsctlError["details"]["at"]>) {
  return () => {
    throw new LvsctlError("LVS-PLAYBOOK-005", "It has no value.", { hint: "Fix the playbook.", at, step: "x" });
  };
}

/** In a short run the first two of each playbook. */
const steps = playbooks
  .all()
  .playbooks.flatMap(({ file, steps: all }) =>
    all.slice(0, isLongRun ? all.length : 2).map(({ id }) => ({ file, id })),
  );

describe("a built-in step that fails", () => {
  test("the topology of these tests has no problem as it is", () => {
    expect(problemsOf(everything).map(formatProblem)).toEqual([]);
  });

  test.each(steps)("$file: $id", ({ file, id }) => {
    const problems = problemsOf(everything, (all) => without(all, file, id));
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) {
      const { at, hint, step } = problem.details;
      expect(problem.code).toBe("LVS-CONFIG-069");
      expect(at?.file).toBe("site.yaml");
      expect(EVERYTHING.split("\n")[(at?.line ?? 0) - 1]).toBe(at?.text);
      expect(at?.line).toBeGreaterThan(3);
      expect(step).toBeUndefined();
      expect(hint).toMatch(/^Change or delete `\w+`\.$/);
      expect(problem.message).toMatch(
        /^This does not work for (service \w+|host \w+|service \w+ on host \w+): It has no value\. It is needed for this: \S/,
      );
      expect(formatProblem(problem)).not.toContain("playbooks/");
    }
  });
});

const HOSTS = `version: 1
name: site
hosts:
  lb: { role: director, interfaces: { eth0: 192.0.2.5/24 }LB }
  rs1: { role: real-server, interfaces: { eth0: 192.0.2.11/24 }RS }
services:
  first: { mode: MODE, vip: 192.0.2.99, port: 443 }
  `;

function site(service: string, { lb = "", rs = "", mode = "dr" } = {}): string {
  return `${HOSTS.replace("LB", lb).replace("RS", rs).replace("MODE", mode)}${service}\n`;
}

const GATEWAY = ", gateway: 192.0.2.5";
const NAT = "web: { mode: nat, vip: 192.0.2.100, port: 80 }";
const DR = "web: { mode: dr, vip: 192.0.2.100, port: 80 }";
const TUN = "web: { mode: tun, vip: 192.0.2.100, port: 80 }";
const FULL = "web: { mode: fullnat, vip: 192.0.2.100, port: 80, localAddresses: [192.0.2.200] }";

const refused: Readonly<Record<string, { text: string; code: string; at: string; says: RegExp }>> = {
  "a test page of a service by mark": {
    text: site(
      "ftp: { mode: dr, fwmark: 21, match: [{ address: 192.0.2.100, ports: [21, 8000-8099] }], testPage: true }",
    ),
    code: "LVS-CONFIG-062",
    at: "testPage",
    says: /"rs1" could answer for "ftp".*Delete `testPage`/s,
  },
  "a test page of a service for every port": {
    text: site("all: { mode: dr, vip: 192.0.2.100, port: 0, persistence: {}, testPage: true }"),
    code: "LVS-CONFIG-062",
    at: "testPage",
    says: /Delete `testPage`, or name a port/,
  },
  "no forwarding, with NAT": {
    text: site(NAT, { lb: ", sysctls: { net.ipv4.ip_forward: 0 }", rs: GATEWAY, mode: "nat" }),
    code: "LVS-CONFIG-067",
    at: "net.ipv4.ip_forward",
    says: /"lb" is to have sysctl net\.ipv4\.ip_forward = 0, and service "first" \(mode nat\) needs .* = 1 there\. Replies cross.*Or write 1 here/s,
  },
  "no forwarding, with FullNAT, by a path": {
    text: site(FULL, { lb: ", sysctls: { net/ipv4/ip_forward: 0 }" }),
    code: "LVS-CONFIG-067",
    at: "net/ipv4/ip_forward",
    says: /service "web" \(mode fullnat\) needs/,
  },
  "no forwarding by its other name, with NAT": {
    text: site(NAT, { lb: ", sysctls: { net.ipv4.conf.all.forwarding: 0 }", rs: GATEWAY, mode: "nat" }),
    code: "LVS-CONFIG-067",
    at: "net.ipv4.conf.all.forwarding",
    says: /have sysctl net\.ipv4\.conf\.all\.forwarding = 0, another name of net\.ipv4\.ip_forward, and service "first" \(mode nat\) needs .* = 1 there/,
  },
  "one parameter by its two names, with two values": {
    text: site(DR, { rs: ", sysctls: { net.ipv4.ip_forward: 1, net.ipv4.conf.all.forwarding: 0 }" }),
    code: "LVS-CONFIG-068",
    at: "net.ipv4.conf.all.forwarding",
    says: /"rs1" is to have sysctl net\.ipv4\.ip_forward = 1, and this asks for sysctl net\.ipv4\.conf\.all\.forwarding = 0, another name of net\.ipv4\.ip_forward\. On the host they are one thing/,
  },
  "one parameter in two spellings, with two values": {
    text: site(DR, { rs: ", sysctls: { net.core.somaxconn: 4096, net/core/somaxconn: 1024 }" }),
    code: "LVS-CONFIG-068",
    at: "net/core/somaxconn",
    says: /Delete one of the two/,
  },
  "redirects, with NAT": {
    text: site(NAT, { lb: ", sysctls: { net.ipv4.conf.eth0.send_redirects: 1 }", rs: GATEWAY, mode: "nat" }),
    code: "LVS-CONFIG-067",
    at: "net.ipv4.conf.eth0.send_redirects",
    says: /needs .* = 0 there/,
  },
  "real servers that answer ARP": {
    text: site(DR, { rs: ", sysctls: { net.ipv4.conf.all.arp_ignore: 0 }" }),
    code: "LVS-CONFIG-067",
    at: "net.ipv4.conf.all.arp_ignore",
    says: /"rs1" is to have .* must not answer ARP/s,
  },
  "arp_ignore 8, which silences the host's own address too": {
    text: site(DR, { rs: ", sysctls: { net.ipv4.conf.all.arp_ignore: 8 }" }),
    code: "LVS-CONFIG-067",
    at: "net.ipv4.conf.all.arp_ignore",
    says: /Or write 1 here/,
  },
  "arp_announce 1": {
    text: site(DR, { rs: ", sysctls: { net.ipv4.conf.all.arp_announce: 1 }" }),
    code: "LVS-CONFIG-067",
    at: "net.ipv4.conf.all.arp_announce",
    says: /Or write 2 here/,
  },
  "source checks, with tunnels": {
    text: site(TUN, { rs: ", sysctls: { net.ipv4.conf.all.rp_filter: 1 }" }),
    code: "LVS-CONFIG-067",
    at: "net.ipv4.conf.all.rp_filter",
    says: /service "web" \(mode tun\) needs .* = 0/,
  },
  "loose source checks, with tunnels of a service by mark, whose device has no address": {
    text: site("web: { mode: tun, fwmark: 21, match: [{ address: 192.0.2.100, ports: [80] }] }", {
      rs: ", sysctls: { net.ipv4.conf.tunl0.rp_filter: 2 }",
    }),
    code: "LVS-CONFIG-067",
    at: "net.ipv4.conf.tunl0.rp_filter",
    says: /service "web" \(mode tun\) needs .* = 0 there.* loosely \(2\) does so where the tunnel device has no address/s,
  },
  "a firewall that does not forward": {
    text: site(DR, { lb: ", sysctls: { net.ipv4.ip_forward: 0 }" }).replace(
      "role: director",
      "roles: [director, firewall]",
    ),
    code: "LVS-CONFIG-067",
    at: "net.ipv4.ip_forward",
    says: /"lb" itself needs/,
  },
  "two prefix lengths for one address": {
    text: site(
      "web: { mode: dr, vip: { address: 192.0.2.100, prefix: 24 }, port: 80 }\n  more: { mode: dr, vip: { address: 192.0.2.100, prefix: 32 }, port: 81 }",
    ),
    code: "LVS-CONFIG-061",
    at: "32",
    says: /has the prefix length 32 here and 24 in "web"/,
  },
  "a route to the network that a virtual address brings": {
    text: site("web: { mode: dr, vip: { address: 198.51.100.9, prefix: 24, interface: eth0 }, port: 80 }", {
      lb: ", routes: [{ to: 198.51.100.0/24, via: 192.0.2.1 }]",
    }),
    code: "LVS-CONFIG-067",
    at: "routes",
    says: /"lb" is to have route 198\.51\.100\.0\/24 via 192\.0\.2\.1, and service "web" \(mode dr\) needs/,
  },
};

describe("what the user's file cannot have", () => {
  test.each(Object.entries(refused))("%s", (_name, { text, code, at, says }) => {
    const problems = problemsOf(load(text));
    expect(problems.map((problem) => problem.code)).toEqual([code]);
    const [problem] = problems as readonly [LvsctlError];
    const { line = 0, column = 0, length = 0, file } = problem.details.at ?? {};
    expect(file).toBe("site.yaml");
    expect(text.split("\n")[line - 1]?.slice(column - 1, column - 1 + length)).toBe(at);
    expect(formatProblem(problem)).toMatch(says);
    expect(formatProblem(problem)).not.toMatch(/playbooks\//);
  });

  test.each([
    {
      text: site(DR, { rs: ", sysctls: { net.ipv4.conf.all.arp_ignore: 2 }" }),
      host: "rs1",
      key: "arp_ignore",
      value: "2",
    },
    {
      text: site(DR, { rs: ", sysctls: { net.ipv4.conf.all.arp_ignore: 1 }" }),
      host: "rs1",
      key: "arp_ignore",
      value: "1",
    },
    {
      text: site(TUN, { rs: ", sysctls: { net.ipv4.conf.all.rp_filter: 2 }" }),
      host: "rs1",
      key: "all.rp_filter",
      value: "2",
    },
    {
      text: site(TUN, { rs: ", sysctls: { net/ipv4/conf/tunl0/rp_filter: 2 }" }),
      host: "rs1",
      key: "tunl0.rp_filter",
      value: "2",
    },
  ])("$key $value does what the mode needs", ({ text, host, key, value }) => {
    const { topology } = load(text);
    if (topology === undefined) throw new Error("no topology");
    const { hosts } = compile(topology, playbooks.usedBy(topology).playbooks, kinds);
    const states = hosts
      .get(host)
      ?.filter((one) => one.key.endsWith(key))
      .map(({ state }) => state["value"]);
    expect(states).toEqual([value]);
  });
});

test("two parts of one entry that want different things are called by what they are", () => {
  const playbook = { isBuiltIn: true, kind: "mode", name: "dr", asks: [] };
  const asking = (service: string) =>
    ({
      playbook,
      step: { asks: [] },
      scope: { host: { name: "lb" }, service: { name: service } },
    }) as unknown as Asking;
  const kind = { kind: "thing", diff: () => ["value"] } as unknown as Parameters<typeof contradiction>[0]["kind"];
  const between = (one: string, other: string) =>
    contradiction({ kind, key: "k", state: { value: 1 }, asking: asking(one) }, { value: 2 }, asking(other), {
      language: "en",
    }).message;
  const differing = "different states of thing k: value 1 and 2.";
  expect(between("web:80", "web:443")).toBe(
    `On "lb", parts of service "web" (web, port 80; web, port 443) need ${differing}`,
  );
  expect(between("web", "web")).toBe(`On "lb", service "web" needs ${differing}`);
  expect(between("web", "shop")).toBe(
    `On "lb", service "web" (mode dr) and service "shop" (mode dr) need ${differing}`,
  );
});
