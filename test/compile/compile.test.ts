/** What compiling does with playbooks, whatever they say: on small resource kinds and made-up playbooks. */
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import type { DesiredState } from "../../src/compile/desired-state.ts";
import { formatProblem } from "../../src/document/format-problem.ts";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import { loadPlaybook } from "../../src/playbook/load-playbook.ts";
import type { Playbook, PlaybookSet } from "../../src/playbook/playbook.ts";
import type { Service, Topology } from "../../src/topology/topology.ts";
import { drTopology } from "../helpers/dr-topology.ts";
import { fakeKinds } from "../playbook/fake-kinds.ts";
import { expectGolden } from "../playbook/golden.ts";

const [web] = drTopology.services as readonly [Service];

describe("a compiled topology", () => {
  test("has every host, in the order of the file, also those of which nothing is asked", () => {
    const desired = compile(drTopology, modes(mode(step({ on: "director" }))), fakeKinds);
    expect([...desired.hosts.keys()]).toEqual(["fw", "dr", "rs1", "rs2", "client"]);
    expect(desired.hosts.get("client")).toEqual([]);
  });

  test("orders resources by stage, and within a stage by the steps", () => {
    const playbook = mode(
      step({ id: "last", stage: "publish", with: "{ name: d }" }),
      step({ id: "second", stage: "director-network", with: "{ name: b }" }),
      step({ id: "third", stage: "director-network", with: "{ name: c }" }),
      step({ id: "first", stage: "kernel-modules", with: "{ name: a }" }),
    );
    expect(keys(compile(drTopology, modes(playbook), fakeKinds), "dr")).toEqual(["a", "b", "c", "d"]);
  });

  test("binds rs on each real server and director on each director", () => {
    const playbook = mode(
      step({ id: "there", on: "real-server", with: '{ name: "${{ rs.address }} ${{ host.name }}" }' }),
      step({ id: "here", on: "director", with: '{ name: "${{ director.address }} ${{ host.name }}" }' }),
    );
    const desired = compile(drTopology, modes(playbook), fakeKinds);
    expect(keys(desired, "rs1")).toEqual(["172.16.20.20 rs1"]);
    expect(keys(desired, "rs2")).toEqual(["172.16.20.30 rs2"]);
    expect(keys(desired, "dr")).toEqual(["172.16.20.10 dr"]);
  });

  test("repeats a step for the elements of lists, the last one fastest, where the condition holds", () => {
    const playbook = mode(
      step({
        repeat: "{ server: service.realServers, network: 'topology.segments[0].networks' }",
        when: 'server.host != "rs1" || network.startsWith("172.16.10.")',
        with: '{ name: "${{ server.host }} ${{ network }}", port: "${{ server.port }}" }',
      }),
    );
    const desired = compile(drTopology, modes(playbook), fakeKinds);
    expect(keys(desired, "dr")).toEqual(["rs1 172.16.10.0/24", "rs2 172.16.10.0/24", "rs2 172.16.20.0/24"]);
    expect(desired.hosts.get("dr")?.[0]?.state).toEqual({ name: "rs1 172.16.10.0/24", port: 80 });
  });

  test("runs a step on the hosts that an expression names", () => {
    const one = mode(step({ on: "${{ service.publish.on }}" }));
    expect(keys(compile(drTopology, modes(one), fakeKinds), "fw")).toEqual(["a"]);
    const several = mode(step({ on: "${{ topology.hosts.filter(h, 'client' in h.roles).map(h, h.name) }}" }));
    expect(keys(compile(drTopology, modes(several), fakeKinds), "client")).toEqual(["a"]);
  });

  test("leaves out an optional property that is absent, and keeps one that is there", () => {
    const playbook = mode(
      step({ id: "absent", with: '{ name: a, inner: "${{ service.?persistence }}" }' }),
      step({ id: "inner", with: '{ name: b, port: "${{ service.?vip.?prefix }}" }' }),
    );
    const absent = compile(drTopology, modes(playbook), fakeKinds).hosts.get("dr");
    expect(absent?.map(({ state }) => state)).toEqual([{ name: "a" }, { name: "b", port: 32 }]);
    const { vip: _, ...withoutVip } = web;
    const persistent = { ...withoutVip, persistence: { timeout: 300 } };
    const present = compile({ ...drTopology, services: [persistent] }, modes(playbook), fakeKinds).hosts.get("dr");
    expect(present?.map(({ state }) => state)).toEqual([{ name: "a", inner: { timeout: 300 } }, { name: "b" }]);
  });

  test("runs a host playbook once a host, for a role or for any", () => {
    const playbook = load(
      step({ id: "all", on: "any", with: '{ name: "${{ host.name }}" }' }) +
        step({ id: "walls", on: "firewall", with: "{ name: wall }" }),
      "kind: host",
    );
    const desired = compile(drTopology, { host: [playbook], modes: new Map(), features: [] }, fakeKinds);
    expect([...desired.hosts].map(([host]) => keys(desired, host))).toEqual([
      ["fw", "wall"],
      ["dr"],
      ["rs1"],
      ["rs2"],
      ["client"],
    ]);
    expect(desired.hosts.get("fw")?.[0]?.services).toEqual([]);
  });

  test("uses a feature for the services that have it", () => {
    const feature = load(step({ with: '{ name: "${{ service.name }}" }' }), "kind: feature\nwhen: service.testPage");
    const services = [web, { ...web, name: "plain", testPage: false }];
    const desired = compile(
      { ...drTopology, services },
      { host: [], modes: new Map(), features: [feature] },
      fakeKinds,
    );
    expect(keys(desired, "dr")).toEqual(["web"]);
  });

  test("merges what several services ask for, in the earliest stage and with the first reason", () => {
    const early = mode(step({ stage: "kernel-modules", why: "It comes first." }));
    const late = mode(step({ stage: "publish", why: "It comes later." }));
    const services = [
      { ...web, mode: "late" },
      { ...web, name: "api", mode: "early" },
    ];
    const playbooks = { host: [], modes: new Map([["late", late], ["early", early]]), features: [] }; // biome-ignore format: one line
    const [resource, ...others] = compile({ ...drTopology, services }, playbooks, fakeKinds).hosts.get("dr") ?? [];
    expect(others).toEqual([]);
    expect(resource).toMatchObject({ stage: "kernel-modules", why: "It comes later.", services: ["web", "api"] });
  });

  test("gives an action what it follows, on whatever host, for the same service", () => {
    const playbook = mode(
      step({ id: "many", repeat: "{ server: service.realServers }", with: '{ name: "${{ server.host }}" }' }),
      step({ id: "other", with: "{ name: other }" }),
      `  - { id: told, on: director, stage: announce, resource: shout, with: { words: hi }, follows: [many], why: So. }\n`,
    );
    const desired = compile(drTopology, modes(playbook), fakeKinds).hosts.get("dr") ?? [];
    expect(desired.find(({ kind }) => kind === "shout")?.follows).toEqual(["dr thing rs1", "dr thing rs2"]);
    expect(desired.filter(({ kind }) => kind === "thing").every(({ follows }) => follows === undefined)).toBe(true);
  });

  test("is the same every time", () => {
    const playbook = mode(step({ on: "real-server", with: '{ name: "${{ rs.host }}" }' }));
    const twice = [1, 2].map(() => JSON.stringify([...compile(drTopology, modes(playbook), fakeKinds).hosts]));
    expect(twice[0]).toBe(twice[1]);
  });
});

