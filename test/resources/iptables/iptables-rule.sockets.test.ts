/** Netfilter rules on this kernel, with both back ends of iptables. */
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { DesiredResource } from "../../../src/compile/desired-state.ts";
import { judgedPlan } from "../../../src/plan/judged-plan.ts";
import { iptablesRule } from "../../../src/resources/iptables/iptables-rule.ts";
import type { IptablesRuleState } from "../../../src/resources/iptables/rule-state.ts";
import { kinds } from "../../../src/resources/kinds.ts";
import { type Change, inverse, type State } from "../../../src/resources/resource.ts";
import { changesTo, make, statesOf, thereAndBack } from "../there-and-back.ts";
import { type ThrowAwayHost, throwAwayHost } from "../throw-away-host.ts";

interface WrittenRule {
  readonly family?: number;
  readonly table: string;
  readonly chain: string;
  readonly rule: string;
  readonly needs?: string;
}

const corpus = parse(
  readFileSync(new URL("../../fixtures/lvs/iptables-rules.yaml", import.meta.url), "utf8"),
) as readonly WrittenRule[];

/** Makes a variant the host's `iptables`, as update-alternatives does. */
const select = (variant: string) => `set -e
cp -a /etc/alternatives /run/alternatives
mount --bind /run/alternatives /etc/alternatives
for program in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
  case $program in
    *-*) ln -sf /usr/sbin/\${program%%-*}-${variant}-\${program#*-} /etc/alternatives/$program ;;
    *) ln -sf /usr/sbin/$program-${variant} /etc/alternatives/$program ;;
  esac
done`;

/** All rules of both back ends, without dates and counters, and without tables that hold none. */
const DUMP = `for program in iptables-legacy iptables-nft ip6tables-legacy ip6tables-nft; do
  $program-save | grep -e '^-A' -e '^:.* - ' -e '^:.* DROP'
done`;

const words = ({ rule, needs: _needs, ...rest }: WrittenRule): State => ({ ...rest, rule: rule.split(" ") });
const dnat = (port: number): State => ({
  table: "nat",
  chain: "PREROUTING",
  rule: ["-d", "10.0.2.1", "-p", "tcp", "--dport", port, "-j", "DNAT", "--to-destination", "172.16.10.10"],
});

