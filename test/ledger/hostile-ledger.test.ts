/** Ledgers that a host has made up, with the right checksum: their states are sound, or the ledger is damaged. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import { formatLedger, type LedgerEntry, parseLedger } from "../../src/ledger/ledger.ts";
import { trustedLedger } from "../../src/ledger/ledger-files.ts";
import { readableLedger } from "../../src/ledger/salvage.ts";
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

/** The state with one field more, at its top and in each of its parts. */
function withOneMore(state: State): readonly State[] {
  const parts = Object.entries(state).filter((part): part is [string, State] => isState(part[1]));
  return [
    { ...state, colour: "red" },
    ...parts.flatMap(([name, part]) => withOneMore(part).map((each) => ({ ...state, [name]: each }))),
  ];
}

function isState(value: unknown): value is State {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** How many of the entries can be read of a ledger whose checksum is wrong. */
function saved(state: State, kind: ResourceKind, original: State | null): number {
  const entry: LedgerEntry = { kind: kind.kind, key: kind.key(state), stage: "base-network", state, original };
  const text = formatLedger({ ...context, entries: [entry] });
  return readableLedger(text, kinds, context, () => true).entries.length;
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

    it("is of a newer version if a state has a field that this one does not know, and is not salvaged without it", () => {
      for (const state of withOneMore(sound)) {
        expect(outcome(state, kind), JSON.stringify(state)).toBe("LVS-LEDGER-002");
        expect(outcome(sound, kind, state), JSON.stringify(state)).toBe("LVS-LEDGER-002");
        expect(saved(state, kind, null), JSON.stringify(state)).toBe(0);
        expect(saved(sound, kind, state), JSON.stringify(state)).toBe(0);
      }
      expect(saved(sound, kind, sound)).toBe(1);
    });
  },
);

/** What only an original has: what was found of somebody else's. */
const FOUND = {
  address: [
    { address: "10.0.0.5", prefix: 24, device: "eth0" },
    { options: ["brd", "10.0.0.255"], validUntil: 1_764_230_000, preferredUntil: 1_764_230_000 },
  ],
  route: [
    { family: 4, to: "10.0.0.0/8", type: "unicast", table: "main", via: "10.1.0.1" },
    { options: ["proto", "static"], nhid: "5", validUntil: 1_764_230_000 },
  ],
} as const;

describe.each(Object.entries(FOUND))("what was found of somebody else's %s", (name, [plain, more]) => {
  const kind = kinds.get(name);
  if (!kind) throw new Error(`no kind ${name}`);
  const script = (after: State) =>
    kind
      .commands([{ kind: name, key: kind.key(after), before: undefined, after }], kind.bare(), context)
      .map((step) => step.script)
      .join("\n");

  it("is restored from the ledger, with and without what older versions did not keep", () => {
    expect(outcome(plain, kind, plain)).toBe("planned");
    expect(outcome(plain, kind, { ...plain, ...more })).toBe("planned");
    expect(script({ ...plain, ...more })).toMatch(/1764230000/);
    expect(script(plain)).toMatch(/^ip .*[0-9a-z]$/);
  });

  it.each(Object.keys(more))("is restored, or the ledger is damaged, whatever %s holds", (field) => {
    for (const value of [...SPOILT, "1-$(reboot)", ["$(reboot)"], Number.NaN]) {
      const state = { ...plain, ...more, [field]: value };
      const made = outcome(plain, kind, state);
      expect(["planned", "LVS-LEDGER-001"], JSON.stringify(value)).toContain(made);
      if (made === "planned") expect(script(state).replaceAll(/'[^']*'/g, "")).not.toMatch(/reboot|NaN|undefined/);
    }
  });
});

it.each(["x", "../x", "/srv/../x", "/dev/x", "/srv/a\nb", "/srv/", ""])("a file at %j is no file of ours", (path) => {
  const [kind, state] = [kinds.get("file"), { path: "/srv/x", content: "a", mode: "0644" }];
  if (!kind) throw new Error("no kind file");
  expect(outcome(state, kind)).toBe("planned");
  expect(outcome({ ...state, path }, kind)).toBe("LVS-LEDGER-001");
});

it("entries that are nested too deeply are no ledger", () => {
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  const text = formatLedger({
    ...context,
    entries: [{ kind: "x", key: "x", stage: "publish", state: {}, original: null }],
  });
  for (const made of [
    text.replace('"state":{}', `"state":{"a":${deep}}`),
    text.replace('"checksum"', `"hosts": ${deep}, "checksum"`),
  ]) {
    expect(() => parseLedger(made, "web-lab", "rs1")).toThrow(expect.objectContaining({ code: "LVS-LEDGER-001" }));
  }
});
