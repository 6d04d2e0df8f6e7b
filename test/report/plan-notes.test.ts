import { describe, expect, it } from "vitest";
import type { Plan, PlannedChange } from "../../src/plan/plan.ts";
import type { Output } from "../../src/report/output.ts";
import { planToJson } from "../../src/report/plan-json.ts";
import { formatPlan } from "../../src/report/plan-text.ts";
import { checked } from "../helpers/checked-json.ts";

const note = { service: "web", playbook: "fullnat", step: "source-nat", message: "Real servers see a local address." };
const summary = { create: 1, update: 0, delete: 0, none: 0 };
const plan: Plan = { topology: "lab", hosts: new Map(), problems: [], notes: [note], summary };
const output = { width: 80, paint: (_style: string, text: string) => text } as Output;

describe("what a host says without end", () => {
  const endless = "x".repeat(1_000_000);
  const change: Omit<PlannedChange, "action" | "phase" | "fields"> = {
    ...{ host: "dr", kind: "sysctl", key: "k", before: undefined, after: undefined, original: undefined, commands: [] },
    ...{ stage: "director-network", isAction: false, why: "", description: endless, reason: "no longer asked for" },
  };
  const field = { name: "value", before: endless, after: "1" };

  it("is shown in part: of what goes, of what was there, and in problems", () => {
    const changes: readonly PlannedChange[] = [
      { ...change, action: "delete", phase: "clear", fields: [] },
      { ...change, action: "update", phase: "build", description: "sysctl k = 1", fields: [field] },
    ];
    const hosts = new Map([["dr", changes]]);
    const problems = [{ host: "dr", description: "it", message: endless, hint: "Look." }];
    expect(formatPlan({ ...plan, hosts, problems }, output, 0).length).toBeLessThan(12_000);
  });

  it("is shown in full where it is to be made", () => {
    const changes: readonly PlannedChange[] = [{ ...change, action: "create", phase: "build", fields: [] }];
    const hosts = new Map([["dr", changes]]);
    expect(formatPlan({ ...plan, hosts }, output, 0)).toContain(endless);
  });
});

describe("what notes a playbook has on a service", () => {
  it("is not about what only follows a change, which has a count of its own", () => {
    expect(formatPlan({ ...plan, following: 1 }, output, 0)).toContain(
      "1 to create, 0 to change, 0 to remove, 1 action to follow; 0 unchanged.",
    );
    expect(formatPlan(plan, output, 0)).not.toContain("to follow");
  });

  it("and the summary of a plan are no wider than the terminal", () => {
    const summary = { create: 123, update: 45, delete: 67, none: 890 };
    const text = formatPlan({ ...plan, summary, following: 12, adopted: 3 }, { ...output, width: 80 }, 0);
    expect(text.replace(/\s+/g, " ")).toContain("67 to remove, 3 to take over, 12 actions to follow; 890 unchanged.");
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("stands before the summary of a plan", () => {
    expect(formatPlan(plan, output, 0)).toBe(
      "Note: web: Real servers see a local address.\n\n1 to create, 0 to change, 0 to remove; 0 unchanged.\n",
    );
  });

  it("is said once for an entry on several ports, and of a part alone where it is about that", () => {
    const on = (service: string, message = note.message) => ({ ...note, service, message });
    const shown = (notes: Plan["notes"] & object) => formatPlan({ ...plan, notes }, output, 0);
    expect(shown([on("web:80"), on("web:443")])).toContain(`Note: web: ${note.message}\n\n`);
    expect(shown([on("web:80"), on("web@192.0.2.7:443", "Another.")])).toContain(
      `Note: web, port 80: ${note.message}\nNote: web, port 443 at 192.0.2.7: Another.\n`,
    );
  });

  it("is not repeated where nothing changes", () => {
    expect(formatPlan({ ...plan, summary: { ...summary, create: 0 } }, output, 0)).not.toContain("Note");
  });

  it("is always in the JSON", () => {
    expect(checked(planToJson(plan))).toMatchObject({ notes: [note] });
    expect(checked(planToJson({ ...plan, notes: [] }))).toMatchObject({ notes: [] });
  });
});
