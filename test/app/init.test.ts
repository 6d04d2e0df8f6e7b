/** `lvsctl init`: the file of each mode is test/fixtures/init/MODE.yaml; wrong answers are refused with the reason. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { explain } from "../../src/app/explain.ts";
import { initTopology, makeTopology } from "../../src/app/init.ts";
import { findingsIn, loadAndCompile } from "../../src/app/load.ts";
import type { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import { formatModes, formatRefusal, formatStarted } from "../../src/report/started.ts";
import { modeNames } from "../helpers/mode-names.ts";
import { plainOutput } from "../helpers/plain-output.ts";
import { expectPlainTexts } from "../helpers/plain-texts.ts";
import { expectGolden } from "../playbook/golden.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lvsctl-init-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const output = plainOutput(80);

/** `--vip 10.0.0.100 --port 80` as what was given. */
function givenBy(flags: string): ReadonlyMap<string, readonly string[]> {
  const given = new Map<string, string[]>();
  for (const [, name = "", text = ""] of flags.matchAll(/--(\S+) (\S+)/g)) {
    given.set(name, [...(given.get(name) ?? []), text]);
  }
  return given;
}

const make = (mode: string, flags: string) => makeTopology("topology.yaml", { mode, given: givenBy(flags) });

/** What is found in a topology, besides that it has one real server. */
function findingsBesidesOne(text: string): readonly string[] {
  const { problems, warnings } = findingsIn(text, "topology.yaml");
  return [...problems, ...warnings].map(({ code }) => code).filter((code) => code !== "LVS-CONFIG-112");
}

