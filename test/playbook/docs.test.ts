/** The example of docs/playbooks.md is a playbook that works. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { explain } from "../../src/app/explain.ts";
import { compile } from "../../src/compile/compile.ts";
import { formatProblem } from "../../src/document/format-problem.ts";
import { loadPlaybook } from "../../src/playbook/load-playbook.ts";
import { formatExplanation } from "../../src/report/explain-text.ts";
import type { Output } from "../../src/report/output.ts";
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

/** `explain` of examples/dr.yaml with a playbook as its mode. */
async function explained(playbook: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "lvsctl-documented-"));
  const output: Output = {
    width: 200,
    isTerminal: false,
    write: () => undefined,
    paint: (_, text) => text,
    showActivity: () => undefined,
    announce: () => undefined,
    lend: () => () => undefined,
  };
  try {
    writeFileSync(join(folder, "dr-redirect.yaml"), playbook);
    const example = readFileSync(new URL("../../examples/dr.yaml", import.meta.url), "utf8");
    writeFileSync(join(folder, "lab.yaml"), example.replace("mode: dr", "mode: ./dr-redirect.yaml"));
    return formatExplanation(await explain(join(folder, "lab.yaml"), "en"), output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("explain draws the way of a packet by it, and none without its path", async () => {
  const text = await explained(documentedPlaybook);
  expect(text).toContain("MAC  dr eth0 → rs1 eth0");
  expect(text).toContain("At rs1: destination 172.16.10.10:80 → 172.16.20.20:80");
  expect(text).toContain("client asks 10.0.2.1:80 and is answered from there.");
  expect(text).not.toContain("outside of the topology");
  const pathless = documentedPlaybook.replace(/^path:\n(?: .*\n)+/m, "");
  expect(pathless).not.toBe(documentedPlaybook);
  const without = await explained(pathless);
  expect(without).toContain("The playbook of this mode has no `path`, so the packet's path is not known.");
  expect(without).not.toContain("The request");
});
