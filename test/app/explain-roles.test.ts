/** `lvsctl explain` of hosts with several roles: what it shows is what the kernel does, and what the warnings say. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { explain } from "../../src/app/explain.ts";
import { formatExplanation } from "../../src/report/explain-text.ts";
import type { ExplainedService } from "../../src/report/explanation.ts";
import { loadTopology } from "../helpers/load-topology.ts";
import { randomCases } from "../helpers/long-run.ts";
import { plainOutput } from "../helpers/plain-output.ts";

const folder = mkdtempSync(join(tmpdir(), "lvsctl-roles-"));
afterAll(() => rmSync(folder, { recursive: true }));

const output = plainOutput(200);

const OWN = "test/fixtures/topology/good-client-has-roles/input.yaml";

describe("a real server that is a client", () => {
  test("asks through the director, which hides its address, and is answered through it", async () => {
    const text = lab({ lb: ["director"], rs1: ["real-server", "client"] }, "mode: nat, masquerade: true");
    const [service] = (await explained(text)).services;
    expect(hopsOf(service)).toEqual([
      "rs1 eth0 → lb eth0: 10.0.0.11 → 10.0.0.100:80",
      "lb eth0 → rs1 eth0: 10.0.0.1 → 10.0.0.11:80",
      "rs1 eth0 → lb eth0: 10.0.0.11:80 → 10.0.0.1",
      "lb eth0 → rs1 eth0: 10.0.0.100:80 → 10.0.0.11",
    ]);
    expect(service?.way).toMatchObject({ peer: "10.0.0.1", directorSees: "both", isAnswered: true });
  });

  test("is given no steps of a real server where it is the client", async () => {
    const { services } = await explain(OWN, "en", "full");
    const asClient = lab(
      { lb: ["director"], rs1: ["real-server", "client"] },
      "mode: fullnat, localAddresses: [10.0.0.77]",
    );
    const [service] = (await explained(asClient)).services;
    expect(service?.way?.arrivals.reply).toEqual([]);
    expect(services[0]?.way?.isAnswered).toBe(true);
  });
});

describe("a director that is a client", () => {
  test.each([
    ["plain", "10.0.0.100"],
    ["hidden", "10.0.1.1"],
    ["full", "10.0.0.202"],
    ["alone", "10.0.0.104"],
    ["wrapped", "10.0.0.105"],
  ])("asks %s from the virtual address, and real servers see %s", async (name, peer) => {
    const { services } = await explain(OWN, "en", name);
    const [{ addresses, way, excluded } = { addresses: [] }] = services;
    expect(addresses.find((one) => one.name === "CIP")).toMatchObject({ host: "lb" });
    expect(addresses.find((one) => one.name === "CIP")?.address).toBe(
      addresses.find((one) => one.name === "VIP")?.address,
    );
    expect(way).toMatchObject({ peer, isAnswered: true, directorSees: "both" });
    expect(excluded?.map(({ client }) => client) ?? []).not.toContain("lb");
  });
});

describe("a director that is its own real server", () => {
  test.each(["dr", "tun", "nat", "fullnat, localAddresses: [10.0.0.77]"])(
    "gets its requests as they came, in mode %s",
    async (mode) => {
      const text = lab({ lb: ["director", "real-server"], pc: ["client"] }, `mode: ${mode}`, "10.0.9");
      const [service] = (await explained(text)).services;
      const whys = [service?.way?.hops ?? [], [{ points: service?.way?.arrivals.request ?? [] }]].flat();
      const said = whys.flatMap(({ points }) => points.map(({ why }) => why)).join(" ");
      expect(said).not.toMatch(/MAC address|on lo|never sees|local address/);
      expect(service?.way?.hops.every(({ outer }) => outer === undefined)).toBe(true);
      expect(service?.way).toMatchObject({ peer: "10.0.9.50", directorSees: "both", isAnswered: true });
    },
  );
});

const ROLES = ["real-server", "client"] as const;
const MODES = [
  ...["nat", "nat, masquerade: true", "dr", "tun", "fullnat, localAddresses: [10.0.0.77]"].map(
    (mode) => `mode: ${mode}`,
  ),
];

describe("a client that is not in the file", () => {
  const nobody = lab({ lb: ["director"], rs1: ["real-server"] }, "mode: nat, masquerade: true");
  const excluded = lab({ lb: ["director"], rs1: ["real-server", "client"] }, "mode: nat");
  const client = lab({ lb: ["director"], rs1: ["real-server"], pc: ["client"] }, "mode: nat, masquerade: true");

  test.each([
    [nobody, true, "here"],
    [excluded, true, "nowhere"],
    [client, undefined, undefined],
  ])("stands for others where none of the file can be shown", async (text, isClientElsewhere, sentFrom) => {
    const [service] = (await explained(text)).services;
    expect([service?.way?.isClientElsewhere, service?.sentFrom]).toEqual([isClientElsewhere, sentFrom]);
  });

  test("is called that, and nothing is said of routers that nobody knows of", async () => {
    const text = formatExplanation(await explained(nobody), output);
    expect(text).toContain("The path is that of a client which is not in the file; CIP is its address.");
    expect(text).toContain(
      "a client asks 10.0.0.100:80 and is answered from there, if it is where routes lead there and back.",
    );
    expect(text).toContain("What verify sends from this machine, as the file has no client to log in to");
    expect(text).not.toContain("outside of the topology");
    const others = formatExplanation(await explained(excluded), output);
    expect(others).toContain("What verify would send from a client on this path");
    expect(formatExplanation(await explained(client), output)).toContain("What verify sends\n");
  });
});

test("explain and the warnings agree on every client of every topology", async () => {
  const roles = fc.subarray([...ROLES], { minLength: 1 });
  const hosts = fc.record({
    lb: fc.constantFrom(["director"], ["director", "client"], ["director", "real-server", "client"]),
    rs1: roles,
    rs2: roles,
    pc: fc.constant(["client"]),
  });
  let judged = 0;
  await fc.assert(
    fc.asyncProperty(
      hosts,
      fc.constantFrom(...MODES),
      fc.constantFrom("10.0.0", "10.0.1", "10.0.2"),
      fc.boolean(),
      fc.boolean(),
      async (own, mode, net, isPublished, isRouterKnown) => {
        const publish = isPublished ? ", publish: { on: fw, address: 198.51.100.1 }" : "";
        const fw = isPublished ? ["firewall", "client"] : ["firewall"];
        const text = lab({ ...own, ...(isPublished || isRouterKnown ? { fw } : {}) }, `${mode}${publish}`, net);
        const { topology, warnings } = loadTopology(text, "lab.yaml");
        if (topology === undefined) return;
        judged += 1;
        const { services } = await explained(text);
        const warned = warnings
          .filter(({ code }) => code === "LVS-CONFIG-059")
          .map(({ message }) => message)
          .join("\n");
        for (const { way, excluded = [] } of services) {
          for (const { client, reason } of excluded)
            if (warned.includes(`"${client}"`)) expect(warned).toContain(reason);
          const unanswered = new Set(excluded.map(({ client }) => client));
          for (const { name, roles: its } of topology.hosts) {
            if (!its.includes("client")) continue;
            const isWarned = warnings.some(({ message }) => message.includes(`equests of "${name}" to`));
            if (its.length > 1 && unanswered.has(name)) expect([name, isWarned, text]).toEqual([name, true, text]);
            if (isWarned) expect([...unanswered]).toContain(name);
          }
          if (way === undefined) continue;
          expect(unanswered).not.toContain(way.client);
          if (way.client !== "a client") expect([way.isAnswered, text]).toEqual([true, text]);
        }
      },
    ),
    { numRuns: randomCases(300) },
  );
  expect(judged).toBeGreaterThan(15);
});

/** Hosts of the subnet 10.0.0.0/24, and one, `pc`, of another; the director and the firewall are in all of them. */
function lab(roles: Readonly<Record<string, readonly string[]>>, service: string, net = "10.0.0"): string {
  const isTranslated = /nat/.test(service);
  const addresses: Readonly<Record<string, string>> = {
    fw: "{ eth0: 198.51.100.1/24, eth1: 10.0.0.254/24 }, routes: [{ to: 10.0.1.0/24, via: 10.0.0.1 }]",
    lb: "{ eth0: 10.0.0.1/24, eth1: 10.0.1.1/24 }, gateway: 10.0.0.254",
    rs1: `{ eth0: 10.0.0.11/24 }, gateway: ${isTranslated ? "10.0.0.1" : "10.0.0.254"}`,
    rs2: isTranslated ? "{ eth0: 10.0.1.12/24 }, gateway: 10.0.1.1" : "{ eth0: 10.0.0.12/24 }, gateway: 10.0.0.254",
    pc: `{ eth0: ${net}.50/24 }, gateway: ${net}.1`,
  };
  const hosts = Object.entries(roles).map(
    ([name, its]) => `  ${name}: { roles: [${its.join(", ")}], interfaces: ${addresses[name]} }`,
  );
  return `version: 1\nname: lab\nhosts:\n${hosts.join("\n")}\nservices:\n  web: { vip: 10.0.0.100, port: 80, ${service} }\n`;
}

async function explained(text: string) {
  const file = join(folder, "lab.yaml");
  writeFileSync(file, text);
  return explain(file, "en");
}

function hopsOf(service: ExplainedService | undefined): readonly string[] {
  return (service?.way?.hops ?? []).map(
    ({ from, to, source, destination }) => `${from} → ${to}: ${source} → ${destination}`,
  );
}
