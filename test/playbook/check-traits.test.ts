/** Traits that cannot be decided to be wrong are accepted; those that are wrong are cases in test/fixtures/playbook/traits. */
import { expect, test } from "vitest";
import { loadPlaybook } from "../../src/playbook/load-playbook.ts";
import { kinds } from "../../src/resources/kinds.ts";

function load(traits: string, method: string, when?: string) {
  const step = `{ service: { fwmark: 1 }, address: 172.16.10.21, method: ${JSON.stringify(method)} }`;
  const condition = when === undefined ? "" : `    when: ${when}\n`;
  const text = `playbook: mine
kind: mode
title: Mine
summary: Made up.
traits: ${traits}
steps:
  - id: destinations
    on: director
${condition}    stage: real-servers
    resource: ipvs-destination
    with: ${step}
    why: So.
`;
  return loadPlaybook(text, "mine.yaml", kinds);
}

test.each([
  ["a step that has a condition", "{ rewrites: {} }", "nat", "service.masquerade"],
  ["a method that an expression gives", "{ rewrites: {} }", "${{ service.masquerade ? 'nat' : 'dr' }}", undefined],
  ["traits that say nothing of it", "{ localNode: true }", "nat", undefined],
  ["a part that a setting switches on", "{ rewrites: { outer: tunnel } }", "dr", undefined],
])("%s can agree with traits that another would contradict", (_, traits, method, when) => {
  expect(load(traits, method, when).problems).toEqual([]);
});

test("the traits of a playbook are what its header says", () => {
  const { playbook } = load("{ answeredBy: director, rewrites: { destination: always } }", "nat");
  expect(playbook?.traits).toEqual({ answeredBy: "director", rewrites: { destination: "always" } });
  expect(load("{}", "nat").playbook?.traits).toEqual({});
});
