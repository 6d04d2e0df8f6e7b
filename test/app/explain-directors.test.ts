/** `lvsctl explain` with several directors, and the address that each director has for each real server. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { explain } from "../../src/app/explain.ts";
import { formatExplanation } from "../../src/report/explain-text.ts";
import type { ExplainedService } from "../../src/report/explanation.ts";
import { loadTopology } from "../helpers/load-topology.ts";
import { plainOutput } from "../helpers/plain-output.ts";

const folder = mkdtempSync(join(tmpdir(), "lvsctl-directors-"));
afterAll(() => rmSync(folder, { recursive: true }));

const output = plainOutput(200);
const fixture = (name: string) => `test/fixtures/topology/${name}/input.yaml`;

describe("with several directors", () => {
  test("the way is by the one that the client's routes lead to, and the other is named", async () => {
    const { services } = await explain(fixture("good-two-directors"), "en");
    expect(services[0]?.way).toMatchObject({ director: "lb2", isAnswered: true, directorSees: "both" });
    expect(hopsOf(services[0])).not.toContain("lb2 → lb");
    expect(services[0]?.way?.beside).toEqual([{ director: "lb", clients: [], ends: [] }]);
    expect(await printed(fixture("good-two-directors"))).toContain(
      "lb has the service too; nothing in the file leads requests to it.",
    );
  });

  test("each client's requests are said to come to its own", async () => {
    const { services } = await explain(fixture("good-two-directors-apart"), "en");
    expect(services[0]?.way).toMatchObject({ client: "near", director: "lb1" });
    expect(services[0]?.way?.beside).toMatchObject([
      { director: "lb2", clients: ["far"], ends: [{ isAnswered: true, realServers: ["rs1"] }] },
    ]);
    expect(await printed(fixture("good-two-directors-apart"))).toContain(
      "Requests from far come to lb2 instead: it treats them in the same way. The client is answered.",
    );
  });

  test("what one does otherwise than the other is shown", async () => {
    const text = await printed(fixture("good-directors-serve-each-other"));
    const [, , others = ""] = text.split(/Other directors|What verify sends/);
    expect(others).toBeDefined();
    expect(text).toContain("Requests that come to cp2: it treats them in another way.\n    At cp2:");
    expect(text).toContain("The client is answered, if it is where routes lead there and back.");
  });

  test("a publishing firewall's routes decide which one gets the requests", async () => {
    const firewall = (to: string) =>
      `fw: { role: firewall, interfaces: { e0: 198.51.100.1/24, e1: 10.0.0.1/24 }, gateway: 198.51.100.254, routes: [{ to: 10.9.9.9/32, via: ${to} }] }`;
    for (const [to, met, other] of [
      ["10.0.0.2", "lb1", "lb2"],
      ["10.0.0.3", "lb2", "lb1"],
    ] as const) {
      const service = await explained(
        [
          firewall(to),
          "lb1: { role: director, interfaces: { e0: 10.0.0.2/24, e1: 10.0.1.2/24 }, gateway: 10.0.0.1 }",
          "lb2: { role: director, interfaces: { e0: 10.0.0.3/24, e1: 10.0.1.3/24 }, gateway: 10.0.0.1 }",
          "rs1: { role: real-server, interfaces: { e0: 10.0.1.11/24 } }",
        ],
        "mode: nat, masquerade: true, vip: 10.9.9.9, port: 80, publish: { on: fw, address: 198.51.100.1 }",
      );
      expect(service.way).toMatchObject({ director: met, isAnswered: true });
      expect(hopsOf(service)).toContain(`fw → ${met}`);
      expect(service.way?.beside).toEqual([{ director: other, clients: [], ends: [] }]);
    }
  });

  test("only the one that a client's requests come to has to have a way back to it", async () => {
    const hosts = [
      "lb1: { role: director, interfaces: { e0: 10.0.0.2/24, e1: 10.0.1.2/24 } }",
      "lb2: { role: director, interfaces: { e0: 10.0.3.3/24, e1: 10.0.1.3/24 } }",
      "rs1: { role: real-server, interfaces: { e0: 10.0.1.11/24 }, gateway: 10.0.1.2, routes: [{ to: 10.0.3.0/24, via: 10.0.1.3 }] }",
      "near: { role: client, interfaces: { e0: 10.0.0.7/24 }, routes: [{ to: 10.9.9.9/32, via: 10.0.0.2 }] }",
      "far: { role: client, interfaces: { e0: 10.0.3.7/24 }, routes: [{ to: 10.9.9.9/32, via: 10.0.3.3 }] }",
    ];
    const works = await explained(hosts, "mode: nat, vip: 10.9.9.9, port: 80");
    expect(works.excluded).toBeUndefined();
    expect(works.way?.beside).toMatchObject([{ director: "lb2", clients: ["far"], ends: [{ isAnswered: true }] }]);
  });

  test("replies that come to another director than the requests are an error", () => {
    const { problems } = loadTopology(
      topology(
        [
          "lb1: { role: director, interfaces: { e0: 10.0.0.2/24, e1: 10.0.1.2/24 } }",
          "lb2: { role: director, interfaces: { e0: 10.0.3.3/24, e1: 10.0.1.3/24 } }",
          "rs1: { role: real-server, interfaces: { e0: 10.0.1.11/24 }, gateway: 10.0.1.2 }",
          "far: { role: client, interfaces: { e0: 10.0.3.7/24 }, gateway: 10.0.3.3 }",
          "r: { role: firewall, interfaces: { e0: 10.0.0.1/24, e1: 10.0.3.1/24 } }",
        ].map((host) => host.replace("e1: 10.0.1.2/24 }", "e1: 10.0.1.2/24 }, gateway: 10.0.0.1")),
        "mode: nat, vip: 10.9.9.9, port: 80",
      ),
      "lab.yaml",
    );
    expect(problems.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'LVS-CONFIG-037 In mode nat the director has to see the replies: "rs1" answers 10.0.3.7 through "lb1", and "lb2", to which its requests come, does not see these replies.',
    ]);
    expect(problems[0]?.details.hint).toContain("via: 10.0.1.3");
  });
});

describe("the address that hides a client or is around its packet", () => {
  const hosts = [
    "lb: { role: director, interfaces: { e0: 10.0.0.1/24, e1: 10.0.1.1/24, e2: [10.0.2.9/24, 10.0.3.1/24] } }",
    "rs1: { role: real-server, interfaces: { e0: 10.0.1.11/24 }, gateway: 10.0.1.1 }",
    "rs2: { role: real-server, interfaces: { e0: 10.0.2.12/24 }, gateway: 10.0.2.9 }",
    "rs3: { role: real-server, interfaces: { e0: 10.0.3.13/24 }, gateway: 10.0.3.1 }",
    "pc: { role: client, interfaces: { e0: 10.0.0.7/24 } }",
  ];

  /** In a tunnel real servers answer past the director. */
  const past = (host: string) => host.replace(/gateway: (10\.0\.\d)\.\d/, "gateway: $1.254");
  const r =
    "r: { role: firewall, interfaces: { e0: 10.0.0.254/24, e1: 10.0.1.254/24, e2: [10.0.2.254/24, 10.0.3.254/24] } }";

  test.each([
    ["rs1", "10.0.1.1"],
    ["rs2", "10.0.2.9"],
    ["rs3", "10.0.3.1"],
  ])("is that on the way to %s", async (server, address) => {
    const servers = ["rs1", "rs2", "rs3"].filter((name) => name !== server);
    for (const realServers of [[server, ...servers], [server]]) {
      const list = `realServers: [${realServers.join(", ")}]`;
      const own = hosts.filter((host) => !host.startsWith("rs") || realServers.some((name) => host.startsWith(name)));
      const hidden = await explained(own, `mode: nat, masquerade: true, vip: 10.0.0.100, port: 80, ${list}`);
      expect(hidden.way).toMatchObject({ peer: address, isAnswered: true });
      const wrapped = await explained([...own.map(past), r], `mode: tun, vip: 10.0.0.100, port: 80, ${list}`);
      expect(wrapped.way?.hops.find(({ outer }) => outer)?.outer?.source).toBe(address);
    }
  });

  test("is the virtual address where that alone brings the network of the real servers", async () => {
    const service = await explained(
      [
        "lb: { role: director, interfaces: { e0: 10.0.0.1/24 } }",
        "rs1: { role: real-server, interfaces: { e0: 198.51.100.11/24 } }",
        "pc: { role: client, interfaces: { e0: 198.51.100.7/24 } }",
      ],
      "mode: nat, masquerade: true, vip: { address: 198.51.100.100, interface: e0, prefix: 24 }, port: 80",
      "networks: { lan: [10.0.0.0/24, 198.51.100.0/24] }\n",
    );
    expect(service.way).toMatchObject({ peer: "198.51.100.100", isAnswered: true });
  });

  test("is, on a publishing firewall, that on the way to the virtual address", async () => {
    const service = await explained(
      [
        "fw: { role: firewall, interfaces: { e0: 198.51.100.1/24, e1: 10.0.0.1/24, e2: 10.0.5.1/24 }, routes: [{ to: 10.9.9.9/32, via: 10.0.5.2 }] }",
        "lb: { role: director, interfaces: { e0: 10.0.0.2/24, e1: 10.0.5.2/24 }, gateway: 10.0.5.1 }",
        "rs1: { role: real-server, interfaces: { e0: 10.0.0.11/24 }, gateway: 10.0.0.1 }",
        "pc: { role: client, interfaces: { e0: 10.0.0.7/24 }, gateway: 10.0.0.1 }",
      ],
      "mode: tun, vip: { address: 10.9.9.9, interface: e0 }, port: 80, publish: { on: fw, address: 198.51.100.1, hairpin: true }",
    );
    expect(service.way).toMatchObject({ client: "pc", peer: "10.0.5.1", isAnswered: true });
  });
});

function topology(hosts: readonly string[], service: string, more = ""): string {
  return `version: 1\nname: directors\n${more}hosts:\n${hosts.map((host) => `  ${host}\n`).join("")}services:\n  web: { ${service} }\n`;
}

/** The service of a valid topology of these hosts, explained. */
async function explained(hosts: readonly string[], service: string, more = ""): Promise<ExplainedService> {
  const text = topology(hosts, service, more);
  expect(loadTopology(text, "lab.yaml").problems.map(({ message }) => message)).toEqual([]);
  const file = join(folder, "lab.yaml");
  writeFileSync(file, text);
  const [first] = (await explain(file, "en")).services;
  if (first === undefined) throw new Error("no service");
  return first;
}

async function printed(file: string): Promise<string> {
  return formatExplanation(await explain(file, "en"), output);
}

function hopsOf({ way }: ExplainedService | { readonly way?: undefined } = {}): readonly string[] {
  const hostOf = (stop: string) => stop.replace(/ e[a-z]*\d+$/, "");
  return (way?.hops ?? []).map(({ from, to }) => `${hostOf(from)} → ${hostOf(to)}`);
}
