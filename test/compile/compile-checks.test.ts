import { describe, expect, it } from "vitest";
import { compileChecks } from "../../src/compile/compile-checks.ts";
import { formatProblem } from "../../src/document/format-problem.ts";
import { loadPlaybook } from "../../src/playbook/load-playbook.ts";
import { drTopology } from "../helpers/dr-topology.ts";
import { fakeKinds } from "../playbook/fake-kinds.ts";

function load(check: string) {
  const text = `playbook: watch
kind: feature
when: service.port == 80
title: Watch
summary: Watches a counter.
checks:
  - ${check}
steps:
  - { id: one, on: director, stage: publish, resource: thing, with: { name: a }, why: Because. }
`;
  return loadPlaybook(text, "watch.yaml", fakeKinds);
}

const counter = "counter: { file: /proc/net/stat/synproxy, column: cookie_valid }";

describe("a playbook's checks", () => {
  it("are made for each service that has the playbook, on the hosts that they name", () => {
    const { playbook, problems } = load(
      `{ id: seen, on: "\${{ service.publish.on }}", ${counter}, holds: grown >= answered, why: { en: Past it., zh: 绕过。 } }`,
    );
    expect(problems.map(formatProblem)).toEqual([]);
    if (playbook === undefined) return;
    const [web] = drTopology.services;
    const other = {
      ...(web ?? drTopology.services[0]),
      name: "other",
      port: 81,
    } as (typeof drTopology.services)[number];
    const topology = { ...drTopology, services: [...drTopology.services, other] };
    const checks = compileChecks(topology, { host: [], modes: new Map(), features: [playbook] }, { language: "zh" });
    expect(checks).toMatchObject([
      {
        id: "seen",
        service: "web",
        host: "fw",
        file: "/proc/net/stat/synproxy",
        column: "cookie_valid",
        why: "绕过。",
      },
    ]);
    expect(checks[0]?.holds({ grown: 6, answered: 6 })).toBe(true);
    expect(checks[0]?.holds({ grown: 5, answered: 6 })).toBe(false);
  });

  it.each([
    ["a misspelt name", `{ id: seen, on: "\${{ service.publish.on }}", ${counter}, holds: grow >= answered, why: W. }`],
    ["a condition that is none", `{ id: seen, on: "\${{ service.publish.on }}", ${counter}, holds: grown, why: W. }`],
    ["a file elsewhere", `{ id: seen, on: fw, counter: { file: /etc/shadow, column: x }, holds: "true", why: W. }`],
    ["a number as host", `{ id: seen, on: "\${{ service.port }}", ${counter}, holds: "true", why: W. }`],
  ])("are refused with %s", (_name, check) => {
    expect(load(check).problems).toHaveLength(1);
  });
});
