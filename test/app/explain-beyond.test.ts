/** `lvsctl explain` where packets pass a host more than once, or routers that are not in the file: what it shows works. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { explain } from "../../src/app/explain.ts";
import { formatExplanation } from "../../src/report/explain-text.ts";
import type { ExplainedService } from "../../src/report/explanation.ts";
import { loadTopology } from "../helpers/load-topology.ts";
import { plainOutput } from "../helpers/plain-output.ts";

const folder = mkdtempSync(join(tmpdir(), "lvsctl-beyond-"));
afterAll(() => rmSync(folder, { recursive: true }));

const MODES = {
  masquerade: "mode: nat, vip: 192.0.2.100, port: 80, masquerade: true",
  own: "mode: nat, vip: 192.0.2.10, port: 80, masquerade: true",
  fullnat: "mode: fullnat, vip: 192.0.2.100, port: 80, localAddresses: [192.0.2.11]",
  tun: "mode: tun, vip: 192.0.2.100, port: 80",
  marked: "mode: fullnat, fwmark: 7, match: [{ address: 192.0.2.100, ports: [80] }], localAddresses: [192.0.2.11]",
} as const;

const FAR = "rs1: { role: real-server, interfaces: { eth0: 198.51.100.21/24 }, gateway: 198.51.100.1 }";
const NEAR = {
  whole:
    "lb: { role: director, interfaces: { eth0: 192.0.2.10/32 }, gateway: 192.0.2.1, routes: [{ to: 192.0.2.1/32, device: eth0 }] }",
  subnet: "lb: { role: director, interfaces: { eth0: 192.0.2.10/24 }, gateway: 192.0.2.1 }",
};
const CLIENTS = {
  beside: "pc: { role: client, interfaces: { eth0: 192.0.2.7/24 }, gateway: 192.0.2.1 }",
  far: "pc: { role: client, interfaces: { eth0: 203.0.113.7/24 }, gateway: 203.0.113.1 }",
  none: undefined,
};

describe("through routers that are not in the file", () => {
  const cases = Object.keys(MODES).flatMap((mode) =>
    Object.keys(NEAR).flatMap((near) => Object.keys(CLIENTS).map((client) => [mode, near, client] as const)),
  );

  test.each(cases)("%s, %s, client %s: replies come to whom they are for", async (mode, near, client) => {
    const hosts = [NEAR[near as keyof typeof NEAR], FAR, CLIENTS[client as keyof typeof CLIENTS]];
    const [service] = await explained(hosts, { web: MODES[mode as keyof typeof MODES] });
    expect(service?.excluded).toBeUndefined();
    expect(service?.way).toMatchObject({ isAnswered: true, directorSees: mode === "tun" ? "requests" : "both" });
    const back = service?.way?.hops.filter(({ direction }) => direction === "reply") ?? [];
    expect(back[0]?.from).toMatch(/^rs1/);
    expect(back[0]?.to).toMatch(mode === "tun" ? /^(a client|pc)/ : /^lb/);
  });

  test("a reply that only the publishing firewall can translate is not said to pass it by", async () => {
    const fw =
      "fw: { role: firewall, interfaces: { eth0: 203.0.113.1/24, eth1: 192.0.2.1/24 }, gateway: 203.0.113.254 }";
    const published = `${MODES.tun}, publish: { on: fw, address: 203.0.113.1 }`;
    for (const client of [CLIENTS.far, CLIENTS.none]) {
      const [service] = await explained([fw, NEAR.subnet, FAR, client], { web: published });
      expect(service?.way?.hops.map(({ from, to }) => `${hostOf(from)} → ${hostOf(to)}`).slice(-2)).toEqual([
        "rs1 → fw",
        `fw → ${client === undefined ? "a client" : "pc"}`,
      ]);
      expect(service?.way).toMatchObject({ isAnswered: true, relies: [{ direction: "reply", host: "fw" }] });
    }
  });

  test("what these have to do is said where nothing in the file says it", async () => {
    const explanation = await explain("test/fixtures/explain/relies/topology.yaml", "en");
    const text = formatExplanation(explanation, plainOutput(1000));
    expect(
      text
        .split("\n")
        .filter((line) => /is answered( from there)?[ ,]/.test(line))
        .map((line) => line.trim()),
    ).toEqual([
      "c asks 203.0.113.2:80 and is answered from there if rs1 is chosen.",
      "If rs2 is chosen, the client is answered, if routers outside of the topology send the reply to fw.",
      "c asks 203.0.113.2:81 and is answered from there, if routers outside of the topology send the reply to fw.",
      "c asks 198.51.100.80:80 and is answered from there, if routers outside of the topology have a route to 198.51.100.80 by lb.",
    ]);
    const zh = await explain("test/fixtures/explain/relies/topology.yaml", "zh");
    expect(formatExplanation(zh, plainOutput(1000))).toContain("，前提是拓扑之外的路由器把回复送到 fw。");
  });
});

describe("through the publishing firewall more than once", () => {
  const FW = "fw: { role: firewall, interfaces: { eth0: 198.51.100.1/24, eth1: 192.0.2.1/24, eth2: 10.9.0.1/24 } }";
  const RS = "rs1: { role: real-server, interfaces: { eth0: 10.9.0.11/24 }, gateway: 10.9.0.1 }";
  const OUTSIDE = "pc: { role: client, interfaces: { eth0: 198.51.100.7/24 }, gateway: 198.51.100.1 }";
  const INSIDE = "pc: { role: client, interfaces: { eth0: 10.9.0.7/24 }, gateway: 10.9.0.1 }";
  const publish = (more = "") => `publish: { on: fw, address: 198.51.100.1${more} }`;

  test.each([
    ["masquerade", OUTSIDE, publish()],
    ["fullnat", OUTSIDE, publish()],
    ["tun", OUTSIDE, publish()],
    ["masquerade", INSIDE, publish(", hairpin: true")],
    ["tun", INSIDE, publish(", hairpin: true")],
    ["fullnat", OUTSIDE, `${publish()}, synproxy: { on: fw }`],
    ["fullnat", OUTSIDE, "synproxy: { on: fw }"],
    ["masquerade", undefined, publish()],
  ] as const)("%s: it translates once each way", async (mode, client, more) => {
    const [service] = await explained([FW, NEAR.subnet, RS, client], { web: `${MODES[mode]}, ${more}` });
    const { way } = service ?? {};
    expect(way).toMatchObject({ isAnswered: true });
    expect(way?.endless).toBeUndefined();
    const passages = (direction: string) =>
      way?.hops.filter((hop) => hop.direction === direction && hostOf(hop.from) === "fw") ?? [];
    const busy = (direction: string) => passages(direction).filter(({ points }) => points.length > 0);
    expect(busy("request")).toHaveLength(1);
    expect(busy("reply")).toHaveLength(more.includes("publish") ? 1 : 0);
    expect(passages("request").length + passages("reply").length).toBeGreaterThan(2);
  });
});

test("a director that forwards requests to the publishing firewall does nothing to them until they are for its own address", async () => {
  const hosts = [
    "fw: { role: firewall, interfaces: { eth0: 192.0.2.1/24 }, routes: [{ to: 10.9.1.0/24, via: 192.0.2.254 }] }",
    "r: { role: firewall, interfaces: { eth0: 10.9.1.1/24, eth1: 10.9.0.254/24, eth2: 192.0.2.254/24 }, routes: [{ to: 192.0.2.1/32, via: 10.9.0.1 }] }",
    "lb: { role: director, interfaces: { eth0: 192.0.2.10/24, eth1: 10.9.0.1/24 }, gateway: 192.0.2.1 }",
    "rs1: { role: real-server, interfaces: { eth0: 192.0.2.11/24 }, gateway: 192.0.2.10 }",
    "pc: { role: client, interfaces: { eth0: 10.9.1.7/24 }, gateway: 10.9.1.1 }",
  ];
  const [service] = await explained(hosts, {
    web: `${MODES.masquerade}, publish: { on: fw, address: 192.0.2.1 }`,
  });
  const requests = service?.way?.hops.filter(({ direction }) => direction === "request") ?? [];
  expect(requests.map(({ from, points }) => [hostOf(from), points.length])).toEqual([
    ["pc", 0],
    ["r", 0],
    ["lb", 0],
    ["fw", 1],
    ["lb", 2],
  ]);
  expect(service?.way?.isAnswered).toBe(true);
});

/** The services of a valid topology of these hosts, explained. */
async function explained(
  hosts: readonly (string | undefined)[],
  services: Readonly<Record<string, string>>,
): Promise<readonly ExplainedService[]> {
  const lines = [
    "version: 1\nname: beyond\nhosts:",
    ...hosts.filter((host) => host !== undefined).map((host) => `  ${host}`),
    "services:",
    ...Object.entries(services).map(([name, text]) => `  ${name}: { ${text} }`),
  ];
  const text = `${lines.join("\n")}\n`;
  expect(loadTopology(text, "beyond.yaml").problems.map(({ message }) => message)).toEqual([]);
  const file = join(folder, "beyond.yaml");
  writeFileSync(file, text);
  return (await explain(file, "en")).services;
}

function hostOf(stop: string): string {
  return stop.replace(/ e[a-z]*\d+$/, "");
}
