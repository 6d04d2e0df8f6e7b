/** Whatever a packet filter drops by default: our chains let in each service's requests, and its replies out. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type LoadedTopology, loadAndCompile } from "../../src/app/load.ts";
import { matches, type Packet } from "../../src/resources/iptables/packet-match.ts";
import type { IptablesRuleState } from "../../src/resources/iptables/rule-state.ts";
import type { RealServer, Service } from "../../src/topology/topology.ts";

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));
const fixtures = fileURLToPath(new URL("../fixtures/compile/", import.meta.url));
const files = [
  ...readdirSync(examples).map((name) => [name, `${examples}${name}`] as const),
  ...readdirSync(fixtures, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith("/input.yaml") && !name.startsWith("errors"))
    .map((name) => [name, `${fixtures}${name}`] as const),
];

const CLIENT = { source: "198.51.100.77", sourcePort: 50_000 };
const CLIENT6 = { source: "2001:db8:ffff::77", sourcePort: 50_000 };

/** What the first of our rules in a built-in chain that can apply to a packet does with it. */
function verdict({ desired }: LoadedTopology, host: string, chain: string, packet: Packet): string | undefined {
  const states = (desired.hosts.get(host) ?? [])
    .filter(({ kind }) => kind === "iptables-rule")
    .map(({ state }) => state as unknown as IptablesRuleState);
  const family = packet.destination.includes(":") ? 6 : 4;
  const jump = states.find(
    (one) => one.table === "filter" && one.chain === chain && one.declares && one.family === family,
  );
  const rules = states.filter(({ table, chain: own }) => table === "filter" && own === jump?.declares);
  const rule = rules.find((one) => one.family === family && matches(withoutFlags(one.rule), packet) !== "no")?.rule;
  return rule?.[rule.indexOf("-j") + 1];
}

/** A rule that lets a connection's packets pass, but not its first one, is tried with a later packet. */
function withoutFlags(rule: readonly string[]): readonly string[] {
  const at = rule.indexOf("--tcp-flags");
  return rule[at - 1] === "!" ? [...rule.slice(0, at - 1), ...rule.slice(at + 3)] : rule;
}

/** A request to a service as it comes in, for each of its addresses and ports. */
function requests({ vip, port, protocol, match, family }: Service): readonly Packet[] {
  const from = family === 6 ? CLIENT6 : CLIENT;
  if (vip !== undefined)
    return protocol === "tcp" ? [{ ...from, destination: vip.address, destinationPort: port || 4_711 }] : [];
  return match
    .filter((entry) => entry.protocol === "tcp")
    .flatMap(({ address, ports }) =>
      ports.map((range) => ({
        ...from,
        destination: address.split("/")[0] ?? "",
        destinationPort: Number(range.split("-")[0]),
      })),
    );
}

describe.each(files)("%s", async (_name, path) => {
  const loaded = await loadAndCompile(path);
  const { topology, treatments } = loaded;
  const hosts = new Map(topology.hosts.map((host) => [host.name, host]));
  const isDirector = (service: Service, { host }: RealServer) => service.directors.some((one) => one.host === host);

  test.each(topology.services.map((service) => [service.name, service] as const))("%s", (_service, service) => {
    const treatment = treatments.get(service);
    for (const packet of requests(service)) {
      for (const { host } of service.directors) {
        const isProxy = service.synproxy?.on === host && service.publish?.on !== host;
        expect([host, verdict(loaded, host, "INPUT", packet)]).toEqual([host, isProxy ? "SYNPROXY" : "ACCEPT"]);
      }
      for (const server of service.realServers) {
        if (!hosts.get(server.host)?.managed || isDirector(service, server)) continue;
        const rewritten = treatment?.rewrites("destination");
        if (rewritten && server.port === 0 && service.vip) continue; // Every port is never opened on the server's own address.
        const arrives = rewritten
          ? { ...packet, destination: server.address, destinationPort: server.port || packet.destinationPort }
          : packet;
        const from = arrives.destination.includes(":") ? CLIENT6 : CLIENT;
        const seen = [server.host, verdict(loaded, server.host, "INPUT", { ...arrives, ...from })];
        expect(seen).toEqual([server.host, "ACCEPT"]);
      }
    }
    const { publish } = service;
    if (
      publish === undefined ||
      !hosts.get(publish.on)?.managed ||
      service.directors.some(({ host }) => host === publish.on)
    )
      return;
    const inside = { ...CLIENT, destination: publish.to, destinationPort: service.port ?? publish.port };
    const { source, sourcePort, destination, destinationPort } = inside;
    const reply = {
      source: destination,
      sourcePort: destinationPort,
      destination: publish.to.includes(":") ? CLIENT6.source : source,
      destinationPort: sourcePort,
    };
    if (publish.to.includes(":")) Object.assign(inside, CLIENT6);
    expect([inside, reply].map((packet) => verdict(loaded, publish.on, "FORWARD", packet))).toEqual([
      "ACCEPT",
      "ACCEPT",
    ]);
  });
});

test("no other port is opened", async () => {
  const loaded = await loadAndCompile(`${examples}dr.yaml`);
  const packet = { ...CLIENT, destination: "172.16.10.10", destinationPort: 22 };
  for (const host of ["dr", "rs1"]) expect(verdict(loaded, host, "INPUT", packet)).toBeUndefined();
  expect(verdict(loaded, "fw", "FORWARD", packet)).toBeUndefined();
  expect(
    verdict(loaded, "rs1", "INPUT", { ...packet, destination: "172.16.20.20", destinationPort: 80 }),
  ).toBeUndefined();
});
