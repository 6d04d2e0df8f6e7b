/** `lvsctl explain`, as it is printed: test/fixtures/explain/CASE.txt, in English and Chinese. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { explain } from "../../src/app/explain.ts";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import { displayWidth } from "../../src/report/display-width.ts";
import { formatExplanation } from "../../src/report/explain-text.ts";
import { explanationToJson } from "../../src/report/explanation.ts";
import { checked } from "../helpers/checked-json.ts";
import { isLongRun } from "../helpers/long-run.ts";
import { plainOutput } from "../helpers/plain-output.ts";
import { expectGolden } from "../playbook/golden.ts";

const output = plainOutput(80);
const fixtures = new URL("../fixtures/explain/", import.meta.url);
const modes = ["dr", "nat", "tun", "fullnat"] as const;
const examples = ["dr", "nat", "nat-two-arm", "tun", "fullnat", "everything", "ftp-and-sip", "unmanaged"] as const;
const languages = ["en", "zh"] as const;

describe("a mode", () => {
  for (const language of languages) {
    test.each(modes)(`%s, ${language}`, async (mode) => {
      const text = await printed(mode, language);
      expectGolden(mode === "dr" ? text : withoutSteps(text), new URL(`mode-${mode}.${language}.txt`, fixtures));
      expectToFit(text);
    });
  }

  test("that is a playbook of one's own is explained like ours", async () => {
    const { title, steps } = await explain("playbooks/publish.yaml", "en");
    expect(title).toBe("Publishing through a firewall");
    expect(steps.map(({ things }) => things[0]?.host)).toContain("${{ service.publish.on }}");
  });

  test("that does not exist suggests the nearest", async () => {
    await expect(explain("tum", "en")).rejects.toMatchObject({
      code: "LVS-USAGE-001",
      details: { hint: expect.stringContaining('"tun"') },
    });
  });
});

describe("a topology", () => {
  test("with a service that has no real servers says so", async () => {
    const text = await printed("test/fixtures/topology/real-servers-later/input.yaml", "en");
    expect(text.match(/There are no real servers yet/g)).toHaveLength(1);
  });

  for (const language of languages) {
    test.each(examples)(`%s, ${language}`, async (example) => {
      const text = await printed(`examples/${example}.yaml`, language);
      expectGolden(example === "dr" ? text : withoutSteps(text), new URL(`${example}.${language}.txt`, fixtures));
      expectToFit(text);
    });
  }

  test("with a mark on a network is asked at the address at which it is tested, and not by its real servers", async () => {
    const { services } = await explain("test/fixtures/topology/good-matched-networks/input.yaml", "en");
    const asked = services.map(({ name, way, tests, excluded }) => {
      const [first] = way?.hops ?? [];
      return [name, first?.destination, tests[0]?.target, (excluded ?? []).map(({ client }) => client)];
    });
    expect(asked).toEqual([
      ["four", "203.0.113.81:80", "http://203.0.113.81:80/", ["rs1"]],
      ["six", "[2001:db8:9::1]:80", "http://[2001:db8:9::1]:80/", ["rs1"]],
      ["pair", "203.0.113.98:80", "http://203.0.113.98:80/", ["rs1"]],
      ["single", "203.0.113.10:80", "http://203.0.113.10:80/", ["rs1"]],
    ]);
  });

  test("with real servers of the other family wraps requests by their addresses", async () => {
    const { services } = await explain("test/fixtures/e2e/families.yaml", "en");
    const outer = services.map(({ name, way }) => [name, way?.hops.find((hop) => hop.outer)?.outer]);
    const four = { source: "192.0.2.5", destination: "192.0.2.11" };
    const six = { source: "2001:db8:1::5", destination: "2001:db8:1::11" };
    expect(Object.fromEntries(outer)).toEqual({
      "six-ipip": { ...four, protocol: "IPv6-in-IPv4" },
      "six-gue": { ...four, protocol: "GUE" },
      "six-gre": { ...four, protocol: "GRE" },
      "four-ipip": { ...six, protocol: "IPv4-in-IPv6" },
      "four-gue": { ...six, protocol: "GUE" },
      "four-gre": { ...six, protocol: "GRE" },
      "six-over-both": { ...six, protocol: "IP-in-IP" },
    });
    expect(services.every(({ way }) => way?.isAnswered)).toBe(true);
  });

  test.each(examples)("%s: every service's client is answered from where it has asked", async (example) => {
    const { services } = await explain(`examples/${example}.yaml`, "en");
    for (const { name, way } of services) {
      expect({ name, answered: way?.isAnswered }).toEqual({ name, answered: true });
    }
  });

  for (const language of languages) {
    test(`that is asked from inside at its public address, ${language}`, async () => {
      const text = await printed("test/fixtures/explain/hairpin.yaml", language);
      expectGolden(withoutSteps(text), new URL(`hairpin.${language}.txt`, fixtures));
      expectToFit(text);
    });
  }

  for (const language of languages) {
    test(`with services on several ports and addresses shows each once, ${language}`, async () => {
      const text = await printed("test/fixtures/explain/several.yaml", language);
      expectGolden(withoutSteps(text), new URL(`several.${language}.txt`, fixtures));
      expectToFit(text);
    });
  }

  test("keeps apart what differs: families, modes, and a part that is asked for alone", async () => {
    const several = "test/fixtures/explain/several.yaml";
    const { services } = await explain(several, "en");
    expect(services.map(({ name, places }) => [name, places?.map(({ address }) => address)])).toEqual([
      ["web", ["192.0.2.100", "192.0.2.101"]],
      ["web", ["2001:db8::100"]],
      ["shop", ["192.0.2.102"]],
      ["media", ["192.0.2.103"]],
      ["mixed", undefined],
      ["mixed", undefined],
    ]);
    const { services: alone } = await explain(several, "en", "web@192.0.2.101:443");
    expect(alone).toMatchObject([{ name: "web@192.0.2.101:443", way: { target: "192.0.2.101:443" } }]);
    expect(alone[0]).not.toHaveProperty("places");
  });

  test.each([
    ["wbe", 'Did you mean "web"? Its services are web, shop, media, mixed.'],
    [
      "web:80",
      'The parts of "web" are web@192.0.2.100:80, web@192.0.2.100:443, web@192.0.2.101:80, web@192.0.2.101:443, ',
    ],
    ["web@192.0.2.100:444", 'Did you mean "web@192.0.2.100:443"? The parts of "web" are '],
    ["wbe@192.0.2.100:80", 'Did you mean "web@192.0.2.100:80"? Its services are '],
    ["shop@ipv4", 'Did you mean "shop"? Its services are web, shop, media, mixed.'],
    ["nothing", "Its services are web, shop, media, mixed."],
  ])("says what there is in place of %s", async (wanted, hint) => {
    await expect(explain("test/fixtures/explain/several.yaml", "en", wanted)).rejects.toMatchObject({
      code: "LVS-USAGE-001",
      details: { hint: expect.stringContaining(hint) },
    });
  });

  test("of whose hosts lvsctl logs in to none says who sees to it", async () => {
    const alone = await printed("test/fixtures/explain/owners-alone.yaml", "en");
    const said = alone.replaceAll(/\s+/g, " ");
    expect(said).toContain(
      "None by lvsctl, which logs in to none of these hosts: their owners have to set up all of it",
    );
    expect(alone).toContain("\n  • address 192.0.2.100/32 dev eth0 (files)\n");
    expect(alone).not.toContain("Nothing is asked of any host");
    expect(await printed("examples/unmanaged.yaml", "en")).not.toContain("None by lvsctl");
  });

  test("that is asked from inside: the firewall is the peer, and the reply comes from the public address", async () => {
    const { services } = await explain("test/fixtures/explain/hairpin.yaml", "en");
    expect(services[0]?.way).toMatchObject({ peer: "172.16.10.1", replySource: "10.0.2.1:80", isAnswered: true });
  });

  /** The peer of a real server is what tells the modes apart; the lab's tests see the same in real packets. */
  test.each([
    ["dr", "10.0.2.253", "172.16.10.10:80", "requests"],
    ["nat", "1.65.15.141", "1.65.15.143:80", "both"],
    ["nat-two-arm", "10.0.2.253", "192.168.57.11:8080", "both"],
    ["tun", "1.65.15.140", "1.65.15.145:80", "requests"],
    ["fullnat", "172.16.10.201", "172.16.30.11:8080", "both"],
  ])("%s: the real server sees %s, at %s, and the director %s", async (example, peer, askedAt, directorSees) => {
    const { services } = await explain(`examples/${example}.yaml`, "en");
    expect(services[0]?.way).toMatchObject({ peer, askedAt, directorSees });
  });

  test.each([
    ["nat", ""],
    ["nat", "port: 8080"],
    ["nat", "port: 8080", "masquerade: true, "],
    ["fullnat", "", "localAddresses: [192.0.2.200], "],
    ["fullnat", "port: 8080", "localAddresses: [192.0.2.200], "],
  ])(
    "by a mark, mode %s, real server { %s }: the port stays or is mapped, and comes back",
    async (mode, settings, more = "") => {
      const folder = mkdtempSync(join(tmpdir(), "lvsctl-test-"));
      try {
        const file = join(folder, "marks.yaml");
        writeFileSync(
          file,
          `version: 1
name: marks
hosts:
  lb: { role: director, interfaces: { eth0: 192.0.2.5/24, eth1: 198.51.100.5/24 } }
  rs1: { role: real-server, interfaces: { eth0: 192.0.2.11/24 }, gateway: 192.0.2.5 }
  pc: { role: client, interfaces: { eth0: 198.51.100.7/24 } }
services:
  web: { mode: ${mode}, ${more}fwmark: 5, match: [{ address: 198.51.100.100, ports: [80] }], realServers: { rs1: { ${settings} } } }
`,
        );
        const { services } = await explain(file, "en");
        expect(services[0]?.way).toMatchObject({
          askedAt: `192.0.2.11:${settings === "" ? 80 : 8080}`,
          target: "198.51.100.100:80",
          replySource: "198.51.100.100:80",
          isAnswered: true,
        });
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );

  test("of any shape is told without gaps", async () => {
    const folder = new URL("../fixtures/topology/", import.meta.url);
    const valid = readdirSync(folder).filter((name) => name.startsWith("good-"));
    expect(valid.length).toBeGreaterThan(20);
    for (const name of valid.filter((_, turn) => isLongRun || turn % 3 === 0)) {
      const file = fileURLToPath(new URL(`${name}/input.yaml`, folder));
      expect(await printed(file, "en"), name).not.toMatch(/\bundefined\b|\bNaN\b|\bnull\b|\[object/);
    }
  });

  test("whose gateway is a link-local address has the reply drawn through the router that has it on that segment", async () => {
    const text = await printed("test/fixtures/compile/link-local/input.yaml", "en");
    expect(text).toMatch(/router\s+eth1/);
    expect(text).toMatch(/pc\s+eth0/);
  });

  test("is shown from a client that is no router, where there is one", async () => {
    const { services } = await explain("test/fixtures/topology/good-forwarding-hosts/input.yaml", "en");
    expect(services[0]?.way).toMatchObject({ client: "pc", isAnswered: true });
  });

  test.each([
    ["en", "reply is caught in a loop"],
    ["zh", "回复一直在兜圈子"],
  ] as const)("whose packets go round in circles is not answered, and says so once, %s", async (language, words) => {
    const endless = "test/fixtures/explain/endless/topology.yaml";
    const { services } = await explain(endless, language);
    expect(services[0]?.way).toMatchObject({ isAnswered: false, endless: "reply" });
    expect(services[0]?.way?.hops.map(({ from, to }) => [from, to])).toEqual([
      ["a client", "lb"],
      ["lb eth0", "rs eth0"],
      ["rs eth0", "lb eth0"],
      ["lb eth0", "rs eth0"],
    ]);
    const text = (await printed(endless, language)).replaceAll(/\s+/g, " ");
    expect(text).toContain(words);
    expect(text).not.toMatch(/is answered|回复也来自那里/);
  });

  test("says of every real server how its way ends, not only of the first", async () => {
    const unlike = "test/fixtures/explain/unlike/topology.yaml";
    const text = (await printed(unlike, "en")).replaceAll(/\s+/g, " ");
    const [, first = "", last = "", none = "", alike = ""] = text.split("Service ");
    expect(first).toContain("pc asks 10.0.2.100:80 and is answered from there if right is chosen.");
    expect(first).toContain(
      "If to-and-fro is chosen, the reply is caught in a loop and never arrives: this cannot work.",
    );
    expect(first).toMatch(/If own1 is chosen, a reply from 10.0.2.13:80 does not match the request: this cannot work./);
    expect(first).toMatch(/If own2 is chosen, a reply from 10.0.2.14:80 does not match the request: this cannot work./);
    expect(last).toContain(
      "its reply is caught in a loop and never arrives: this cannot work if to-and-fro is chosen.",
    );
    expect(last).toContain("If right is chosen, the client is answered.");
    expect(none).toContain("does not match the request: this cannot work if own1 is chosen.");
    expect(alike).toContain("does not match the request: this cannot work.");
    expect(alike).not.toContain("is chosen");
    expect((await printed(unlike, "zh")).replaceAll(/\s+/g, "")).toContain("选中right时，客户端能得到回复。");
  });

  test("counts on a router that nobody knows of to send replies to a director that has a part in them, and says so", async () => {
    const file = "test/fixtures/topology/good-router-outside-for-two-directors/input.yaml";
    for (const name of ["web", "last"]) {
      const [{ way } = {}] = (await explain(file, "en", name)).services;
      expect(way).toMatchObject({ isAnswered: true, directorSees: "both" });
      const counted = [way, ...(way?.unlike ?? [])].map((one) => [one?.isAnswered, one?.relies?.[0]?.direction]);
      expect(counted).toContainEqual([true, "reply"]);
    }
  });

  test("whose IPv6 replies pass the director in direct routing does not say that it never sees them", async () => {
    const file = "test/fixtures/topology/good-ipv6-replies-by-director/input.yaml";
    const text = await printed(file, "en");
    expect(text).toContain("lb sees requests and replies.");
    expect(text).toContain("and is answered from there.");
    expect(text).not.toMatch(/never\s+sees/);
  });

  test("whose only machine is client, director and real server: nothing is left blank", async () => {
    const { services } = await explain("test/fixtures/cases/76-nothing-but-a-director.yaml", "en");
    expect(services[0]?.way).toMatchObject({
      hops: [],
      target: "192.0.2.100:80",
      replySource: "192.0.2.100:80",
      directorSees: "both",
    });
  });

  test("can be asked for one service: its way, and the steps that it needs", async () => {
    const all = await explain("examples/everything.yaml", "en");
    for (const { name } of all.services) {
      const { services, steps } = await explain("examples/everything.yaml", "en", name);
      expect(services).toEqual(all.services.filter((service) => service.name === name));
      expect(steps.length).toBeGreaterThan(0);
      expect(steps.flatMap(({ things }) => things).length).toBeLessThan(
        all.steps.flatMap(({ things }) => things).length,
      );
    }
  });

  test("that does not have the service suggests the nearest, and a mode has none", async () => {
    await expect(explain("examples/dr.yaml", "en", "wbe")).rejects.toMatchObject({
      code: "LVS-USAGE-001",
      message: expect.stringContaining("examples/dr.yaml"),
      details: { hint: 'Did you mean "web"? Its services are web.' },
    });
    await expect(explain("dr", "en", "web")).rejects.toMatchObject({
      code: "LVS-USAGE-001",
      details: { hint: expect.stringContaining("lvsctl explain topology.yaml web") },
    });
  });

  test("with mistakes is not explained", async () => {
    const error = await explain("test/fixtures/topology/vip-is-dip/input.yaml", "en").catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(LvsctlError);
    expect(error).toMatchObject({ code: "LVS-CONFIG-000" });
  });
});

test("for machines", async () => {
  const { services, ...rest } = checked(explanationToJson(await explain("examples/dr.yaml", "en")));
  expect(rest).toMatchObject({ format: "lvsctl.explain/1", name: "dr-lab", language: "en" });
  expect(services).toMatchObject([
    {
      way: {
        hops: [
          { from: "client eth0", to: "fw eth0" },
          { from: "fw eth1", to: "dr eth0" },
          { from: "dr eth0", to: "rs1 eth0" },
          { from: "rs1 eth0", to: "fw eth1" },
          { from: "fw eth0", to: "client eth0" },
        ],
      },
    },
  ]);
});

async function printed(what: string, language: "en" | "zh"): Promise<string> {
  return formatExplanation(await explain(what, language), output);
}

/** Those of one mode show how steps are printed; what they say is compile's matter. */
function withoutSteps(text: string): string {
  return text.slice(0, text.search(/^(The steps|各个步骤)/m));
}

function expectToFit(text: string): void {
  const tooWide = text.split("\n").filter((line) => displayWidth(line) > 80 && line.trim().includes(" "));
  expect(tooWide).toEqual([]);
}
