/** The last lines of a plan. */
import { expect, it } from "vitest";
import type { Plan, PlannedChange } from "../../src/plan/plan.ts";
import { formatPlan } from "../../src/report/plan-text.ts";
import { plainOutput } from "../helpers/plain-output.ts";

const summary = { create: 1, update: 0, delete: 0, none: 0 };
const plan: Plan = { topology: "lab", hosts: new Map(), problems: [], summary };
const problem = { description: "route default", message: "another one is there", hint: "Use --adopt." };
const on = (host: string) => ({ host, ...problem });
const endOf = (of: Plan) => formatPlan(of, plainOutput(80), 0).trimEnd().split("\n").at(-1);

it("count its problems, each once", () => {
  const other = { ...on("lb"), message: "no room" };
  const problems = [on("web1"), other, on("web2"), on("web3")];
  expect(endOf({ ...plan, problems })).toBe("2 problems: nothing can be applied.");
  expect(endOf({ ...plan, problems: [on("web1"), on("web2")] })).toBe("1 problem: nothing can be applied.");
  const text = formatPlan({ ...plan, problems }, plainOutput(80), 0);
  expect(text).toContain("! web1, web2, web3: route default: another one is there\n");
  expect(text.split("Fix: ")).toHaveLength(3);
});

it("are its summary where there are none", () => {
  expect(endOf(plan)).toMatch(/^1 to create/);
});

it("say of a run that it shows the middle of, if there is one", () => {
  const said = "Warning: This plan shows the hosts in the middle of that run; plan again when it has";
  expect(formatPlan({ ...plan, isMidRun: true }, plainOutput(90), 0)).toContain(said);
  expect(formatPlan(plan, plainOutput(90), 0)).not.toContain("middle");
});

it("have a line above them for each thing that is taken over, also where a value changes", () => {
  const change: PlannedChange = {
    ...{ host: "lb", kind: "sysctl", key: "k", before: undefined, after: undefined, original: undefined, commands: [] },
    ...{ stage: "director-network", isAction: false, why: "", description: "sysctl k = 1", reason: "differs" },
    ...{ action: "update", phase: "build", fields: [{ name: "value", before: "0", after: "1" }] },
  };
  const text = (one: PlannedChange) => formatPlan({ ...plan, hosts: new Map([["lb", [one]]]) }, plainOutput(80), 0);
  expect(text({ ...change, adopts: true })).toContain("~ sysctl k = 1  (0 → 1; taken over)");
  expect(text(change)).toContain("~ sysctl k = 1  (0 → 1)");
});
