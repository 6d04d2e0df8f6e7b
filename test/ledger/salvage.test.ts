import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DesiredResource } from "../../src/compile/desired-state.ts";
import type { KnownHost } from "../../src/ledger/known-host.ts";
import { formatLedger, type Ledger, type LedgerEntry, parseLedger } from "../../src/ledger/ledger.ts";
import { readableLedger, repairedLedger, salvage } from "../../src/ledger/salvage.ts";
import { kinds } from "../../src/resources/kinds.ts";
import type { Observed, State } from "../../src/resources/resource.ts";
import { isReadOnly } from "../../src/transport/guard.ts";
import { randomCases } from "../helpers/long-run.ts";

const context = { topology: "t", host: "rs1" };
const arp = { key: "net.ipv4.conf.all.arp_ignore", value: "1" };
const vip = { address: "10.0.0.9", prefix: 32, device: "lo" };
const module: State = { name: "ip_vs" };

const entries: readonly LedgerEntry[] = [
  entry("kernel-module", "ip_vs", "kernel-modules", module),
  { ...entry("sysctl", arp.key, "real-server-arp", arp), original: { ...arp, value: "0" } },
  entry("address", "10.0.0.9 dev lo", "real-server-address", vip),
];
const hosts: readonly KnownHost[] = [
  { name: "dr", roles: ["director"], ssh: { destination: "192.0.2.5", user: "ops", become: "sudo" } },
  { name: "rs3", roles: ["real-server"], ssh: { destination: "192.0.2.6", port: 2222, jump: "ops@gw:22" } },
];
const text = formatLedger({ topology: "t", host: "rs1", entries, hosts });
const observed = observe(
  ["kernel-module", "ip_vs", module],
  ["sysctl", arp.key, arp],
  ["address", "10.0.0.9 dev lo", vip],
);

function read(damaged: string) {
  return readableLedger(damaged, kinds, context, ({ argv }) => isReadOnly(argv));
}

describe("the entries of a damaged ledger", () => {
  it("are all there when only its head is damaged", () => {
    expect(read(text.replace(/"checksum": "\w/, '"checksum": "~'))).toEqual({
      host: "rs1",
      hosts,
      entries,
      unreadable: [],
    });
  });

  it("are those before the place where it was cut off", () => {
    const { entries: readable, unreadable } = read(text.slice(0, text.indexOf("10.0.0.9")));
    expect(readable).toEqual(entries.slice(0, 2));
    expect(unreadable).toHaveLength(1);
  });

  it.each([
    ["whose key is not that of its state", (line: string) => line.replace('"name":"ip_vs"', '"name":"ip_xs"')],
    ["of a kind that there is not", (line: string) => line.replace("kernel-module", "kernel-nodule")],
    ["of no stage", (line: string) => line.replace('"kernel-modules"', '"sometime"')],
    ["whose state is none of its kind", (line: string) => line.replace('{"name":"ip_vs"}', '{"name":7}')],
  ])("are without one %s", (_which, damage) => {
    const { entries: readable, unreadable } = read(damage(text));
    expect(readable).toEqual(entries.slice(1));
    expect(unreadable).toHaveLength(1);
  });

  it("are the first ones where there are two of one resource, and the others are told as damaged", () => {
    const twice = text.replace(/^.*arp_ignore.*$/m, (line) => `${line}\n${line.replace('"value":"0"', '"value":"2"')}`);
    const { entries: readable, unreadable } = read(twice);
    expect(readable).toEqual(entries);
    expect(unreadable).toEqual([expect.stringContaining('"value":"2"')]);
  });

  it("lead to no command that the guard would not let pass, whatever bits are flipped", () => {
    const bytes = Buffer.from(text);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length * 8 - 1), { minLength: 1, maxLength: 6 }), (bits) => {
        const damaged = Buffer.from(bytes);
        for (const bit of bits) damaged.writeUInt8(damaged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        for (const { kind, state } of read(damaged.toString()).entries) {
          const commands = kinds.get(kind)?.read([state], context) ?? [];
          expect(commands.filter(({ argv }) => !isReadOnly(argv))).toEqual([]);
        }
      }),
      { numRuns: randomCases(2000) },
    );
  });
});

