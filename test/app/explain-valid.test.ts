/** `lvsctl explain` of files in which `validate` finds nothing: every service is answered, or it is said why not. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { explain } from "../../src/app/explain.ts";
import type { ExplainedService } from "../../src/report/explanation.ts";
import { loadTopology } from "../helpers/load-topology.ts";

const folder = mkdtempSync(join(tmpdir(), "lvsctl-valid-"));
afterAll(() => rmSync(folder, { recursive: true }));

const fixtures = new URL("../fixtures/topology/", import.meta.url);
const examples = new URL("../../examples/", import.meta.url);
const good = readdirSync(fixtures)
  .filter((name) => name.startsWith("good-") && !existsSync(new URL(`${name}/warnings.txt`, fixtures)))
  .map((name) => [name, fileURLToPath(new URL(`${name}/input.yaml`, fixtures))] as const);
const shown = readdirSync(examples)
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => [name, fileURLToPath(new URL(name, examples))] as const);

test.each([...good, ...shown])("%s: without a warning every service is answered", async (_name, file) => {
  for (const service of (await explain(file, "en")).services) expectAnswer(service);
});

/** What stands in place of an answer is told: that nobody serves, or that nobody knows the way. */
function expectAnswer({ name, way, addresses, isPathless }: ExplainedService): void {
  if (way === undefined) {
    expect({ name, isTold: isPathless === true || addresses.every((one) => one.name !== "RIP") }).toEqual({
      name,
      isTold: true,
    });
    return;
  }
  const ends = [way, ...(way.unlike ?? []), ...(way.beside ?? []).flatMap((other) => other.ends)];
  const all = ends.map(({ isAnswered, endless }) => ({ name, isAnswered, endless }));
  expect(all).toEqual(ends.map(() => ({ name, isAnswered: true, endless: undefined })));
}

const V4 = {
  fw: "fw: { role: firewall, interfaces: { e0: 198.51.100.1/24, e1: 10.0.0.1/24 }, gateway: 198.51.100.254 }",
  lb: "lb: { role: director, interfaces: { e0: 10.0.0.2/24, e1: 10.0.1.2/24 }, gateway: 10.0.0.1 }",
  near: "rs1: { role: real-server, interfaces: { e0: 10.0.0.11/24 }, gateway: 10.0.0.1 }",
  behind: "rs1: { role: real-server, interfaces: { e0: 10.0.1.11/24 }, gateway: 10.0.1.2 }",
  publish: "vip: 10.0.0.100, port: 80, publish: { on: fw, address: 198.51.100.1 }",
};
const V6 = {
  fw: 'fw: { role: firewall, interfaces: { e0: "2001:db8:9::1/64", e1: "2001:db8:a::1/64" }, gateway: "2001:db8:9::fe" }',
  lb: 'lb: { role: director, interfaces: { e0: "2001:db8:a::2/64", e1: "2001:db8:b::2/64" }, gateway: "2001:db8:a::1" }',
  near: 'rs1: { role: real-server, interfaces: { e0: "2001:db8:a::11/64" }, gateway: "2001:db8:a::1" }',
  behind: 'rs1: { role: real-server, interfaces: { e0: "2001:db8:b::11/64" }, gateway: "2001:db8:b::2" }',
  publish: 'vip: "2001:db8:a::100", port: 80, publish: { on: fw, address: "2001:db8:9::1", port: 8080 }',
};
/** The two families of a host in one. */
const both = (four: string, six: string) => {
  const addresses = [...six.matchAll(/e\d: ("[^"]+")/g)].map(([, address]) => address);
  const gateway = /gateway: ("[^"]+")/.exec(six)?.[1];
  let index = 0;
  return four
    .replace(/(e\d): ([\d./]+)/g, (_all, device, address) => `${device}: [${address}, ${addresses[index++]}]`)
    .replace(/gateway: ([\d.]+)/, (_all, address) => `gateway: [${address}, ${gateway}]`);
};
const WALL = V4.fw.replace("role: firewall", "roles: [firewall, director]");

describe("a published service without a client in the file", () => {
  test.each<[what: string, hosts: readonly string[], services: readonly string[]]>([
    ["IPv4, dr", [V4.fw, V4.lb, V4.near], [`mode: dr, ${V4.publish}`]],
    ["IPv6, dr", [V6.fw, V6.lb, V6.near], [`mode: dr, ${V6.publish}`]],
    ["IPv4, nat", [V4.fw, V4.lb, V4.behind], [`mode: nat, ${V4.publish}`]],
    ["IPv6, nat", [V6.fw, V6.lb, V6.behind], [`mode: nat, ${V6.publish}`]],
    ["masquerade, hairpin", [V4.fw, V4.lb, V4.near], [`mode: nat, masquerade: true, ${V4.publish}`]],
    [
      "both families",
      [both(V4.fw, V6.fw), both(V4.lb, V6.lb), both(V4.behind, V6.behind)],
      [`mode: nat, ${V4.publish}`, `mode: nat, ${V6.publish}`],
    ],
    ["the firewall as the director, nat", [WALL, V4.near], [`mode: nat, ${V4.publish}`]],
    [
      "the firewall as the director, fullnat",
      [WALL, V4.near],
      [`mode: fullnat, localAddresses: [10.0.0.200], ${V4.publish}`],
    ],
    ["with a way out for real servers", [V4.fw, V4.lb, V4.behind], [`mode: nat, internet: true, ${V4.publish}`]],
    [
      "several ports and a SYN proxy",
      [V4.fw, V4.lb, V4.near],
      [
        `mode: nat, masquerade: true, ${V4.publish.replace("port: 80", "ports: [80, 8000-8099]")}`,
        `mode: fullnat, localAddresses: [10.0.0.200], synproxy: { on: fw }, vip: 10.0.0.101, port: 90, publish: { on: fw, address: 198.51.100.1 }`,
      ],
    ],
  ])("is shown to a client elsewhere: %s", async (_what, hosts, services) => {
    const text = `version: 1\nname: published\nhosts:\n${hosts.map((host) => `  ${host}\n`).join("")}services:\n${services.map((service, index) => `  web${index}: { ${service} }\n`).join("")}`;
    const { problems, warnings } = loadTopology(text, "published.yaml");
    // One real server is enough here.
    const found = [...problems, ...warnings].filter(({ code }) => code !== "LVS-CONFIG-112");
    expect(found.map(({ code, message }) => `${code} ${message}`)).toEqual([]);
    const file = join(folder, "published.yaml");
    writeFileSync(file, text);
    const explained = (await explain(file, "en")).services;
    expect(explained).toHaveLength(services.length);
    for (const service of explained) {
      expectAnswer(service);
      expect(service).toMatchObject({ sentFrom: "here", way: { isClientElsewhere: true, isAnswered: true } });
      expect(service.excluded).toBeUndefined();
      const hops = service.way?.hops ?? [];
      expect(hops[0]).toMatchObject({ from: "a client", to: "fw" });
      expect(hops.at(-1)).toMatchObject({ to: "a client", source: service.way?.target, destination: "CIP" });
    }
  });
});
