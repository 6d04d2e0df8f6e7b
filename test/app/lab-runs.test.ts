/** What keeps a lab from being taken down: a run that is under way on one of its hosts, and whose process may still be there. */
import { expect, it } from "vitest";
import { runError } from "../../src/app/lab-runs.ts";
import type { Pending } from "../../src/ledger/pending.ts";
import { ownProcess } from "../../src/machine/own-process.ts";

const own = ownProcess();
const runner = { user: "ann", command: "apply", ...own };
const live = {
  ...{ id: "00c0ffee", state: "live", secondsLeft: 12 },
  record: { topology: "shop", runner, since: "2026-11-28T04:00:00.000Z" },
} as unknown as Pending;
const on = (pending: Pending | undefined) =>
  runError(
    "shop",
    new Map([
      ["fw", undefined],
      ["lb", pending],
    ]),
  );

it("is a run of a process that runs, or of which nobody knows", () => {
  const error = on(live);
  expect(error).toMatchObject({ code: "LVS-LAB-009", exit: 6, details: { hint: expect.stringContaining("--force") } });
  expect(error?.message).toContain("The lab shop stays up: on lb, apply of shop by ann@");
  const foreign = { ...live, record: { ...live.record, runner: { ...runner, place: "another" } } } as Pending;
  expect(on(foreign)?.code).toBe("LVS-LAB-009");
  expect(on({ ...live, record: undefined })?.code).toBe("LVS-LAB-009");
});

it("is none whose process has ended, none that is over, and no host without one", () => {
  const ended = { ...live, record: { ...live.record, runner: { ...runner, started: "1" } } } as Pending;
  expect(on(ended)).toBeUndefined();
  for (const state of ["expired", "restarted", "committed", "stuck"] as const) {
    expect(on({ ...live, state })).toBeUndefined();
  }
  expect(on(undefined)).toBeUndefined();
});
