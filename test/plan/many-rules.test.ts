/** A director of hundreds of real servers has thousands of netfilter rules in one chain: the work grows with their number only. */
import { expect, it } from "vitest";
import type { DesiredResource } from "../../src/compile/desired-state.ts";
import type { HostState } from "../../src/plan/host-state.ts";
import { judgedPlan } from "../../src/plan/judged-plan.ts";
import { iptablesRule } from "../../src/resources/iptables/iptables-rule.ts";
import { kinds } from "../../src/resources/kinds.ts";
import type { Observed } from "../../src/resources/resource.ts";
import { isLongRun } from "../helpers/long-run.ts";
import { operationsOf } from "../helpers/operations.ts";

const context = { topology: "web-lab", host: "lb" };
const FEW = 200;
const MANY = isLongRun ? 20_000 : 2_000;

/** Distinct rules as they are written and as iptables-save prints them. */
function rules(count: number): readonly string[] {
  return Array.from(
    { length: count },
    (_, at) => `-s 10.${at >> 8}.${at & 255}.1/32 -p tcp -m tcp --dport 80 -j ACCEPT`,
  );
}

function resourcesOf(wanted: readonly string[]): readonly DesiredResource[] {
  const states = wanted.flatMap((rule) =>
    iptablesRule.resolve({ table: "filter", chain: "FORWARD", rule: rule.split(" ") }, context),
  );
  const byKey = new Map(states.map((state) => [iptablesRule.key(state), state]));
  return [...byKey].map(([key, state]) => ({
    ...{ kind: "iptables-rule", key, state, stage: "publish", why: "replies", services: ["web"] },
  }));
}

function saved(found: readonly string[]): string {
  const chain = "LVSCTL-web-lab-FORWARD";
  const lines = [`:${chain} - [0:0]`, `-A FORWARD -j ${chain}`, ...found.map((rule) => `-A ${chain} ${rule}`)];
  return `*filter\n:FORWARD ACCEPT [0:0]\n${(found.length > 0 ? lines : []).join("\n")}\nCOMMIT\n`;
}

interface Situation {
  readonly found: readonly string[];
  readonly wanted: readonly string[];
}

/** Reads a host that has the rules `found`, all of them lvsctl's, and plans those that are wanted. */
function planning({ found, wanted }: Situation) {
  const [resources, made] = [resourcesOf(wanted), resourcesOf(found)];
  const outputs = new Map([["iptables-rule-4-save", { stdout: saved(found), stderr: "", status: 0 }]]);
  const entries = made.map(({ kind, key, stage, state }) => ({ kind, key, stage, state, original: null }));
  const states = [...new Map([...resources, ...made].map(({ key, state }) => [key, state])).values()];
  return () => {
    const observed = iptablesRule.parse(outputs, states as never, context) as Observed;
    const state: HostState = {
      host: "lb",
      observed: new Map([["iptables-rule", observed]]),
      ledger: { ...context, entries },
    };
    const desired = { topology: "web-lab", hosts: new Map([["lb", resources]]) };
    return judgedPlan(desired, new Map([["lb", state]]), kinds, {});
  };
}

it.each<[string, (all: readonly string[]) => Situation]>([
  ["all are missing", (wanted) => ({ found: [], wanted })],
  ["all are there", (all) => ({ found: all, wanted: all })],
  ["all are removed", (found) => ({ found, wanted: [] })],
  ["all are in the wrong order", (all) => ({ found: all, wanted: all.toReversed() })],
  ["every second one is missing", (all) => ({ found: all.filter((_, at) => at % 2 === 1), wanted: all })],
])("a plan does no more work for each of thousands of rules than for each of 200: %s", (_what, situation) => {
  const ofFew = operationsOf(planning(situation(rules(FEW))));
  const bound = 1.5 * (MANY / FEW) * ofFew;
  expect(operationsOf(planning(situation(rules(MANY))), bound)).toBeLessThan(bound);
});
