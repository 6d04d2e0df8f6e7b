/** Rules that a run has removed come back in their old order when lvsctl rolls the run back in the middle. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { iptablesRule } from "../../src/resources/iptables/iptables-rule.ts";
import { inverse } from "../../src/resources/resource.ts";
import { changesTo, make, statesOf } from "./there-and-back.ts";
import { type ThrowAwayHost, throwAwayHost } from "./throw-away-host.ts";

let host: ThrowAwayHost;
beforeAll(async () => {
  host = await throwAwayHost("gnu");
});
afterAll(() => host.end());

const accept = (port: string) => ({
  table: "filter",
  chain: "INPUT",
  rule: ["-p", "tcp", "-m", "tcp", "--dport", port, "-j", "ACCEPT"],
});
const rules = statesOf(iptablesRule, ["1", "2", "3", "4"].map(accept));
const keys = rules.map(iptablesRule.key);

test.each([
  { what: "all of them", gone: keys },
  { what: "two in the middle", gone: keys.slice(2, 4) },
  { what: "the first", gone: keys.slice(1, 2) },
])("$what", async ({ gone }) => {
  await make(
    host,
    iptablesRule,
    changesTo(iptablesRule, rules, await host.observe(iptablesRule, rules)),
    await host.observe(iptablesRule, rules),
  );
  const before = await host.observe(iptablesRule, rules);
  const shown = (await host.run("iptables -S")).stdout;
  // A destroy removes what was made last first.
  const removed = [...rules].reverse().filter((rule) => gone.includes(iptablesRule.key(rule)));
  const changes = removed.map((rule) => {
    const key = iptablesRule.key(rule);
    return { kind: iptablesRule.kind, key, before: before.states.get(key), after: undefined };
  });
  await make(host, iptablesRule, changes, before);
  expect((await host.run("iptables -S")).stdout).not.toBe(shown);

  const now = await host.observe(iptablesRule, removed);
  const back = [...changes].reverse().map((change) => inverse(iptablesRule, change));
  const known = { ...now, detail: iptablesRule.detailForUndo?.(now, before) ?? now.detail };
  await make(host, iptablesRule, back, known);
  expect((await host.run("iptables -S")).stdout).toBe(shown);
});
