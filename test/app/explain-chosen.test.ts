/** `lvsctl explain` shows a real server that can be chosen, who keeps it, and no reply that nobody translates. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { explain } from "../../src/app/explain.ts";
import { formatExplanation } from "../../src/report/explain-text.ts";
import { plainOutput } from "../helpers/plain-output.ts";

const folder = mkdtempSync(join(tmpdir(), "lvsctl-chosen-"));
afterAll(() => rmSync(folder, { recursive: true }));

const output = plainOutput(1000);
const FILE = `version: 1
name: chosen
hosts:
  lb: { role: director, interfaces: { eth0: 192.0.2.10/24, eth1: 10.0.0.1/24 } }
  rs1: { role: real-server, interfaces: { eth0: 10.0.0.11/24 }, gateway: 10.0.0.1 }
  rs2: { role: real-server, interfaces: { eth0: 10.0.0.12/24 }, gateway: 10.0.0.1 }
  c: { role: client, interfaces: { eth0: 192.0.2.9/24 } }
services:
  web: { mode: nat, vip: 192.0.2.100, port: 80, SETTINGS }
`;

describe("a real server", () => {
  test("with weight 0 is not the one that is shown", async () => {
    const { way } = await explained("realServers: { rs1: { weight: 0 }, rs2: {} }");
    expect(way).toMatchObject({ realServer: "rs2", realServers: 1 });
    expect(way?.unlike).toBeUndefined();
  });

  test.each([
    ["fo", "fo takes the one with the highest weight, as long as it is not overloaded."],
    ["ovf", "ovf takes the one with the highest weight, as long as it has no more active connections than its weight."],
  ])("with the highest weight is shown for the scheduler %s", async (scheduler, words) => {
    const { way, text } = await explained(
      `scheduler: ${scheduler}, realServers: { rs1: { weight: 1 }, rs2: { weight: 5 } }`,
    );
    expect(way).toMatchObject({ realServer: "rs2", realServers: 2 });
    expect(text).toContain(words);
  });

  test("is the first one of the file with other schedulers", async () => {
    const { way, text } = await explained("scheduler: wrr, realServers: { rs1: { weight: 1 }, rs2: { weight: 5 } }");
    expect(way).toMatchObject({ realServer: "rs1" });
    expect(text).not.toContain("highest weight");
  });

  test("is said not to be chosen if all have weight 0", async () => {
    const { way, text } = await explained("realServers: { rs1: { weight: 0 }, rs2: { weight: 0 } }");
    expect(way).toMatchObject({ realServer: "rs1", realServers: 0 });
    expect(text).toContain("Every real server has weight 0, so no new client gets one");
  });

  test.each<[settings: string, words: string]>([
    ["persistence: { timeout: 60 }", "at a client's first connection, and the client keeps it until 60 s after"],
    [
      "persistence: { timeout: 60, netmask: 255.255.255.0 }",
      "from a network of clients (255.255.255.0), and all clients in it keep that server until 60 s after",
    ],
    [
      "protocol: udp, persistence: { timeout: 60, engine: sip }",
      "at the first message of a call, and what has the same Call-ID goes there too until 60 s after",
    ],
  ])("is kept by whom the persistence means: %s", async (settings, words) => {
    expect((await explained(settings)).text).toContain(words);
  });
});

describe("one-packet scheduling by NAT", () => {
  test("has no reply that anybody translates", async () => {
    const explanation = await explain("test/fixtures/explain/one-way/topology.yaml", "en");
    const way = explanation.services[0]?.way;
    expect(way).toMatchObject({ isOneWay: true, arrivals: { reply: [] } });
    expect(way?.hops.map(({ direction }) => direction)).not.toContain("reply");
    const text = formatExplanation(explanation, output);
    expect(text).not.toContain("The reply");
    expect(text).not.toContain("remembers");
    expect(text).toContain("c asks 192.0.2.104:514 and awaits no reply");
  });
});

test("a director's own address is the one with which it sends to real servers", async () => {
  const far = FILE.replace("SETTINGS", "masquerade: true")
    .replace("eth1: 10.0.0.1/24 } }", "eth1: 10.1.1.2/24 }, routes: [{ to: 10.0.0.0/24, via: 10.1.1.1 }] }")
    .replace("  c:", "  r: { role: firewall, interfaces: { eth0: 10.1.1.1/24, eth1: 10.0.0.1/24 } }\n  c:");
  const { addresses } = await explainedFile(far);
  expect(addresses?.filter(({ name }) => name === "DIP")).toEqual([{ name: "DIP", address: "10.1.1.2", host: "lb" }]);
});

function explained(settings: string) {
  return explainedFile(FILE.replace("SETTINGS", settings));
}

async function explainedFile(content: string) {
  const file = join(folder, "topology.yaml");
  writeFileSync(file, content);
  const explanation = await explain(file, "en");
  const [service] = explanation.services;
  return { way: service?.way, addresses: service?.addresses, text: formatExplanation(explanation, output) };
}
