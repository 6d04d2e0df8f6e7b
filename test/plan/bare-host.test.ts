/** Commands without a host: what an example's plan would run on hosts that nobody has read. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadAndCompile } from "../../src/app/load.ts";
import { stages } from "../../src/lvs/stage.ts";
import { bareHost } from "../../src/plan/bare-host.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import type { PlannedChange } from "../../src/plan/plan.ts";
import { kinds } from "../../src/resources/kinds.ts";
import { stepsOf } from "../../src/transaction/phases.ts";

const example = fileURLToPath(new URL("../../examples/dr.yaml", import.meta.url));
const golden = new URL("../fixtures/plan/dr-on-bare-hosts.txt", import.meta.url);
/** Longer scripts, such as that of the test page's server, have tests of their own. */
const SHOWN_LINES = 7;

test("every command of examples/dr.yaml, host by host and stage by stage", async () => {
  const { desired } = await loadAndCompile(example);
  const states = new Map([...desired.hosts.keys()].map((host) => [host, bareHost(host, kinds)]));
  const { hosts } = makePlan(desired, states, kinds);
  const text = [...hosts].map(([host, changes]) => `${host}\n${stagesOf(host, changes)}`).join("\n");
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(golden, text);
  expect(text).toBe(existsSync(golden) ? readFileSync(golden, "utf8") : "");
});

function stagesOf(host: string, changes: readonly PlannedChange[]): string {
  const { observed } = bareHost(host, kinds);
  return stages
    .flatMap((stage) => {
      const own = changes.filter((change) => change.stage === stage && change.action !== "none");
      const steps = stepsOf(own, observed, kinds, { topology: "dr-lab", host });
      return own.length === 0 ? [] : [`  ${stage}\n`, ...steps.map(({ makes, script }) => shown(makes, script))];
    })
    .join("");
}

function shown(makes: ReturnType<typeof stepsOf>[number]["makes"], script: string): string {
  const what = makes.map(({ kind, after }) => (after ? kinds.get(kind)?.describe(after) : "")).join("; ");
  const lines = script.split("\n");
  const text = lines.length > SHOWN_LINES ? ["(a longer script)"] : lines;
  return [`# ${what}`, ...text].map((line) => `    ${line}\n`).join("");
}
