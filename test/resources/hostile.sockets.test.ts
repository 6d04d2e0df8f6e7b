/** Values that a shell would run, in every place where a state has text, given to a real shell. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { address } from "../../src/resources/address.ts";
import { gratuitousArp } from "../../src/resources/gratuitous-arp.ts";
import { iptablesRule } from "../../src/resources/iptables/iptables-rule.ts";
import { ipvsDestination } from "../../src/resources/ipvs-destination.ts";
import { ipvsService } from "../../src/resources/ipvs-service.ts";
import { kernelModule } from "../../src/resources/kernel-module.ts";
import type { ResourceKind, State } from "../../src/resources/resource.ts";
import { route } from "../../src/resources/route.ts";
import { sysctl } from "../../src/resources/sysctl.ts";
import { formatReadScript } from "../../src/shell/read-script.ts";
import { context, type ThrowAwayHost, throwAwayHost } from "./throw-away-host.ts";

const EVIL = [
  "$(touch /run/owned)",
  "`touch /run/owned`",
  "'; touch /run/owned; '",
  '"; touch /run/owned; "',
  "; touch /run/owned #",
  "\ntouch /run/owned\n",
  "\\'; touch /run/owned; \\'",
  "-e$(touch /run/owned)",
];

/** Kinds with what a playbook writes, past its schema, and the names of the properties that hold text. */
const cases: readonly (readonly [ResourceKind<never, never>, State, readonly string[]])[] = [
  [address, { address: "172.16.10.10", prefix: 32, device: "lo" }, ["device"]],
  [
    route,
    { to: "10.0.0.0/8", via: "172.16.10.1", device: "lo", table: "main", type: "unicast" },
    ["device", "table", "type"],
  ],
  [sysctl, { key: "net.ipv4.ip_forward", value: 1 }, ["key", "value"]],
  [kernelModule, { name: "no_such_module" }, ["name"]],
  [gratuitousArp, { address: "172.16.10.10", device: "lo" }, ["address", "device"]],
  [ipvsService, { address: "172.16.10.10", port: 80, scheduler: "rr" }, ["scheduler"]],
  [ipvsService, { fwmark: 7, scheduler: "rr", persistence: { timeout: 300 } }, ["scheduler"]],
  [ipvsDestination, { service: { fwmark: 7 }, address: "10.0.0.1", method: "dr" }, ["address"]],
  [
    iptablesRule,
    { table: "filter", chain: "INPUT", rule: ["-m", "comment", "--comment", "x", "-j", "ACCEPT"] },
    ["table", "chain"],
  ],
] as readonly (readonly [unknown, State, readonly string[]])[] as readonly (readonly [
  ResourceKind<never, never>,
  State,
  readonly string[],
])[];

let host: ThrowAwayHost;
beforeAll(async () => {
  host = await throwAwayHost();
});
afterAll(() => host.end());

/** Every shell text that a state leads to; none where the state is refused. */
function scripts(kind: ResourceKind, written: State): readonly string[] {
  try {
    const states = kind.resolve(written, context);
    const reads = kind.read(states, context);
    const silent = new Map(reads.map(({ name }) => [name, { stdout: "", stderr: "", status: 0 }]));
    const observed = kind.parse(silent, states, context);
    const make = states.map((after) => ({ kind: kind.kind, key: kind.key(after), before: undefined, after }));
    const many = [...make, ...make, ...make, ...make, ...make];
    const clear = make.map((change) => ({ ...change, before: change.after, after: undefined }));
    const steps = [make, many, clear].flatMap((changes) => kind.commands(changes, observed, context));
    return [formatReadScript(reads, "n0n0n0n0"), ...steps.map(({ script }) => `(\n${script}\n)`)];
  } catch {
    return [];
  }
}

describe.each(cases)("$kind", (typed, written, properties) => {
  const kind = typed as unknown as ResourceKind;

  test("its harmless form leads to commands", () => {
    expect(scripts(kind, written).length).toBeGreaterThan(2);
  });

  test.each(properties)("text in %s is data", async (property) => {
    for (const evil of EVIL) {
      const forms = [evil, `${written[property]}${evil}`];
      const all = forms.flatMap((text) => scripts(kind, { ...written, [property]: text }));
      await host.run(`{ ${all.join("\n")}\n} >/dev/null 2>&1 || :`);
      expect(await host.run("ls /run/owned"), evil).toMatchObject({ stdout: "" });
    }
  });
});

test("a rule's words and the topology's name are data", async () => {
  for (const evil of EVIL) {
    const written = { table: "filter", chain: "INPUT", rule: ["-m", "comment", "--comment", evil, "-j", "ACCEPT"] };
    const all = scripts(iptablesRule as unknown as ResourceKind, written);
    expect(all.length > 0).toBe(!evil.includes("\n"));
    const states = iptablesRule.resolve({ ...written, rule: ["-j", "ACCEPT"] }, { topology: evil, host: "dr" });
    expect(states.map(({ chain }) => chain).join()).toMatch(/^INPUT,LVSCTL-[A-Za-z0-9_-]{5,9}-INPUT$/);
    await host.run(`{ ${all.join("\n")}\n} >/dev/null 2>&1 || :`);
    expect(await host.run("ls /run/owned"), evil).toMatchObject({ stdout: "" });
  }
});

test("this would have been seen", async () => {
  await host.run("touch /run/owned");
  expect((await host.run("ls /run/owned")).stdout).not.toBe("");
});
