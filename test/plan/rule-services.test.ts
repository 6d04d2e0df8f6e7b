/** A plan of rules warns of the services here that may delete them, where nothing brings the rules back. */
import { expect, test } from "vitest";
import { bareHost } from "../../src/plan/bare-host.ts";
import { judgedPlan } from "../../src/plan/judged-plan.ts";
import { kinds } from "../../src/resources/kinds.ts";
import type { State } from "../../src/resources/resource.ts";

const RULE = { table: "filter", chain: "INPUT", rule: ["-d", "192.0.2.1", "-j", "DROP"] };
const NFTABLES = "/etc/systemd/system/sysinit.target.wants:\nnftables.service";
const FIREWALLD = "/etc/systemd/system/multi-user.target.wants:\nfirewalld.service\nssh.service";
const OPENRC = "/etc/runlevels/boot:\niptables";

/** The warnings on a host that has these links. `persist`: what runs at boot brings ours back; `manager`: what that is. */
function warningsOf(links: readonly string[], persist: boolean, manager = "systemd") {
  const context = { topology: "t", host: "lb" };
  const steps: readonly (readonly [string, State])[] = [
    ["iptables-rule", RULE],
    ...(persist ? [["boot-unit", {}] as const] : []),
  ];
  const resources = steps.flatMap(([name, written]) => {
    const kind = kinds.get(name);
    return (kind?.resolve(written, context) ?? []).map((state) => {
      return { kind: name, key: kind?.key(state) ?? "", state, stage: "publish" as const, why: "", services: [] };
    });
  });
  const rules = kinds.get("iptables-rule");
  const states = resources.flatMap(({ kind, state }) => (kind === "iptables-rule" ? [state] : []));
  const version = { stdout: "iptables v1.8.9 (legacy)\n", stderr: "", status: 0 };
  const found = { stdout: links.map((link) => `${link}\n`).join(""), stderr: "", status: 2 };
  const outputs = new Map(
    (rules?.read(states, context) ?? []).map(({ name }) => [name, name === "rule-services" ? found : version] as const),
  );
  const bare = bareHost("lb", kinds);
  const observed = new Map(bare.observed);
  if (rules !== undefined) observed.set("iptables-rule", rules.parse(outputs, states, context));
  const unit = observed.get("boot-unit");
  if (unit !== undefined) observed.set("boot-unit", { ...unit, detail: { ...(unit.detail as object), manager } });
  const desired = { topology: "t", hosts: new Map([["lb", resources]]) };
  const { warnings = [] } = judgedPlan(desired, new Map([["lb", { ...bare, observed }]]), kinds, {});
  return warnings.filter(({ message }) => message.includes("may delete"));
}

test("once for all rules of a host, with the names of the services", () => {
  expect(warningsOf([NFTABLES, FIREWALLD], false)).toEqual([
    expect.objectContaining({
      host: "lb",
      message:
        "nftables and firewalld are enabled here and may delete lvsctl's rules when they start, stop or reload. Nothing brings them back by itself.",
      hint: expect.stringContaining("lvsctl apply"),
    }),
  ]);
});

test("not where none of them is enabled, nor where our unit brings the rules back", () => {
  expect(warningsOf([], false)).toEqual([]);
  expect(warningsOf([NFTABLES], true)).toEqual([]);
});

test("also with persist, where our unit does its work at boot only", () => {
  expect(warningsOf([OPENRC], true, "openrc")).toMatchObject([
    { message: expect.stringContaining("iptables is enabled") },
  ]);
});
