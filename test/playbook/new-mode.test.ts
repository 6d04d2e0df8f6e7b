/** CONTRIBUTING's recipe for a mode, carried out: a file among the playbooks, and nothing else, makes one that is built in. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { Playbooks } from "../../src/playbook/playbooks.ts";
import { kinds } from "../../src/resources/kinds.ts";
import type { ModeSetting, ModeTraits } from "../../src/topology/mode-traits.ts";
import { loadTopology } from "../helpers/load-topology.ts";
import { documentedPlaybook } from "./documented-playbook.ts";

const example = readFileSync(new URL("../../examples/dr.yaml", import.meta.url), "utf8");
const folder = mkdtempSync(join(tmpdir(), "lvsctl-new-mode-"));
beforeAll(() => {
  cpSync(new URL("../../playbooks/", import.meta.url), folder, { recursive: true });
  writeFileSync(join(folder, "dr-redirect.yaml"), documentedPlaybook);
});
afterAll(() => rmSync(folder, { recursive: true }));

const withMode = (mode: string) => example.replace("mode: dr", `mode: ${mode}`);

function load(text: string) {
  const playbooks = new Playbooks(kinds, pathToFileURL(`${folder}/`));
  return { playbooks, ...loadTopology(text, "lab.yaml", playbooks) };
}

test("services can have it by its name, and it does what its steps say", () => {
  const { topology, problems, playbooks } = load(withMode("dr-redirect"));
  expect(problems).toEqual([]);
  if (topology === undefined) return;
  const used = playbooks.usedBy(topology);
  expect(used.problems).toEqual([]);
  const { hosts } = compile(topology, used.playbooks, kinds);
  const described = hosts.get("rs1")?.map(({ kind, state }) => kinds.get(kind)?.describe(state));
  expect(described?.join("\n")).toContain("REDIRECT");
});

test("its traits say what is checked", () => {
  const mapped = withMode("dr-redirect").replace("port: 80\n", "port: 80\n    realServers: { rs1: { port: 8080 } }\n");
  expect(load(mapped).problems).toEqual([]);
  const wrong = mapped
    .replace("rs1: { port: 8080 }", "rs1: {}")
    .replace("port: 80\n", "port: 80\n    arp: arptables\n");
  expect(load(wrong).problems.map(({ code }) => code)).toEqual(["LVS-CONFIG-049"]);
});

test("messages about other modes name it", () => {
  const hints = (text: string) => load(text).problems.map(({ details: { hint } }) => hint);
  expect(hints(withMode("redirect"))).toEqual([
    expect.stringContaining("Possible: dr, dr-redirect, nat, tun, fullnat."),
  ]);
  const mapped = example.replace("port: 80\n", "port: 80\n    realServers: { rs1: { port: 8080 } }\n");
  expect(hints(mapped)).toEqual([
    expect.stringContaining("or use the mode dr-redirect or nat with `masquerade: true`, which can change ports."),
  ]);
});

const uses = (setting: ModeSetting) => (traits: ModeTraits) => traits.settings?.[setting] !== undefined;

test.each<[string, string, (traits: ModeTraits) => boolean]>([
  ["service", "arp", uses("arp")],
  ["service", "tunnel", uses("tunnel")],
  ["service", "mssClamp", uses("mssClamp")],
  ["service", "masquerade", uses("masquerade")],
  ["service", "localAddresses", uses("localAddresses")],
  ["synproxy", "on", ({ answeredBy }) => answeredBy === "director"],
  ["realServer", "port", ({ mapsPorts }) => mapsPorts === true],
])("editors say which modes use the property %s.%s", (definition, property, isUsed) => {
  const schema = JSON.parse(readFileSync(new URL("../../schemas/topology.schema.json", import.meta.url), "utf8"));
  const { description } = schema.definitions[definition].properties[property];
  const [, listed = ""] = /Built-in modes[^:]*: (.*)\.$/.exec(description) ?? [];
  const modes = [...new Playbooks(kinds).builtIn()].filter(([, traits]) => isUsed(traits));
  expect(modes.length).toBeGreaterThan(0);
  expect(listed.split(", ")).toEqual(modes.map(([mode]) => `\`${mode}\``));
});

test("no other description names a mode", () => {
  const schema = JSON.parse(readFileSync(new URL("../../schemas/topology.schema.json", import.meta.url), "utf8"));
  const modes = new RegExp(`\\b(${[...new Playbooks(kinds).builtIn().keys()].join("|")})\\b`);
  const texts = JSON.stringify(schema).matchAll(/"description":("(?:[^"\\]|\\.)*")/g);
  const unlisted = [...texts].map(([, text = ""]) => text.replace(/Built-in modes[^:]*: .*/, ""));
  expect(unlisted.filter((text) => modes.test(text))).toEqual([
    expect.stringContaining("the path of a playbook of your own"),
  ]);
});

test("editors suggest the modes that there are", () => {
  const schema = JSON.parse(readFileSync(new URL("../../schemas/topology.schema.json", import.meta.url), "utf8"));
  const names = [...new Playbooks(kinds).builtIn().keys()];
  expect(schema.definitions.service.properties.mode.examples).toEqual([...names, "./my-mode.yaml"]);
});
