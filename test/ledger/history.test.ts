/** Ledgers are readable for ever; a pending run of another format is refused, with the version that can end it. */
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { formatLedger, type LedgerEntry, parseLedger } from "../../src/ledger/ledger.ts";
import { trustedLedger } from "../../src/ledger/ledger-files.ts";
import { type Pending, readRecord } from "../../src/ledger/pending.ts";
import { readableLedger } from "../../src/ledger/salvage.ts";
import { driftOf } from "../../src/plan/drift.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { kinds } from "../../src/resources/kinds.ts";
import { identity, type Observed } from "../../src/resources/resource.ts";
import { otherRunError, pendingErrors } from "../../src/transaction/pending-errors.ts";
import { isReadOnly } from "../../src/transport/guard.ts";
import { history } from "../helpers/formats.ts";

const all = history();
const latest = all.at(-1);
const context = { topology: "field", host: "lb1" };

function ledgerOf(text: string) {
  return trustedLedger({ topology: "field", text, exposure: undefined, version: "1:1:1" }, "lb1", kinds);
}

/** A host that has exactly this. */
function found(entries: readonly LedgerEntry[]): ReadonlyMap<string, Observed> {
  return new Map(
    [...kinds.values()].map((kind) => {
      const own = entries.filter((entry) => entry.kind === kind.kind);
      return [kind.kind, { ...kind.bare(), states: new Map(own.map(({ key, state }) => [key, state])) }];
    }),
  );
}

describe("what was ever written", () => {
  it("is all there", () => {
    expect(all.map(({ name }) => Number.parseInt(name, 10))).toEqual(all.map((_, index) => index + 1));
    expect(all.length).toBeGreaterThanOrEqual(6);
  });

  describe.each(all.map((each) => [each.name, each] as const))("%s", (_name, { ledger: text, record }) => {
    const { entries } = ledgerOf(text);

    it("has a ledger of which every entry means something", () => {
      for (const { kind: name, key, state } of entries) {
        const kind = kinds.get(name);
        expect(kind?.key(state)).toBe(key);
        expect(kind?.describe(state)).not.toMatch(/^$|undefined|NaN/);
        expect(kind?.read([state], context).every(({ argv }) => isReadOnly(argv))).toBe(true);
      }
    });

    it("has a ledger that can be salvaged", () => {
      const readable = readableLedger(text, kinds, context, ({ argv }) => isReadOnly(argv));
      expect(readable).toEqual({ host: "lb1", hosts: ledgerOf(text).hosts, entries, unreadable: [] });
    });

    it("is written again in the format of today", () => {
      expect(parseLedger(formatLedger(ledgerOf(text)), "field", "lb1")).toEqual(ledgerOf(text));
    });

    it("has a ledger from which all of it can be removed", () => {
      const state = { host: "lb1", observed: found(entries), ledger: ledgerOf(text) };
      const plan = makePlan({ topology: "field", hosts: new Map() }, new Map([["lb1", state]]), kinds);
      const gone = new Set(plan.hosts.get("lb1")?.flatMap((one) => (one.action === "none" ? [] : [identity(one)])));
      const made = entries.filter(({ original }) => original === null).map(identity);
      expect(made.filter((name) => !gone.has(name))).toEqual([]);
      expect(
        plan.hosts
          .get("lb1")
          ?.flatMap(({ commands }) => commands)
          .join("\n"),
      ).not.toMatch(/undefined|NaN/);
    });

    it("shows no drift where the host has it as the latest version sees it", () => {
      const seen = new Map(ledgerOf(latest?.ledger ?? "").entries.map((entry) => [identity(entry), entry]));
      const pairs = entries.flatMap((entry) => {
        const same = seen.get(identity(entry));
        return same && isDeepStrictEqual({ ...same.state, ...entry.state }, same.state) ? [[entry, same] as const] : [];
      });
      const ledger = { ...context, entries: pairs.map(([entry]) => entry) };
      expect(pairs.length).toBeGreaterThan(12);
      const observed = found(pairs.map(([, same]) => same));
      expect(driftOf({ host: "lb1", observed, ledger }, kinds).differences).toEqual([]);
    });

    it("has a record of a run that can be ended, or that says who can", () => {
      const read = readRecord(record);
      if (typeof read === "object" && "id" in read) {
        expect(read.changes.every(({ kind }) => kinds.has(kind))).toBe(true);
        return;
      }
      expect(read).toMatchObject({ isNewer: false });
      if (read === "damaged") return;
      for (const state of ["live", "expired", "restarted", "committed", "stuck"] as const) {
        const pending: Pending = { id: "00c0ffee", state, secondsLeft: 5, record: undefined, other: read };
        const errors = [otherRunError("lb1", pending), ...pendingErrors([{ host: "lb1", pending }])];
        for (const { message, details } of errors) {
          expect(message).toContain("a run of an lvsctl that is older than this one");
          expect(details.hint).toContain(
            `${read.version ? `Use lvsctl ${read.version}` : "Use the lvsctl that started it"}, to end it: lvsctl confirm keeps it, lvsctl rollback rolls it back;`,
          );
          expect(details.hint).toContain("transaction.sh undo");
        }
      }
    });
  });

  it("has a record of this version that can be ended", () => {
    expect(readRecord(latest?.record ?? "")).toMatchObject({ id: "00c0ffee" });
  });
});
