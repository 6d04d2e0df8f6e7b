/** A plan warns of what a host will not do of what it makes there, and of nothing else. */
import { expect, test } from "vitest";
import { judgedPlan } from "../../src/plan/judged-plan.ts";
import { type BootFacts, type BootUnitState, bootUnit } from "../../src/resources/boot-unit.ts";
import { kinds } from "../../src/resources/kinds.ts";

const PLUGINS = "/usr/share/netfilter-persistent/plugins.d";

test.each([
  ["made", "netfilter-persistent", [PLUGINS], false, [`${PLUGINS} is read-only`]],
  ["there", "netfilter-persistent", [PLUGINS], true, []],
  ["made where it can be written", "netfilter-persistent", [], false, []],
  ["made where nothing uses that folder", "nftables", [PLUGINS], false, []],
])(
  "for the start-up of a topology that is %s, beside %s with %j read-only",
  (_how, service, frozen, isThere, warnings) => {
    const [state] = bootUnit.resolve({}, { topology: "t", host: "fw" }) as readonly [BootUnitState];
    const detail: BootFacts = { ...bootUnit.bare().detail, hooked: [service], frozen };
    const states = new Map<string, BootUnitState>(isThere ? [["t", state]] : []);
    const observed = new Map([...kinds].map(([name, kind]) => [name, kind.bare()]));
    observed.set("boot-unit", { states, detail });
    const wanted = { kind: "boot-unit", key: "t", state, stage: "publish" as const, why: "", services: [] };
    const plan = judgedPlan(
      { topology: "t", hosts: new Map([["fw", [wanted]]]) },
      new Map([["fw", { host: "fw", observed, ledger: undefined }]]),
      kinds,
      {},
    );
    expect(plan.warnings ?? []).toEqual(
      warnings.map((message) => expect.objectContaining({ host: "fw", message: expect.stringContaining(message) })),
    );
  },
);
