import { describe, expect, it } from "vitest";
import type { PlannedChange } from "../../src/plan/plan.ts";
import { iptablesRule } from "../../src/resources/iptables/iptables-rule.ts";
import type { State } from "../../src/resources/resource.ts";
import type { ReadOutputs } from "../../src/shell/read-script.ts";
import { hostSteps } from "../../src/transaction/host-steps.ts";
import type { Phase } from "../../src/transaction/phases.ts";
import { fakeKind, thing } from "../helpers/fake-kind.ts";

const context = { topology: "demo", host: "fw" };

function change(kind: string, key: string, before: State | undefined, after: State | undefined): PlannedChange {
  const action = before === undefined ? "create" : after === undefined ? "delete" : "update";
  const what = { kind, key, before, after, host: "fw", action, stage: "publish", phase: "build" } as const;
  return {
    ...what,
    description: "",
    fields: [],
    reason: "",
    why: "",
    isAction: false,
    commands: [],
    original: undefined,
  };
}

function phaseOf(...changes: readonly PlannedChange[]): Phase {
  return { stages: ["publish"], direction: "build", hosts: new Map([["fw", changes]]) };
}

describe("the steps of a run on one host", () => {
  const kind = fakeKind();
  const kinds = new Map([["thing", kind]]);

  it("are numbered over all phases, each with its undo", () => {
    const phases = [
      phaseOf(change("thing", "a", undefined, thing("a", 1)), change("thing", "b", thing("b", 1), thing("b", 2))),
      phaseOf(change("thing", "c", thing("c", 3), undefined)),
    ];
    const steps = [...hostSteps(phases, new Map(), kinds, context).values()].flat();
    expect(steps.map(({ number }) => number)).toEqual([0, 1, 2]);
    expect(steps.flatMap(({ undo }) => undo.map(({ script }) => script))).toEqual([
      "set-thing a gone",
      "set-thing b 1",
      "set-thing c 3",
    ]);
  });

  it("leave out hosts that have no part, and undo no action", () => {
    const action = new Map([["thing", fakeKind({ action: true })]]);
    const phase = phaseOf(change("thing", "a", undefined, thing("a", 1)));
    expect(hostSteps([phase], new Map(), kinds, { ...context, host: "dr" }).size).toBe(0);
    expect([...hostSteps([phase], new Map(), action, context).values()].flat()[0]?.undo).toEqual([]);
  });
});

describe("rolling back netfilter rules, as foreseen before anything is changed", () => {
  const rule = (port: number) => ["-d", "10.0.2.1", "-p", "tcp", "--dport", String(port), "-j", "ACCEPT"];
  const states = [80, 81, 82].flatMap((port) =>
    iptablesRule.resolve({ table: "filter", chain: "INPUT", rule: rule(port) }, context),
  );
  const unique = [...new Map(states.map((state) => [iptablesRule.key(state), state])).values()];
  const [jump, ...rules] = unique;
  const kinds = new Map([["iptables-rule", iptablesRule as never]]);

  function undoOf(saved: string, changes: readonly PlannedChange[]): string {
    const outputs: ReadOutputs = new Map(
      iptablesRule.read(unique, context).map(({ name, argv }) => {
        const isSave = argv[0]?.startsWith("iptables") && argv[0].endsWith("-save");
        return [name, { stdout: isSave ? saved : "", stderr: "", status: 0 }];
      }),
    );
    const observed = new Map([["iptables-rule", iptablesRule.parse(outputs, unique, context) as never]]);
    const steps = [...hostSteps([phaseOf(...changes)], observed, kinds, context).values()].flat();
    return steps.flatMap(({ undo }) => undo.map(({ script }) => script)).join("\n");
  }

  it("a chain that was made goes, with its jump and all", () => {
    const changes = unique.map((state) => change("iptables-rule", iptablesRule.key(state), undefined, state));
    const undo = undoOf("*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n", changes);
    expect(undo).toContain("-D INPUT -j LVSCTL-demo-INPUT");
    expect(undo).toContain("-X LVSCTL-demo-INPUT");
    expect(undo).not.toContain(":LVSCTL-demo-INPUT");
  });

  it("a removed rule returns to its place; a removed chain is declared again", () => {
    const lines = [80, 81, 82].map(
      (port) => `-A LVSCTL-demo-INPUT -d 10.0.2.1/32 -p tcp -m tcp --dport ${port} -j ACCEPT`,
    );
    const saved = `*filter\n:INPUT ACCEPT [0:0]\n:LVSCTL-demo-INPUT - [0:0]\n-A INPUT -j LVSCTL-demo-INPUT\n${lines.join("\n")}\nCOMMIT\n`;
    const [first] = rules;
    if (!first || !jump) throw new RangeError("no rules");
    const one = undoOf(saved, [change("iptables-rule", iptablesRule.key(first), first, undefined)]);
    expect(one).toMatch(/-I LVSCTL-demo-INPUT 1 .*--dport 80/);
    const all = undoOf(
      saved,
      [...rules, jump].map((state) => change("iptables-rule", iptablesRule.key(state), state, undefined)),
    );
    expect(all).toMatch(
      /:LVSCTL-demo-INPUT - \[0:0\][\s\S]*--dport 80[\s\S]*--dport 81[\s\S]*--dport 82[\s\S]*-I INPUT -j/,
    );
  });
});
