import { describe, expect, it } from "vitest";
import { type FaultOutcome, formatFaultsPage, merged } from "../helpers/fault-outcomes.ts";

const outcome = (fault: string, exit = "5"): FaultOutcome => ({
  ...{ fault, exit, during: "apply", ended: "before", by: "lvsctl" },
});

describe("what a run adds to what is known of faults", () => {
  it("is what is new, and what it has tried as often; the rest stays", () => {
    const known = { a: [outcome("one"), outcome("two"), outcome("two")], b: [outcome("three")] };
    const shown = { a: [outcome("one", "0"), outcome("two", "0"), outcome("four")] };
    expect(merged(known, shown)).toEqual({
      a: [outcome("one", "0"), outcome("two"), outcome("two"), outcome("four")],
      b: [outcome("three")],
    });
  });

  it("is nothing where a file has shown nothing", () => {
    const known = { a: [outcome("one")] };
    expect(merged(known, { a: [] })).toEqual(known);
  });
});

describe("the page", () => {
  it("has a row for each fault, over all files, with how often each end was seen", () => {
    const page = formatFaultsPage({
      a: [outcome("one"), outcome("one", "0")],
      b: [outcome("one"), { ...outcome("two"), init: "systemd" as const }],
    });
    expect(page).toContain("| one |  | apply | 3 | before (lvsctl) | 1 × 0, 2 × 5 |\n| two | systemd | apply | 1 |");
  });
});
