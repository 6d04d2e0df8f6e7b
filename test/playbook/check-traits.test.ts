/** Traits that cannot be decided to be wrong are accepted; those that are wrong are cases in test/fixtures/playbook/traits. */
import { expect, test } from "vitest";
import { Playbooks } from "../../src/playbook/playbooks.ts";
import { kinds } from "../../src/resources/kinds.ts";

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

test("a condition on a real server's port may be how a mode maps ports", () => {
  expect(load("{ mapsPorts: true }", "dr", "server.port != 80").problems).toEqual([]);
  expect(load("{ mapsPorts: true }", "dr").problems).toHaveLength(1);
});

test("the traits of a playbook are what its header says", () => {
  const { playbook } = load("{ answeredBy: director, rewrites: { destination: always } }", "nat");
  expect(playbook?.traits).toEqual({ answeredBy: "director", rewrites: { destination: "always" } });
  expect(load("{}", "nat").playbook?.traits).toEqual({});
});
