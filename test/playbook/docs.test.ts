/** The example of docs/playbooks.md is a playbook that works. */
import { expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { formatProblem } from "../../src/document/format-problem.ts";
import { loadPlaybook } from "../../src/playbook/load-playbook.ts";
import { kinds } from "../../src/resources/kinds.ts";
import { drTopology } from "../helpers/dr-topology.ts";
import { documentedPlaybook } from "./documented-playbook.ts";

test("the example in docs/playbooks.md compiles", () => {
  const { playbook, problems } = loadPlaybook(documentedPlaybook, "dr-redirect.yaml", kinds);
  expect(problems.map(formatProblem).join("\n")).toBe("");
  if (playbook === undefined) return;
  const playbooks = { host: [], modes: new Map([["dr", playbook]]), features: [] };
  const { hosts } = compile(drTopology, playbooks, kinds);
  const described = (host: string) =>
    (hosts.get(host) ?? []).map(({ kind, state }) => kinds.get(kind)?.describe(state));
  expect(described("dr")).toEqual([
    "kernel module ip_vs",
    "address 172.16.10.10/32 dev eth0",
    "IPVS service tcp 172.16.10.10:80 (rr)",
    expect.stringContaining("172.16.20.20:80"),
    expect.stringContaining("172.16.20.30:80"),
    "gratuitous ARP for 172.16.10.10 on eth0",
  ]);
  expect(described("rs1").join("\n")).toContain("REDIRECT");
});