describe("the other hosts in a damaged ledger", () => {
  const line = (damage: (text: string) => string) => {
    const damaged = damage(text);
    expect(damaged).not.toBe(text);
    expect(() => parseLedger(damaged, "t", "rs1")).toThrow("cannot be used");
    return read(damaged);
  };

  it("are still there after a repair, with what the ledger's own host is called", () => {
    const readable = line((whole) => whole.replace('"10.0.0.9 dev lo"', '"10.0.0.8 dev l"'));
    const ledger = repairedLedger("t", "192.0.2.20", readable, entries);
    expect(ledger).toEqual({ topology: "t", host: "rs1", hosts, entries });
    expect(parseLedger(formatLedger(ledger), "t", "rs1")).toEqual(ledger);
  });

  it.each([
    ["that cannot be a host", (whole: string) => whole.replace('"192.0.2.5"', '"-oProxyCommand=x"')],
    ["that is no JSON", (whole: string) => whole.replace('"director"', '"director')],
    ["whose name is cut", (whole: string) => whole.replace('"dr"', '"')],
  ])("are without one %s, and the line is told as damaged", (_which, damage) => {
    const readable = line(damage);
    expect(readable.hosts).toEqual(hosts.slice(1));
    expect(readable.unreadable).toEqual([expect.stringMatching(/^ {2}"hosts": /)]);
  });

  it("are those before the place where it was cut off", () => {
    const { hosts: found, unreadable } = line((whole) => whole.slice(0, whole.indexOf('"ops@gw')));
    expect(found).toEqual(hosts.slice(0, 1));
    expect(unreadable).toHaveLength(1);
  });

  it("are none where the ledger knows of none, as in ledgers of older versions", () => {
    const old = formatLedger({ topology: "t", host: "rs1", entries }).replace(/"checksum": "\w/, '"checksum": "~');
    expect(read(old)).toEqual({ host: "rs1", hosts: undefined, entries, unreadable: [] });
    expect(repairedLedger("t", "h", read(old), entries)).toEqual({ topology: "t", host: "rs1", entries });
  });

  it("do not include a name of the ledger's own host that no file can have", () => {
    const readable = line((whole) => whole.replace('"host": "rs1"', '"host": 7'));
    expect(repairedLedger("t", "192.0.2.20", readable, entries)).toMatchObject({ host: "192.0.2.20", hosts });
  });
});

describe("what is saved", () => {
  it("is what is on the host as the entries say", () => {
    const saved = salvage(entries, { observed, desired: [], others: [], kinds });
    expect(saved).toEqual({ entries, found: [], untrue: [], unclear: [] });
  });

  it("is without what has another value than an entry says, and without what is not there", () => {
    const actual = observe(["kernel-module", "ip_vs", module], ["sysctl", arp.key, { ...arp, value: "2" }]);
    const saved = salvage(entries, { observed: actual, desired: [], others: [], kinds });
    expect(saved.entries).toEqual(entries.slice(0, 1));
    expect(saved.untrue).toEqual(entries.slice(1));
  });

  it("is also what a service asks for and is there just so, as if nothing had been there before", () => {
    const desired = [wanted("address", vip, ["web"]), wanted("address", { ...vip, address: "10.0.0.8" }, ["web"])];
    const saved = salvage(entries.slice(0, 1), { observed, desired, others: [], kinds });
    expect(saved.found).toEqual([entries[2]]);
    expect(saved.entries).toEqual([entries[0], entries[2]]);
  });

  it("is not what the host may always have had: its own addresses, and settings", () => {
    const desired = [wanted("address", vip, []), wanted("sysctl", arp, ["web"])];
    const saved = salvage([], { observed, desired, others: [], kinds });
    expect(saved.entries).toEqual([]);
    expect(saved.unclear).toEqual(desired);
  });

  it("has what was there before from another topology that needs the same", () => {
    const [, mine] = entries;
    const other: Ledger = { topology: "u", host: "rs1", entries: mine ? [mine] : [] };
    const saved = salvage([], { observed, desired: [wanted("sysctl", arp, ["web"])], others: [other], kinds });
    expect(saved.entries).toMatchObject([{ key: arp.key, original: { value: "0" } }]);
    expect(saved.unclear).toEqual([]);
  });

  it("has the order in which things are made", () => {
    const desired = [wanted("kernel-module", module, ["web"])];
    const saved = salvage(entries.slice(1), { observed, desired, others: [], kinds });
    expect(saved.entries.map(({ stage }) => stage)).toEqual(entries.map(({ stage }) => stage));
  });
});

function entry(kind: string, key: string, stage: LedgerEntry["stage"], state: State): LedgerEntry {
  return { kind, key, stage, state, original: null };
}

function wanted(kind: string, state: State, services: readonly string[]): DesiredResource {
  const stages = { "kernel-module": "kernel-modules", sysctl: "real-server-arp" } as const;
  const stage = kind === "kernel-module" || kind === "sysctl" ? stages[kind] : "real-server-address";
  return { kind, key: kinds.get(kind)?.key(state) ?? "", state, stage, why: "", services };
}

function observe(...found: readonly (readonly [string, string, State])[]): ReadonlyMap<string, Observed> {
  const states = new Map<string, Observed>();
  for (const [kind, key, state] of found) {
    states.set(kind, { states: new Map([...(states.get(kind)?.states ?? []), [key, state]]), detail: undefined });
  }
  return states;
}
