/** ARP rules on this kernel, by arptables-nft; by legacy only if the kernel has arp_tables, and in the lab. */
import { existsSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { arptablesRule } from "../../src/resources/arptables-rule.ts";
import { changesTo, make, statesOf, thereAndBack } from "./there-and-back.ts";
import { context, type ThrowAwayHost, throwAwayHost } from "./throw-away-host.ts";

/** Makes a variant the host's `arptables`, as update-alternatives does. */
const select = (variant: string) => `set -e
cp -a /etc/alternatives /run/alternatives
mount --bind /run/alternatives /etc/alternatives
ln -sf /usr/sbin/arptables-${variant} /etc/alternatives/arptables`;
const SELECT_NFT = `${select("nft")}
arptables-nft -N SOMEBODYS
arptables-nft -A SOMEBODYS -s 192.0.2.7 -j DROP
arptables-nft -A INPUT -j SOMEBODYS`;
const DUMP = "arptables-nft-save | grep -v '^#'";

const written = [
  { chain: "INPUT", destination: "172.16.10.10", target: "DROP" },
  { chain: "OUTPUT", source: "172.16.10.10", target: "mangle", mangleSource: "172.16.20.20" },
  { chain: "INPUT", destination: "172.16.11.0/24", target: "DROP" },
];

let host: ThrowAwayHost;
beforeAll(async () => {
  host = await throwAwayHost();
  expect(await host.run(SELECT_NFT)).toMatchObject({ status: 0, stderr: "" });
});
afterAll(() => host.end());

test("rules are found again, and leave nothing behind, beside somebody's", async () => {
  await thereAndBack(host, arptablesRule, written, DUMP);
  await thereAndBack(host, arptablesRule, written.slice(1, 2), DUMP);
});

test("what a flush removed is restored", async () => {
  const desired = statesOf(arptablesRule, written);
  const before = await host.observe(arptablesRule, desired);
  await make(host, arptablesRule, changesTo(arptablesRule, desired, before), before);
  const planned = (await host.run(DUMP)).stdout;
  await host.run("arptables-nft -F LVSCTL-web-lab-INPUT; arptables-nft -D INPUT -j LVSCTL-web-lab-INPUT");
  const flushed = await host.observe(arptablesRule, desired);
  expect(changesTo(arptablesRule, desired, flushed)).toHaveLength(3);
  await make(host, arptablesRule, changesTo(arptablesRule, desired, flushed), flushed);
  expect((await host.run(DUMP)).stdout).toBe(planned);
});

test.each([
  [
    "a rule of somebody's",
    "-A SOMEBODYS -s 192.0.2.8 -j LVSCTL-web-lab-INPUT",
    "a rule of somebody else calls it, in SOMEBODYS",
  ],
  ["a copy of our jump", "-A INPUT -j LVSCTL-web-lab-INPUT", "a rule of somebody else calls it, in INPUT"],
])("a chain that %s calls cannot be deleted until that is gone", async (_whose, rule, said) => {
  const desired = statesOf(arptablesRule, written);
  const bare = await host.observe(arptablesRule, desired);
  await make(host, arptablesRule, changesTo(arptablesRule, desired, bare), bare);
  const ours = new Set(desired.map((state) => `arptables-rule ${arptablesRule.key(state)}`));
  const problems = async () => {
    const observed = await host.observe(arptablesRule, desired);
    const told = desired.flatMap((state) => arptablesRule.removalProblem?.(state, observed, ours) ?? []);
    return { told, parts: arptablesRule.foreignParts?.(desired, observed, ours) ?? [] };
  };
  expect(await problems()).toEqual({ told: [], parts: [] });
  await host.run(`arptables-nft ${rule}`);
  const { told, parts } = await problems();
  expect(told.map(({ message }) => message)).toEqual([`LVSCTL-web-lab-INPUT cannot be deleted: ${said}.`]);
  expect(told[0]?.hint).toBe(`See whose it is, and remove it: ${parts[0]?.remedy}`);
  expect(parts).toHaveLength(1);
  expect(await host.run(parts[0]?.remedy ?? "false")).toMatchObject({ status: 0, stderr: "" });
  expect(await problems()).toEqual({ told: [], parts: [] });
  const there = await host.observe(arptablesRule, desired);
  const gone = desired.map((state) => ({
    kind: "arptables-rule",
    key: arptablesRule.key(state),
    before: state,
    after: undefined,
  }));
  await make(host, arptablesRule, gone.reverse(), there);
  expect((await host.run(DUMP)).stdout).not.toContain("LVSCTL");
});

const variants = existsSync("/proc/net/arp_tables_names") ? ["nft", "legacy"] : ["nft"];

describe.each(variants)("at boot, by arptables-%s", (variant) => {
  const IN = "LVSCTL-web-lab-INPUT";
  const planned = [`${IN}: -j DROP -d 172.16.10.10`, `${IN}: -j DROP -d 172.16.11.0/24`];
  const jump = `INPUT: -j ${IN}`;
  const drops = written.filter(({ target }) => target === "DROP");
  const desired = statesOf(arptablesRule, drops);
  let own: ThrowAwayHost;
  beforeEach(async () => {
    own = await throwAwayHost();
    expect(await own.run(select(variant))).toMatchObject({ status: 0, stderr: "" });
  });
  afterEach(() => own.end());

  /** Restores over what `loaded` has made, and shows all rules, each after its chain. */
  async function restored(loaded: string): Promise<readonly string[]> {
    const observed = await own.observe(arptablesRule, desired);
    expect(await own.run(`set -e\n${loaded}`)).toMatchObject({ status: 0, stderr: "" });
    const [step, ...others] = arptablesRule.atBoot?.(desired, observed, context) ?? [];
    expect(others).toEqual([]);
    expect(await own.run(`(\nset -e\n${step?.script}\n)`)).toMatchObject({ status: 0, stderr: "" });
    const { stdout } = await own.run("arptables -L -n | sed 's/^Chain \\([^ ]*\\) .*/:\\1/; s/ *$//'");
    const chains = stdout.split(/^:/m).map((part) => part.split("\n"));
    return chains.flatMap(([chain, ...rules]) => rules.flatMap((rule) => (rule ? [`${chain}: ${rule}`] : [])));
  }
  const declared = `arptables -N ${IN}; arptables -I INPUT -j ${IN}`;
  const complete = `${declared}; arptables -A ${IN} -d 172.16.10.10 -j DROP; arptables -A ${IN} -d 172.16.11.0/24 -j DROP`;

  test.each([
    ["nothing", ":"],
    ["the rules as planned", complete],
    ["a jump to an empty chain", declared],
    ["a jump to a chain of another address", `${declared}; arptables -A ${IN} -d 10.9.9.9 -j DROP`],
    ["a jump to half a chain", `${declared}; arptables -A ${IN} -d 172.16.11.0/24 -j DROP`],
    ["the rules behind one that accepts", `${complete}; arptables -I ${IN} -j ACCEPT`],
    ["the chain without a jump", `${complete}; arptables -D INPUT -j ${IN}`],
  ])("%s: made as planned", async (_name, loaded) => {
    expect(await restored(loaded)).toEqual([jump, ...planned]);
  });

  test.each([
    ["one interface alone", `arptables -I INPUT -i eth9 -j ${IN}`, `INPUT: -j ${IN} -i eth9`],
    ["another chain", `arptables -A OUTPUT -j ${IN}`, `OUTPUT: -j ${IN}`],
    ["a chain of a longer name", `arptables -N ${IN}-x; arptables -A INPUT -j ${IN}-x`, `INPUT: -j ${IN}-x`],
  ])("a jump to it for %s is not its own", async (_name, other, shown) => {
    const found = await restored(`arptables -N ${IN}; ${other}`);
    expect(found).toContain(shown);
    expect(found.filter((rule) => rule !== shown)).toEqual([jump, ...planned]);
  });

  test("somebody's rule behind ours stays, however often it is restored", async () => {
    const theirs = `${complete}; arptables -A ${IN} -s 192.0.2.7 -j DROP; arptables -A INPUT -s 192.0.2.8 -j DROP`;
    const all = [jump, "INPUT: -j DROP -s 192.0.2.8", ...planned, `${IN}: -j DROP -s 192.0.2.7`];
    expect(await restored(theirs)).toEqual(all);
    expect(await restored(":")).toEqual(all);
  });

  test("a jump that the other arptables has does not count", async () => {
    const other = variant === "nft" ? "legacy" : "nft";
    const observed = await own.observe(arptablesRule, desired);
    await own.run(complete.replaceAll("arptables", `arptables-${other}`));
    const [step] = arptablesRule.atBoot?.(desired, observed, context) ?? [];
    expect(await own.run(`(\nset -e\n${step?.script}\n)`)).toMatchObject({ status: 0, stderr: "" });
    expect((await own.run(`arptables-${variant} -L INPUT -n`)).stdout).toContain(`-j ${IN}`);
  });
});