describe("a topology that playbooks do not fit", () => {
  const golden = (name: string) => new URL(`../fixtures/compile/errors/${name}.txt`, import.meta.url);

  test("two steps that want different things of one resource", () => {
    const playbook = mode(
      step({ id: "small", with: "{ name: a, port: 80 }" }),
      step({ id: "large", with: "{ name: a, port: 8080, mode: tun }" }),
    );
    expectGolden(failure(drTopology, modes(playbook)), golden("contradiction"));
  });

  test("an absent field", () => {
    const { vip: _, ...withoutVip } = web;
    const playbook = mode(step({ with: '{ name: "vip ${{ service.vip.address }}" }' }));
    expectGolden(failure({ ...drTopology, services: [withoutVip] }, modes(playbook)), golden("absent-field"));
  });

  test("a value that the resource cannot be", () => {
    const playbook = mode(step({ with: '{ name: a, port: "${{ service.port * 1000 }}" }' }));
    expectGolden(failure(drTopology, modes(playbook)), golden("unfit-value"));
  });

  test("a host that is not there", () => {
    const playbook = mode(step({ on: '${{ service.publish.on + "x" }}' }));
    expectGolden(failure(drTopology, modes(playbook)), golden("unknown-host"));
  });

  test("several steps, all told at once", () => {
    const playbook = mode(
      step({ id: "one", on: "real-server", with: '{ name: a, port: "${{ rs.port * 1000 }}" }' }),
      step({ id: "two", with: '{ name: "${{ service.realServers[9].host }}" }' }),
    );
    expectGolden(failure(drTopology, modes(playbook)), golden("several"));
  });

  test("a step that asks for far too much", () => {
    const many = { ...web, realServers: Array.from({ length: 400 }, () => web.realServers[0]) } as Service;
    const repeat = "{ one: service.realServers, two: service.realServers }";
    const failed = failure({ ...drTopology, services: [many] }, modes(mode(step({ repeat }))));
    expect(failed).toContain("LVS-PLAYBOOK-008");
  });
});

