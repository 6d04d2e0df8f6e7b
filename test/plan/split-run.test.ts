import { describe, expect, it } from "vitest";
import type { HostState } from "../../src/plan/host-state.ts";
import { splitRun } from "../../src/plan/split-run.ts";

const HOSTS = ["dr", "rs1", "rs2"];
const OLD = { id: "a", since: "2026-11-20T10:00:00.000Z", hosts: HOSTS };
const NEW = { id: "b", since: "2026-11-20T11:00:00.000Z", hosts: HOSTS };

function states(runs: Readonly<Record<string, typeof OLD | undefined>>): ReadonlyMap<string, HostState> {
  return new Map(
    Object.entries(runs).map(([host, run]) => {
      const ledger = { topology: "demo", host, entries: [], ...(run === undefined ? {} : { run }) };
      return [host, { host, observed: new Map(), ledger }];
    }),
  );
}

describe("a run that was interrupted between its confirmations", () => {
  it("is found by the hosts whose ledger is of an earlier run", () => {
    expect(splitRun(states({ dr: OLD, rs1: NEW, rs2: NEW }))).toEqual({
      since: NEW.since,
      confirmed: ["rs1", "rs2"],
      rolledBack: ["dr"],
    });
  });

  it("is not seen in runs that all of their hosts confirmed", () => {
    expect(splitRun(states({ dr: NEW, rs1: NEW, rs2: NEW }))).toBeUndefined();
    expect(splitRun(states({ dr: { ...NEW, hosts: ["dr"] }, rs1: OLD, rs2: OLD }))).toBeUndefined();
  });

  it("is not guessed where a ledger does not name its run", () => {
    expect(splitRun(states({ dr: undefined, rs1: NEW, rs2: NEW }))).toBeUndefined();
  });

  it("is over once a later run has made the hosts the same", () => {
    const later = { id: "c", since: "2026-11-20T12:00:00.000Z", hosts: HOSTS };
    expect(splitRun(states({ dr: later, rs1: later, rs2: later }))).toBeUndefined();
  });
});
