import { describe, expect, it } from "vitest";
import type { PlannedChange } from "../../src/plan/plan.ts";
import { formatLedger, type Ledger, nextLedger, parseLedger } from "../../src/transaction/ledger.ts";
import { thing } from "../helpers/fake-kind.ts";

const ledger: Ledger = {
  topology: "t",
  host: "h",
  entries: [
    { kind: "thing", key: "a", stage: "base-network", state: thing("a", 2), original: thing("a", 1) },
    { kind: "thing", key: "b'\n$(x)", stage: "publish", state: thing("b", 1), original: null },
  ],
};

function change(key: string, more: Partial<PlannedChange>): PlannedChange {
  return {
    kind: "thing",
    key,
    host: "h",
    action: "create",
    before: undefined,
    after: thing(key, 1),
    description: "",
    fields: [],
    reason: "",
    why: "",
    stage: "base-network",
    phase: "build",
    isAction: false,
    commands: [],
    original: undefined,
    ...more,
  };
}

describe("a ledger's text", () => {
  it("reads back as it was written", () => {
    expect(parseLedger(formatLedger(ledger), "t", "h")).toEqual(ledger);
  });

  it.each([
    ["cut off", (text: string) => text.slice(0, -20), /not JSON/],
    ["a flipped bit", (text: string) => text.replace('"size":2', '"size":3'), /checksum/],
    ["another version", (text: string) => text.replace("ledger/1", "ledger/9"), /format/],
    ["another topology's", (text: string) => text.replace('"topology": "t"', '"topology": "u"'), /belongs to/],
    ["something else", () => "[]", /not a ledger/],
    ["an entry of no stage", (text: string) => text.replace('"publish"', '"sometime"'), /malformed/],
  ])("is refused when it is %s", (_name, damage, message) => {
    expect(() => parseLedger(damage(formatLedger(ledger)), "t", "h")).toThrow(message);
  });
});

describe("nextLedger", () => {
  it("accounts for what a run makes before it is made, and keeps what it is going to clear", () => {
    const during = nextLedger("t", "h", ledger, [change("c", {}), change("a", { phase: "clear" })], false);
    expect(during.entries.map(({ key }) => key)).toEqual(["a", "b'\n$(x)", "c"]);
  });

  it("holds only what is wanted when the run is done", () => {
    const after = nextLedger(
      "t",
      "h",
      ledger,
      [change("c", {}), change("a", { action: "none", original: thing("a", 1) })],
      true,
    );
    expect(after.entries.map(({ key }) => key)).toEqual(["a", "c"]);
    expect(after.entries[0]?.original).toEqual(thing("a", 1));
  });

  it("does not take what was there before and needed no change", () => {
    expect(nextLedger("t", "h", undefined, [change("z", { action: "none" })], true).entries).toEqual([]);
  });

  it("does not note actions", () => {
    expect(nextLedger("t", "h", undefined, [change("z", { isAction: true })], true).entries).toEqual([]);
  });
});