describe.each(["legacy", "nft"])("iptables-%s", (variant) => {
  let host: ThrowAwayHost;
  beforeEach(async () => {
    host = await throwAwayHost();
    expect(await host.run(select(variant))).toMatchObject({ status: 0, stderr: "" });
  });
  afterEach(() => host.end());

  test("rules as people write them are found again, and leave nothing behind", async () => {
    await host.run(
      "iptables -A FORWARD -s 192.0.2.0/24 -j DROP; iptables -t nat -N SOMEBODY; iptables -t nat -A SOMEBODY -j RETURN",
    );
    await thereAndBack(host, iptablesRule, corpus.filter(({ needs }) => needs === undefined).map(words), DUMP);
  });

  test("rules come in the order of the topology, also those added and removed later", async () => {
    const ports = async () =>
      (await host.run(`iptables-${variant}-save -t nat`)).stdout.match(/(?<=-PREROUTING .*--dport )\d+/g)?.map(Number);
    const apply = async (wanted: readonly number[], known: readonly number[]) => {
      const desired = statesOf(iptablesRule, wanted.map(dnat));
      const all = statesOf(iptablesRule, [...wanted, ...known].map(dnat));
      const observed = await host.observe(iptablesRule, all);
      const keys = new Set(desired.map(iptablesRule.key));
      const gone = all.filter(
        (state) => !keys.has(iptablesRule.key(state)) && observed.states.has(iptablesRule.key(state)),
      );
      const changes = [
        ...changesTo(iptablesRule, desired, observed),
        ...gone.map((state) => ({
          kind: "iptables-rule",
          key: iptablesRule.key(state),
          before: state,
          after: undefined,
        })),
      ];
      await make(host, iptablesRule, changes, observed);
      return { changes, observed };
    };

    await apply([1, 3, 5], []);
    expect(await ports()).toEqual([1, 3, 5]);
    await apply([1, 2, 3, 4], [1, 3, 5]);
    expect(await ports()).toEqual([1, 2, 3, 4]);
    await apply([4, 3, 1], [1, 2, 3, 4]);
    expect(await ports()).toEqual([4, 3, 1]);
    const { changes, observed } = await apply([], [4, 3, 1]);
    expect((await host.run(DUMP)).stdout).toBe("");
    await make(host, iptablesRule, changes.map((change) => inverse(iptablesRule, change)).reverse(), observed);
    expect((await ports())?.sort()).toEqual([1, 3, 4]);
  });

  test("a flushed built-in chain gets its jump back, and nothing is left when the rules go", async () => {
    const desired = statesOf(iptablesRule, [dnat(80)]);
    const fresh = await host.observe(iptablesRule, desired);
    await make(host, iptablesRule, changesTo(iptablesRule, desired, fresh), fresh);
    await host.run("iptables -t nat -F PREROUTING");
    const flushed = await host.observe(iptablesRule, desired);
    const changes = changesTo(iptablesRule, desired, flushed);
    expect(changes.map(({ before }) => before?.place)).toEqual(["not jumped to"]);
    await make(host, iptablesRule, changes, flushed);
    const mended = await host.observe(iptablesRule, desired);
    expect(changesTo(iptablesRule, desired, mended)).toEqual([]);

    await host.run("iptables -t nat -F PREROUTING");
    const again = await host.observe(iptablesRule, desired);
    const clear = [...again.states].map(([key, before]) => ({ kind: "iptables-rule", key, before, after: undefined }));
    await make(host, iptablesRule, clear.reverse(), again);
    expect((await host.run(DUMP)).stdout).toBe("");
  });

  test("further calls of our chain are named; copies of our jump go with it, and others' calls by what is advised", async () => {
    const desired = statesOf(iptablesRule, [dnat(80)]);
    const fresh = await host.observe(iptablesRule, desired);
    const changes = changesTo(iptablesRule, desired, fresh);
    await make(host, iptablesRule, changes, fresh);
    const ours = new Set(changes.map(({ key }) => `iptables-rule ${key}`));
    const others = async () => {
      const observed = await host.observe(iptablesRule, desired);
      expect(changesTo(iptablesRule, desired, observed)).toEqual([]);
      return iptablesRule.foreignParts?.([...observed.states.values()], observed, ours) ?? [];
    };
    expect(await others()).toEqual([]);
    const chain = desired.find(({ declares }) => declares)?.declares ?? "";
    await host.run(`iptables-${variant}-save -t nat | iptables-${variant}-restore -n
iptables -t nat -N THEIRS; iptables -t nat -A THEIRS -p tcp -g ${chain}`);
    const found = await others();
    expect(found.map(({ description }) => description)).toEqual([
      `iptables -t nat -A PREROUTING -j ${chain}`,
      `iptables -t nat -A THEIRS -p tcp -g ${chain}`,
    ]);
    await host.run(found[1]?.remedy ?? "");
    const observed = await host.observe(iptablesRule, desired);
    const clear = [...observed.states].map(([key, before]) => ({
      ...{ kind: "iptables-rule", key, before, after: undefined },
    }));
    await make(host, iptablesRule, clear.reverse(), observed);
    expect((await host.run(DUMP)).stdout).toBe(":THEIRS - [0:0]\n");
  });

  describe("the plan of a destroy", () => {
    const desired = statesOf(iptablesRule, [dnat(80)]);
    const chain = desired.find(({ declares }) => declares)?.declares ?? "";
    const entries = desired.map((state) => {
      const key = iptablesRule.key(state);
      return { kind: "iptables-rule", key, stage: "publish" as const, state, original: null };
    });
    /** The problems of a plan that makes `resources`, and nothing else, of what the ledger has. */
    const planned = async (resources: readonly DesiredResource[] = []) => {
      const observed = await host.observe(iptablesRule, desired);
      const states = new Map([
        [
          "fw",
          {
            host: "fw",
            observed: new Map([["iptables-rule", observed]]),
            ledger: { topology: "web-lab", host: "fw", entries },
          },
        ],
      ]);
      const wanted = { topology: "web-lab", hosts: new Map([["fw", resources]]) };
      return { ...judgedPlan(wanted, states, kinds, {}), observed };
    };
    const destroy = async ({ hosts, observed }: Awaited<ReturnType<typeof planned>>) => {
      const going = (hosts.get("fw") ?? []).filter(({ action }) => action === "delete");
      const changes = going.map(({ kind, key, before, after }) => ({
        kind,
        key,
        before,
        after,
      })) as Change<IptablesRuleState>[];
      const steps = iptablesRule.commands(changes, observed, { topology: "web-lab", host: "fw" });
      return host.run(steps.map(({ script }) => script).join("\n"));
    };
    beforeEach(async () => {
      const fresh = await host.observe(iptablesRule, desired);
      await make(host, iptablesRule, changesTo(iptablesRule, desired, fresh), fresh);
    });

    test("says what else calls our chain, with the commands that remove it; without it the destroy goes on", async () => {
      await host.run(`iptables -t nat -N THEIRS; iptables -t nat -A THEIRS -p tcp -j ${chain}
iptables -t nat -A OUTPUT -d 192.0.2.1/32 -m comment --comment 'their own' -g ${chain}`);
      const stopped = await planned();
      const { status, stderr } = await destroy(stopped);
      expect(status).not.toBe(0); // What the plan saves people from.
      expect(stderr).toContain("iptables");
      const remedies = [
        `iptables -t nat -D OUTPUT -d 192.0.2.1/32 -m comment --comment 'their own' -g ${chain}`,
        `iptables -t nat -D THEIRS -p tcp -j ${chain}`,
      ];
      expect(stopped.problems).toEqual([
        {
          host: "fw",
          description: `iptables -t nat -I PREROUTING -j ${chain}`,
          message: `${chain} cannot be deleted: rules of somebody else call it, in OUTPUT and THEIRS.`,
          hint: expect.stringContaining(remedies.join("; ")),
        },
      ]);
      for (const remedy of stopped.problems[0]?.hint.match(/iptables -t nat -D .*$/)?.[0].split("; ") ?? []) {
        expect(await host.run(remedy)).toMatchObject({ status: 0, stderr: "" });
      }
      const free = await planned();
      expect(free.problems).toEqual([]);
      expect(await destroy(free)).toMatchObject({ status: 0, stderr: "" });
      expect((await host.run(DUMP)).stdout).toBe(":THEIRS - [0:0]\n");
    });

    test("has nothing to say of copies of our jump, of rules in our chain, and of calls of other chains", async () => {
      await host.run(`iptables-${variant}-save -t nat | iptables-${variant}-restore -n
iptables -t nat -A ${chain} -p udp -j RETURN
iptables -t nat -N THEIRS; iptables -t nat -A OUTPUT -j THEIRS`);
      const free = await planned();
      expect(free.problems).toEqual([]);
      expect(await destroy(free)).toMatchObject({ status: 0, stderr: "" });
      expect((await host.run(DUMP)).stdout).toBe(":THEIRS - [0:0]\n-A OUTPUT -j THEIRS\n");
    });

    test("is the only one that says it: a plan that keeps the chain does not", async () => {
      await host.run(`iptables -t nat -A OUTPUT -j ${chain}`);
      const kept = entries.map((entry) => ({ ...entry, why: "", services: [] }));
      expect((await planned(kept)).problems).toEqual([]);
      expect((await planned()).problems.map(({ message }) => message)).toEqual([
        `${chain} cannot be deleted: a rule of somebody else calls it, in OUTPUT.`,
      ]);
    });
  });

  test("a table is changed as a whole or not at all", async () => {
    const desired = statesOf(iptablesRule, [dnat(80), { ...dnat(81), rule: ["-j", "NO-SUCH-TARGET"] }]);
    const observed = await host.observe(iptablesRule, desired);
    const steps = iptablesRule.commands(changesTo(iptablesRule, desired, observed), observed, {
      topology: "web-lab",
      host: "fw",
    });
    const { status, stderr } = await host.run(steps.map(({ script }) => script).join("\n"));
    expect(status).not.toBe(0);
    expect(stderr).toContain("NO-SUCH-TARGET");
    expect((await host.run(DUMP)).stdout).toBe("");
  });
});
