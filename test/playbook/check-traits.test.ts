/** Traits that cannot be decided to be wrong are accepted; those that are wrong are cases in test/fixtures/playbook/traits. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Playbooks } from "../../src/playbook/playbooks.ts";
import { kinds } from "../../src/resources/kinds.ts";
import { modeSettings } from "../../src/topology/mode-traits.ts";
import { modeNames } from "../helpers/mode-names.ts";

const playbooks = new Playbooks(kinds);

function load(traits: string, method: string, when?: string, port: number | string = 80) {
  const step = `{ service: { fwmark: 1 }, address: 172.16.10.21, method: ${JSON.stringify(method)}, port: ${JSON.stringify(port)} }`;
  const condition = when === undefined ? "" : `    when: ${when}\n`;
  const text = `playbook: mine
kind: mode
title: Mine
summary: Made up.
traits: ${traits}
steps:
  - id: destinations
    on: director
    repeat: { server: service.realServers }
${condition}    stage: real-servers
    resource: ipvs-destination
    with: ${step}
    why: So.
`;
  return playbooks.load(text, "mine.yaml");
}

test.each([
  ["a step that has a condition", "{ rewrites: {} }", "nat", "service.masquerade"],
  ["a method that an expression gives", "{ rewrites: {} }", "${{ service.masquerade ? 'nat' : 'dr' }}", undefined],
  ["traits that say nothing of it", "{ localNode: true }", "nat", undefined],
  ["a part that a setting switches on", "{ rewrites: { outer: tunnel } }", "dr", undefined],
])("%s can agree with traits that another would contradict", (_, traits, method, when) => {
  expect(load(traits, method, when).problems).toEqual([]);
});

test.each([
  ["of another service", "{ settings: {} }", "topology.services.exists(other, other.masquerade)"],
  [
    "of a variable that is called service too",
    "{ settings: {} }",
    "topology.services.exists(service, service.masquerade)",
  ],
  ["that features act on", "{ settings: { arp: optional, mssClamp: optional } }", "service.family == 4"],
  ["of a service that is found in a list", "{ settings: { masquerade: optional } }", "topology.services[0].masquerade"],
  [
    "of a value of any type",
    "{ settings: { tunnel: optional } }",
    '"size([service].map(one, one)[0].tunnel.type) > 0"',
  ],
  ["by whatever name", "{ settings: { masquerade: optional } }", 'service[service.name.trim()] == "yes"'],
])("a setting %s can agree with the traits", (_, traits, when) => {
  expect(load(traits, "dr", when).problems).toEqual([]);
});

test.each([
  ["a condition", "nat", "${{ server.port }}", "service.family == 4"],
  ["a method that keeps ports", "dr", "${{ server.port }}", undefined],
  ["a port that is more than the real server's", "nat", "${{ server.port == 0 ? 80 : server.port }}", undefined],
])("a step with %s can agree with `mapsPorts: false`", (_, method, port, when) => {
  expect(load("{ mapsPorts: false }", method, when, port).problems).toEqual([]);
});

test.each([
  ["always", "", 1],
  ["on a condition", "    when: service.family == 4\n", 0],
])("a point that maps ports %s is compared with `mapsPorts: false`", (_, when, problems) => {
  const text = `playbook: mine
kind: mode
title: Mine
summary: Made up.
traits: { mapsPorts: false }
path:
  - on: director
    direction: request
${when}    packet: { destination: "\${{ rs.address }}", destinationPort: "\${{ rs.port }}" }
    why: So.
steps:
  - { id: one, on: director, stage: base-network, resource: sysctl, with: { key: net.core.somaxconn, value: 1 }, why: So. }
`;
  expect(playbooks.load(text, "mine.yaml").problems.map(({ message }) => message)).toEqual(
    Array.from({ length: problems }, () => expect.stringContaining("(`mapsPorts: false`)")),
  );
});

test("a condition on a real server's port may be how a mode maps ports", () => {
  expect(load("{ mapsPorts: true }", "dr", "server.port != 80").problems).toEqual([]);
  expect(load("{ mapsPorts: true }", "dr").problems).toHaveLength(1);
});

test("the traits of a playbook are what its header says", () => {
  const { playbook } = load("{ answeredBy: director, rewrites: { destination: always } }", "nat");
  expect(playbook?.traits).toEqual({ answeredBy: "director", rewrites: { destination: "always" } });
  expect(load("{}", "nat").playbook?.traits).toEqual({});
});

/** What features act on, whatever the mode. */
const OF_FEATURES: readonly string[] = ["arp", "mssClamp"];

describe.each(modeNames())("a copy of %s", (mode) => {
  const text = readFileSync(new URL(`../../playbooks/${mode}.yaml`, import.meta.url), "utf8");
  const [line = "", inside = ""] = /^ {2}settings: \{ (.*) \}$/m.exec(text) ?? [];
  const named = new Map(inside.split(", ").map((entry) => entry.split(": ") as [string, string]));
  const problemsWith = (edited: string) =>
    playbooks.load(edited, "copy.yaml").problems.map(({ code, message }) => `${code} ${message}`);
  const withSettings = (settings: ReadonlyMap<string, string>) =>
    problemsWith(text.replace(line, `  settings: { ${[...settings].map((entry) => entry.join(": ")).join(", ")} }`));

  test("agrees with itself", () => {
    expect(withSettings(named)).toEqual([]);
  });

  test.each(modeSettings)("says what is wrong if its settings name %s wrongly", (setting) => {
    const settings = new Map(named);
    if (settings.delete(setting)) {
      const isRead = text.includes(`service.${setting}`);
      const told = `LVS-PLAYBOOK-003 The playbook uses \`service.${setting}\`, and \`settings\` does not name it`;
      const found = withSettings(settings).filter((problem) => problem.startsWith(told));
      expect(found).toHaveLength(isRead ? 1 : 0);
      expect(isRead || OF_FEATURES.includes(setting)).toBe(true);
    } else {
      const told = `LVS-PLAYBOOK-003 The mode is said to use \`${setting}\``;
      const found = withSettings(settings.set(setting, "optional")).filter((problem) => problem.startsWith(told));
      expect(found).toHaveLength(OF_FEATURES.includes(setting) ? 0 : 1);
    }
  });

  test("says what is wrong if its `mapsPorts` is the contrary", () => {
    const maps = text.includes("  mapsPorts: true\n");
    const found = problemsWith(text.replace(`mapsPorts: ${maps}`, `mapsPorts: ${!maps}`));
    const told = maps ? "(`mapsPorts: false`)" : "IPVS ignores the port";
    expect(found).toEqual(Array.from({ length: maps ? 2 : 1 }, () => expect.stringContaining(told)));
  });
});
