import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { loadTopology } from "../helpers/load-topology.ts";
import { isLongRun } from "../helpers/long-run.ts";

const dr = readFileSync(new URL("../../examples/dr.yaml", import.meta.url), "utf8");

function load(text: string, file = "lab.yaml") {
  const { topology, problems } = loadTopology(text, file);
  expect(problems.map(({ message }) => message)).toEqual([]);
  if (topology === undefined) throw new Error("there is no topology");
  return topology;
}

describe("a mode", () => {
  it.each([
    ["./my-mode.yaml", "lab.yaml", "my-mode.yaml"],
    ["../modes/own.yaml", "sub/lab.yaml", "modes/own.yaml"],
    ["/etc/lvsctl/own.yaml", "sub/lab.yaml", "/etc/lvsctl/own.yaml"],
  ])("of one's own, %s in %s, is found from the file's folder", (mode, file, path) => {
    expect(load(dr.replace("mode: dr", `mode: ${mode}`), file).services[0]?.mode).toBe(resolve(path));
  });

  it("of one's own is not judged by the rules of the built-in modes", () => {
    const text = dr
      .replace("mode: dr", "mode: ./own.yaml")
      .replace("port: 80", "port: 80\n    masquerade: true\n    realServers: { rs1: { port: 8080 } }");
    expect(load(text).services[0]?.realServers[0]?.port).toBe(8080);
  });
});

describe("addresses of a service", () => {
  const twoArms = `version: 1
name: arms
networks: { inside: [10.1.0.0/24, 10.2.0.0/24] }
hosts:
  lb: { role: director, interfaces: { a: 192.0.2.1/24, b: 10.1.0.1/24, c: 10.9.0.1/24 }, routes: [{ to: 10.2.0.0/24, device: b }] }
  rs: { role: real-server, interfaces: { m: 10.9.9.9/24, x: [10.2.0.5/24, 10.3.0.5/24] }, gateway: 10.2.0.254 }
services:
  web: { mode: dr, vip: VIP, port: 80 }
`;

  it.each([
    ["192.0.2.100", "a"],
    ["10.2.0.100", "b"],
    ["10.3.0.100", "b"],
    ["100.64.0.1", "b"],
    ["10.9.0.100", "c"],
    ["{ address: 10.2.0.100, interface: a }", "a"],
  ])("VIP %s is carried by %s; DIP and RIP meet on their segment", (vip, device) => {
    const [service] = load(twoArms.replace("VIP", vip)).services;
    expect(service?.directors).toEqual([{ host: "lb", managed: true, address: "10.1.0.1", device }]);
    expect(service?.realServers).toMatchObject([{ host: "rs", address: "10.2.0.5", device: "x" }]);
  });

  it("the written address of a real server wins", () => {
    const text = twoArms
      .replace(
        "mode: dr, vip: VIP, port: 80",
        "mode: tun, vip: 192.0.2.100, port: 80, realServers: { rs: { address: 10.9.9.9 } }",
      )
      .replace("c: 10.9.0.1/24 }", "c: 10.9.9.1/24 }");
    const [service] = load(text).services;
    expect(service?.directors).toEqual([{ host: "lb", managed: true, address: "10.9.9.1", device: "a" }]);
    expect(service?.realServers).toMatchObject([{ address: "10.9.9.9", device: "m" }]);
  });
});

describe("segments", () => {
  it("join what lies on one interface, across hosts, and take the written name", () => {
    const text = `version: 1
name: joined
networks: { lan: 10.2.0.0/24, spare: [10.8.0.0/24] }
hosts:
  lb: { role: director, interfaces: { a: [10.1.0.1/24, 10.2.0.1/24], b: 10.5.0.1/24 } }
  rs: { role: real-server, interfaces: { a: [10.3.0.5/24, 10.1.0.5/24] } }
services:
  web: { mode: dr, vip: 10.1.0.100, port: 80 }
`;
    expect(load(text).segments).toEqual([
      { name: "lan", networks: ["10.2.0.0/24", "10.1.0.0/24", "10.3.0.0/24"] },
      { name: "spare", networks: ["10.8.0.0/24"] },
      { name: "10.5.0.0/24", networks: ["10.5.0.0/24"] },
    ]);
  });
});

describe("a large file", () => {
  function big(realServers: number, services: number): string {
    const rs = Array.from(
      { length: realServers },
      (_, n) =>
        `  rs${n}: { role: real-server, interfaces: { eth0: 10.0.${1 + (n >> 8)}.${n & 255}/16 }, gateway: 10.0.0.1 }`,
    );
    const all = Array.from({ length: services }, (_, n) => [
      `  s${n}:`,
      "    mode: dr",
      `    vip: 10.0.200.${n + 1}`,
      "    port: 80",
      "    realServers:",
      ...Array.from({ length: realServers }, (_, rs) => `      rs${rs}: { weight: ${rs} }`),
    ]);
    return [
      "version: 1",
      "name: big",
      "hosts:",
      "  fw: { role: firewall, interfaces: { eth0: 198.51.100.1/24, eth1: 10.0.0.1/16 } }",
      "  lb: { role: director, interfaces: { eth0: 10.0.0.2/16 }, gateway: 10.0.0.1 }",
      "  client: { role: client, interfaces: { eth0: 198.51.100.9/24 }, gateway: 198.51.100.1 }",
      ...rs,
      "services:",
      ...all.flat(),
    ].join("\n");
  }

  it("loads", () => {
    const [realServers, services] = isLongRun ? [1000, 10] : [400, 3];
    expect(load(big(realServers, services)).services).toHaveLength(services);
  });

  function wide(services: number, ports: string): string {
    const vips = Array.from({ length: 64 }, (_, n) => `10.0.$.${n + 1}`).join(", ");
    const all = Array.from(
      { length: services },
      (_, n) => `  s${n}: { mode: dr, vips: [${vips.replaceAll("$", String(n + 1))}], ports: [${ports}] }`,
    );
    return [
      "version: 1",
      "name: wide",
      "hosts:",
      "  lb: { role: director, interfaces: { eth0: 10.0.0.2/16 } }",
      "  rs1: { role: real-server, interfaces: { eth0: 10.0.0.3/16 }, gateway: 10.0.0.1 }",
      "services:",
      ...all,
    ].join("\n");
  }

  it("may list so many pairs of address and port, and no more", () => {
    const single = Array.from({ length: 32 }, (_, n) => 1000 + n).join(", ");
    const { problems } = loadTopology(wide(5, single), "wide.yaml");
    expect(problems.map(({ code, message, details: { at } }) => [code, message, at?.line])).toEqual([
      [
        "LVS-CONFIG-082",
        'The services of this file have 10240 pairs of address and port, and at most 10000 are possible. "s0" has the most of them, 2048.',
        7,
      ],
    ]);
    expect(load(wide(5, "1000-1031")).services).toHaveLength(5);
    const some = isLongRun ? single : single.split(", ").slice(0, 8).join(", ");
    expect(load(wide(1, some)).services).toHaveLength(isLongRun ? 2048 : 512);
  });
});