test("compiles 1,000 real servers and 10 services", () => {
  const playbook = mode(
    step({ id: "there", on: "real-server", with: '{ name: "${{ service.name }} ${{ rs.port }}" }' }),
    step({ id: "here", repeat: "{ server: service.realServers }", with: '{ name: "${{ server.host }} ${{ service.port }}" }' }), // biome-ignore format: one line
  );
  const desired = compile(largeTopology(1000, 10), modes(playbook), fakeKinds);
  expect(desired.hosts.get("dr")).toHaveLength(10_000);
});

function largeTopology(realServers: number, services: number): Topology {
  const servers = Array.from({ length: realServers }, (_, index) => ({
    ...(web.realServers[0] as Service["realServers"][number]),
    host: `r${index}`,
    address: `10.${index >> 8}.${index & 255}.1`,
  }));
  const host = drTopology.hosts[2] as Topology["hosts"][number];
  return {
    ...drTopology,
    hosts: [...drTopology.hosts, ...servers.map((server) => ({ ...host, name: server.host }))],
    services: Array.from({ length: services }, (_, index) => ({
      ...web,
      name: `s${index}`,
      port: 8000 + index,
      realServers: servers,
    })),
  };
}

function step(properties: Readonly<Record<string, string>>): string {
  const defaults = { id: "one", on: "director", stage: "director-network", resource: "thing", with: "{ name: a }" };
  const lines = Object.entries({ ...defaults, why: "It is needed.", ...properties }).map(
    ([name, value]) => `    ${name}: ${value}`,
  );
  return `  -\n${lines.join("\n")}\n`;
}

function mode(...steps: readonly string[]): Playbook {
  return load(steps.join(""), "kind: mode");
}

function load(steps: string, kind: string): Playbook {
  const text = `playbook: mine\n${kind}\ntitle: Mine\nsummary: Made up.\nsteps:\n${steps}`;
  const { playbook, problems } = loadPlaybook(text, "mine.yaml", fakeKinds);
  if (playbook === undefined) throw new Error(problems.map(formatProblem).join("\n"));
  return playbook;
}

function modes(playbook: Playbook): PlaybookSet {
  return { host: [], modes: new Map([["dr", playbook]]), features: [] };
}

function keys(desired: DesiredState, host: string): readonly string[] {
  return (desired.hosts.get(host) ?? []).map(({ key }) => key);
}

function failure(topology: Topology, playbooks: PlaybookSet): string {
  try {
    compile(topology, playbooks, fakeKinds);
  } catch (error) {
    if (!(error instanceof LvsctlError)) throw error;
    const all = error.code === "LVS-PLAYBOOK-000" ? [error, ...(error.details.problems ?? [])] : [error];
    return `${all.map(formatProblem).join("\n\n")}\n`;
  }
  throw new Error("it compiled");
}
