import { expect, test } from "vitest";
import { refusedError } from "../../src/transaction/run-errors.ts";
import type { Refusal } from "../../src/transaction/run-host.ts";

const restore = "/bin/sh /var/lib/lvsctl/demo/restore.sh (process 812)";
const ended = "Another run has ended on dr since it was read; this plan is out of date.";

test.each<readonly [Refusal, string, string, number, string | RegExp]>([
  ["held", "", "LVS-LOCK-002", 6, ended],
  ["changed", "", "LVS-LOCK-002", 6, ended],
  [
    "busy",
    restore,
    "LVS-LOCK-010",
    6,
    `dr is busy: the lock of lvsctl was held for half a minute there, by ${restore}.`,
  ],
  ["busy", `${restore}\nflock /run sleep 99 (process 4711)`, "LVS-LOCK-010", 6, /by .*\(process 812\), flock /],
  ["busy", "", "LVS-LOCK-010", 6, "dr is busy: the lock of lvsctl was held for half a minute there."],
  ["no-lock", "", "LVS-LOCK-004", 5, "dr cannot roll a run back on its own: it has no flock."],
])("a host that refuses a run: %s, %j", (why, output, code, exit, message) => {
  const error = refusedError("dr", { result: "refused", why, output });
  expect(error).toMatchObject({
    code,
    message: typeof message === "string" ? message : expect.stringMatching(message),
  });
  expect(error.exit).toBe(exit);
  const { hint } = error.details;
  expect(/fuser -v \/run/.test(hint ?? "")).toBe(why === "busy");
  expect(/Another run has ended/.test(`${error.title} ${error.message}`)).toBe(code === "LVS-LOCK-002");
});