describe.each(modeNames())("%s", (mode) => {
  test("alone gives a file that validates without a warning, compiles, and can be explained", async () => {
    const file = join(folder, `${mode}.yaml`);
    const { explanation } = await initTopology(file, { mode, given: new Map() });
    const text = readFileSync(file, "utf8");
    expectGolden(text, new URL(`../fixtures/init/${mode}.yaml`, import.meta.url));
    expect(findingsIn(text, file)).toEqual({ problems: [], warnings: [] });
    expect((await loadAndCompile(file)).desired.hosts.size).toBeGreaterThan(3);
    expect(explanation.services[0]?.way).toMatchObject({ client: "client", isAnswered: true, realServers: 2 });
    const shown = formatStarted(`${mode}.yaml`, explanation, output);
    expectGolden(shown, new URL(`../fixtures/init/${mode}.shown.txt`, import.meta.url));
    expect(`${text}${shown}`.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });
});

const DR = "--director 10.0.0.2/24 --real-server 10.0.0.11/24";

const TINY = `--director 10.0.0.2/29 ${[1, 3, 4].map((host) => `--real-server 10.0.0.${host}/29`).join(" ")} --vip 10.0.0.5`;

describe("flags", () => {
  it.each([
    ["dr", `${DR} --real-server 10.0.0.12/24 --vip 10.0.0.100 --client 10.0.0.50/24 --port 8080`],
    ["dr", `${DR} --vip 10.0.0.100 --gateway 10.0.0.1`],
    ["dr", "--director 2001:db8::2/64 --real-server 2001:db8::11/64 --vip 2001:db8::100 --client 2001:db8::50/64"],
    ["nat", `${DR} --vip 10.0.0.100 --client 10.0.0.50/24`],
    ["nat", `${DR} --vip 10.0.0.100 --client 192.0.2.5/24 --firewall 192.0.2.1/24 --firewall 10.0.0.1/24`],
    ["tun", `${DR} --vip 10.0.0.100 --client 10.0.0.50/24`],
    ["fullnat", `${DR} --vip 10.0.0.100 --client 10.0.0.50/24 --local-address 10.0.0.201`],
  ])("%s %s make a file that validates", async (mode, flags) => {
    const text = await make(mode, flags);
    expect(findingsBesidesOne(text)).toEqual([]);
  });

  it.each([
    ["dr", `${DR} --vip 10.0.0.100`, "10.0.0.50/24"],
    ["dr", `${DR} --real-server 10.0.0.50/24 --vip 10.0.0.51`, "10.0.0.52/24"],
    ["dr", TINY, "10.0.0.6/29"],
    ["dr", "--director 2001:db8::2/64 --real-server 2001:db8::11/64 --vip 2001:db8::100", "2001:db8::50/64"],
    ["nat", `${DR} --vip 10.0.0.100`, "10.0.0.50/24"],
    ["nat", "--director 192.0.2.2/24 --director 10.0.0.1/24 --real-server 10.0.0.11/24 --vip 192.0.2.100", "192.0.2.50/24"], // biome-ignore format: one line
    ["fullnat", `${DR} --vip 10.0.0.100 --local-address 10.0.0.201`, "10.0.0.50/24"],
  ])("%s %s, which say nothing of clients, get one for the lab", async (mode, flags, client) => {
    const text = await make(mode, flags);
    expect(text).toContain("  client:                     # an example for the lab: replace or delete it\n");
    expect(text).toContain(`{ eth0: ${client} }`);
    expect(findingsBesidesOne(text)).toEqual([]);
  });

  it("by which the real servers' replies could go past the director make it masquerade", async () => {
    expect(await make("nat", `${DR} --vip 10.0.0.100 --client 10.0.0.50/24`)).toContain("masquerade: true");
    expect(await make("nat", "--director 192.0.2.2/24 --director 10.0.0.1/24 --real-server 10.0.0.11/24 --vip 192.0.2.100 --gateway 192.0.2.1")).not.toContain("masquerade"); // biome-ignore format: one line
  });

  it.each([
    ["dr", "--director 10.0.0.2", "--director: 10.0.0.2 has no prefix length."],
    ["dr", "--director 10.0.0.256/24", "256 in 10.0.0.256 is too large"],
    ["dr", "--director 10.0.0/24", "10.0.0 has 3 parts"],
    ["dr", "--director 010.0.0.2/24", "begins with 0"],
    ["dr", "--director lb1/24", '"lb1" is no IP address.'],
    ["dr", "--director 10.0.0.2/33", '"/33" is no prefix length.'],
    ["dr", "--director 10.0.0.2/255.255.255.0", '"/255.255.255.0" is no prefix length.'],
    ["dr", "--director 10.0.0.2/32", "leaves no room"],
    ["dr", "--director 10.0.0.0/24", "is the subnet 10.0.0.0/24 itself"],
    ["dr", "--director 10.0.0.255/24", "is the broadcast address of 10.0.0.0/24"],
    ["dr", "--director 127.0.0.1/8", "loopback"],
    ["dr", "--director 10.0.0.2/24 --real-server 10.0.0.2/24", "10.0.0.2 is already used"],
    ["dr", "--director 10.0.0.2/24 --real-server 10.0.0.11/16", "two prefix lengths"],
    ["dr", "--director 10.0.0.2/24 --real-server 10.0.1.11/24", "is not in the director's subnet 10.0.0.0/24"],
    ["nat", "--director 10.0.0.2/24 --real-server 10.0.1.11/24", "its replies go to the director"],
    ["nat", "--director 10.0.0.2/24 --director 10.0.0.3/24", "in the subnet of the director's other address"],
    ["dr", `${DR} --vip 10.0.0.100/24`, "10.0.0.100/24 has a prefix length, and none belongs here."],
    ["dr", `${DR} --vip 10.0.9.100`, "10.0.9.100 is outside of the director's subnet 10.0.0.0/24."],
    ["dr", `${DR} --vip 10.0.0.11`, "10.0.0.11 is already used"],
    ["dr", `${DR} --vip 10.0.0.255`, "broadcast"],
    ["dr", `${DR} --vip`, "--vip is missing."],
    ["dr", `${DR} --vip 10.0.0.100 --port 0`, '--port: "0" is no port.'],
    ["dr", `${DR} --vip 10.0.0.100 --port 65536`, '"65536" is no port.'],
    ["dr", `${DR} --vip 10.0.0.100 --client 192.0.2.5/24`, "--firewall is missing"],
    ["dr", `${DR} --vip 10.0.0.100 --client 192.0.2.5/24 --firewall 10.0.0.1/24`, "its address in 192.0.2.0/24"],
    ["dr", `${DR} --vip 10.0.0.100 --firewall 10.0.0.1/24 --firewall 10.0.0.3/24`, "The firewall has 10.0.0.1/24"],
    ["dr", `${DR} --vip 10.0.0.100 --firewall 10.0.0.1/24 --gateway 10.0.0.3`, "--gateway means nothing beside"],
    ["dr", `${DR} --vip 10.0.0.100 --local-address 10.0.0.201`, "--local-address means nothing in mode dr."],
    ["dr", `${DR} --vip 10.0.0.100 --vip 10.0.0.101`, "--vip can be given once in mode dr."],
    ["dr", "--director 10.0.0.2/30 --real-server 10.0.0.1/30 --vip 10.0.0.3", "is the broadcast address of"],
    ["dr", `${TINY} --real-server 10.0.0.6/29`, "Nothing says from where clients come"],
    ["fullnat", `${DR} --vip 10.0.0.100`, "--local-address is missing."],
    ["nat", "--director 192.0.2.2/24 --director 10.0.0.1/24 --real-server 10.0.0.11/24 --vip 192.0.2.100 --client 10.0.0.9/24", "past the director"], // biome-ignore format: one line
  ])("%s %s are refused", async (mode, flags, message) => {
    const error: LvsctlError = await make(mode, flags).then(
      () => expect.unreachable(),
      (thrown) => thrown,
    );
    expect(error.code).toBe("LVS-USAGE-001");
    expect(error.message).toContain(message);
    expect(error.details.hint).toMatch(/\S/);
    expectPlainTexts([error.message, error.details.hint]);
  });
});

describe("the mode", () => {
  it.each([
    ["masq", "Did you mean nat?"],
    ["direct-routing", "Did you mean dr?"],
    ["tum", "Did you mean tun?"],
    ["publish", "The modes are"],
  ])("%s is none, and gets a hint", async (mode, hint) => {
    await expect(make(mode, "")).rejects.toMatchObject({
      code: "LVS-USAGE-001",
      details: { hint: expect.stringContaining(hint) },
    });
  });

  it("cannot be asked for without a terminal", async () => {
    await expect(makeTopology("topology.yaml", { given: new Map() })).rejects.toMatchObject({
      code: "LVS-USAGE-002",
      title: "An answer is needed, but there is no terminal",
      details: { hint: expect.stringContaining("lvsctl init dr") },
    });
  });
});

test("a file that is there is left alone, and one that cannot be written is an error", async () => {
  const file = join(folder, "mine.yaml");
  writeFileSync(file, "mine");
  await expect(initTopology(file, { mode: "dr", given: new Map() })).rejects.toMatchObject({ code: "LVS-USAGE-005" });
  expect(readFileSync(file, "utf8")).toBe("mine");
  const nowhere = initTopology(join(folder, "none/topology.yaml"), { mode: "dr", given: new Map() });
  await expect(nowhere).rejects.toMatchObject({ code: "LVS-USAGE-004" });
});

describe("a dialogue", () => {
  async function converse(mode: string | undefined, replies: readonly string[]) {
    const said: string[] = [];
    const left = [...replies];
    const dialogue = {
      ask: async (question: string, fallback: string) => {
        const reply = left.shift() ?? "";
        said.push(`${question} [${fallback}]: ${reply}`);
        return reply;
      },
      showModes: (modes: Parameters<typeof formatModes>[0]) => said.push(formatModes(modes, output)),
      showRefusal: (refusal: Parameters<typeof formatRefusal>[0]) => said.push(formatRefusal(refusal, output)),
    };
    return { text: await makeTopology("topology.yaml", { mode, given: new Map(), dialogue }), said: said.join("\n") };
  }

  test.each(modeNames())("about %s that is answered with Enter alone gives a file that validates", async (mode) => {
    const { text } = await converse(mode, []);
    expect(findingsBesidesOne(text)).toEqual([]);
  });

  test("asks again after each mistake, and for a router where one is needed", async () => {
    const { text, said } = await converse(undefined, [
      ...["frob", "tun", "10.0.0.2", "10.0.0.2/24", "10.0.1.300/24", "10.0.1.11/24", "", "10.0.9.1", "10.0.0.100"],
      ...["http", "8080", "198.51.100.50/24", "", "10.0.1.1/24"],
    ]);
    expectGolden(`${said}\n\n${text}`, new URL("../fixtures/init/dialogue.txt", import.meta.url));
    const long = said.split("\n").filter((line) => line.replace(/(\[[^\]]*\]: ).*/, "$1").length > 80);
    expect(long).toEqual([]);
    expect(findingsBesidesOne(text)).toEqual([]);
  });
});

test("a topology without a client leads to hosts of one's own, not to the lab", async () => {
  const file = join(folder, "own.yaml");
  await initTopology(file, { mode: "dr", given: givenBy(`${DR} --vip 10.0.0.100 --gateway 10.0.0.1`) });
  const shown = formatStarted("own.yaml", await explain(file, "en"), output);
  expect(shown).toContain("lvsctl plan own.yaml");
  expect(shown).not.toContain("--lab");
});
