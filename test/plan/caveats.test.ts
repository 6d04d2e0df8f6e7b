/** A plan warns of what a host will not do of what it makes there, and of nothing else. */
import { expect, test } from "vitest";
import { judgedPlan } from "../../src/plan/judged-plan.ts";
import { type BootFacts, type BootUnitState, bootUnit } from "../../src/resources/boot-unit.ts";
import { kinds } from "../../src/resources/kinds.ts";

const UFW = "ufw has MANAGE_BUILTINS=yes";
const PLUGINS = "/usr/share/netfilter-persistent/plugins.d";

/** What the plan says of the start-up of a topology on a host with these facts. */
function warningsFor(facts: Partial<BootFacts>, isThere: boolean) {
  const [state] = bootUnit.resolve({}, { topology: "t", host: "fw" }) as readonly [BootUnitState];
  const detail: BootFacts = { ...bootUnit.bare().detail, ...facts };
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
  return plan.warnings ?? [];
}

const saying = (message: string) => expect.objectContaining({ host: "fw", message: expect.stringContaining(message) });

test.each([
  ["made", "netfilter-persistent", [PLUGINS], false, [`${PLUGINS} is read-only`]],
  ["there", "netfilter-persistent", [PLUGINS], true, []],
  ["made where it can be written", "netfilter-persistent", [], false, []],
  ["made where nothing uses that folder", "nftables", [PLUGINS], false, []],
])(
  "for the start-up of a topology that is %s, beside %s with %j read-only",
  (_how, service, frozen, isThere, warnings) => {
    expect(warningsFor({ hooked: [service], frozen }, isThere)).toEqual(warnings.map(saying));
  },
);

test.each([
  ["ENABLED=yes\nMANAGE_BUILTINS=yes\n", [UFW]],
  ["ENABLED='YES'\nMANAGE_BUILTINS=\"Yes\"\n", [UFW]],
  ["ENABLED=yes\nMANAGE_BUILTINS=yes\nMANAGE_BUILTINS=no\n", []],
  ["ENABLED=no\nMANAGE_BUILTINS=yes\n", []],
  ["MANAGE_BUILTINS=yes\n", []],
  ["ENABLED=yes\n", []],
  ["", []],
])("where ufw's files say %j", (stdout, warnings) => {
  const [state] = bootUnit.resolve({}, { topology: "t", host: "fw" }) as readonly [BootUnitState];
  const outputs = new Map(
    bootUnit
      .read([state], { topology: "t", host: "fw" })
      .map(({ name }) => [
        name,
        { stdout: name === "boot-unit-ufw" ? stdout : "", stderr: "", status: name === "boot-unit-ufw" ? 0 : 1 },
      ]),
  );
  const { detail } = bootUnit.parse(outputs, [state], { topology: "t", host: "fw" });
  expect(warningsFor({ isUfwAlone: detail.isUfwAlone }, false)).toEqual(warnings.map(saying));
});

test.each([
  ["made", false, ["/var/lib (tmpfs) is in memory"]],
  ["there", true, []],
])("for the start-up of a topology that is %s, with the state in memory", (_how, isThere, warnings) => {
  const inMemory = [{ folder: "/var/lib", fileSystem: "tmpfs" }];
  expect(warningsFor({ inMemory }, isThere)).toEqual(warnings.map(saying));
});
