/** Ledgers that a host has made up, with the right checksum: their states are sound, or the ledger is damaged. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import { formatLedger, type LedgerEntry, parseLedger } from "../../src/ledger/ledger.ts";
import { trustedLedger } from "../../src/ledger/ledger-files.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { kinds } from "../../src/resources/kinds.ts";
import type { ResourceKind, State } from "../../src/resources/resource.ts";

const context = { topology: "web-lab", host: "rs1" };
const SPOILT = [null, 7, true, [], {}, [null], "", "\0", "$(reboot)\n", "-rf"];

function soundState(kind: ResourceKind): State {
  const folder = new URL(`../fixtures/resources/${kind.kind}/`, import.meta.url);
  for (const file of readdirSync(folder)) {
    const { written } = parse(readFileSync(new URL(file, folder), "utf8")) as { written: readonly State[] };
    try {
      const [state] = written.flatMap((one) => kind.resolve(one, context));
      if (state) return state;
    } catch {} // A case of what is refused.
  }
  throw new Error(`no case of ${kind.kind}`);
}

function trusted(state: State, kind: ResourceKind, key = kind.kind, original: State | null = null) {
  const entry: LedgerEntry = { kind: kind.kind, key, stage: "base-network", state, original };
  const text = formatLedger({ ...context, entries: [entry] });
  return trustedLedger({ topology: context.topology, text, exposure: undefined, version: "1" }, context.host, kinds);
}

/** Reads the ledger and plans a destroy; the code of the error, if there is one. */
function outcome(state: State, kind: ResourceKind, original?: State): string {
  try {
    const ledger = trusted(state, kind, kind.kind, original);
    const observed = new Map([[kind.kind, kind.bare()]]);
    makePlan(
      { topology: context.topology, hosts: new Map() },
      new Map([[context.host, { host: context.host, observed, ledger }]]),
      kinds,
    );
    return "planned";
  } catch (error) {
    if (error instanceof LvsctlError) return error.code;
    throw error;
  }
}

describe.each([...kinds.values()].filter(({ action }) => !action).map((kind) => [kind.kind, kind] as const))(
  "an entry of %s",
  (_name, kind) => {
    const sound = soundState(kind);

    it("is trusted when it is sound", () => {
      expect(trusted(sound, kind, kind.key(sound), sound).entries).toHaveLength(1);
    });

    it("is planned, or the ledger is damaged, whatever a state holds", () => {
      const states = [
        {},
        ...Object.keys(sound).flatMap((name) => SPOILT.map((value) => ({ ...sound, [name]: value }))),
      ];
      for (const state of states) {
        expect(["planned", "LVS-LEDGER-001"], JSON.stringify(state)).toContain(outcome(state, kind));
        expect(["planned", "LVS-LEDGER-001"], JSON.stringify(state)).toContain(outcome(sound, kind, state));
      }
    });
  },
);

it("entries that are nested too deeply are no ledger", () => {
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  const text = formatLedger({
    ...context,
    entries: [{ kind: "x", key: "x", stage: "publish", state: {}, original: null }],
  });
  expect(() => parseLedger(text.replace('"state":{}', `"state":{"a":${deep}}`), "web-lab", "rs1")).toThrow(
    expect.objectContaining({ code: "LVS-LEDGER-001" }),
  );
});
