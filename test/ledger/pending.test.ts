import { describe, expect, it } from "vitest";
import {
  formatRecord,
  parsePending,
  parseRecord,
  readPending,
  type TransactionRecord,
} from "../../src/ledger/pending.ts";
import { pendingErrors } from "../../src/transaction/pending-errors.ts";
import { isReadOnly } from "../../src/transport/guard.ts";

const record: TransactionRecord = {
  id: "00c0ffee",
  topology: "demo",
  host: "rs1",
  runner: { user: "ann", machine: "laptop", process: 4711, command: "apply" },
  since: "2026-11-20T12:00:00.123Z",
  hosts: ["rs1", "rs2"],
  confirmTimeoutSeconds: 60,
  changes: [],
  steps: 3,
};

const folder = "/var/lib/lvsctl/.transaction";
const boot = "3c1f7a0e-0000-4000-8000-000000000000\n";

function pendingWith(files: Readonly<Record<string, string>>) {
  const all = { "/proc/uptime": "100.50 80.00\n", "/proc/sys/kernel/random/boot_id": boot, ...files };
  const stdout = Object.entries(all)
    .flatMap(([path, text]) =>
      text
        .trimEnd()
        .split("\n")
        .map((line) => `${path}:${line}\n`),
    )
    .join("");
  return parsePending(new Map([[readPending.name, { stdout, stderr: "", status: 0 }]]));
}

const begun = {
  [`${folder}/id`]: "00c0ffee\n",
  [`${folder}/boot`]: boot,
  [`${folder}/transaction.json`]: formatRecord(record),
};
const deadline = (seconds: number) => ({ "/run/lvsctl/deadline": `${seconds}\n` });

describe("a pending run, as a host shows it", () => {
  it("is read without changing anything", () => {
    expect(isReadOnly(readPending.argv)).toBe(true);
  });

  it("is not there on a host without one", () => {
    expect(pendingWith({})).toBeUndefined();
    expect(parsePending(new Map())).toBeUndefined();
  });

  it.each([
    ["live", { ...begun, ...deadline(130) }, { secondsLeft: 30 }],
    ["expired", { ...begun, ...deadline(100) }, {}],
    ["restarted", begun, {}],
    ["restarted", { ...begun, ...deadline(130), [`${folder}/boot`]: "another\n" }, {}],
    [
      "stuck",
      { ...begun, ...deadline(90), [`${folder}/failed`]: "rm: no such file\n" },
      { output: "rm: no such file" },
    ],
    ["committed", { [`${folder}/confirmed`]: "00c0ffee\n", ...deadline(130) }, { record: undefined }],
  ])("is %s", (state, files, more) => {
    expect(pendingWith(files)).toEqual({ id: "00c0ffee", record, state, ...more });
  });

  it("has a record that is whole or none", () => {
    const text = formatRecord(record);
    expect(parseRecord(text)).toEqual(record);
    for (let at = 0; at < text.length - 1; at += 7) expect(parseRecord(text.slice(0, at))).toBeUndefined();
    expect(parseRecord(text.replace("rs2", "rs3"))).toBeUndefined();
    expect(parseRecord(text.replace("transaction/1", "transaction/2"))).toBeUndefined();
  });
});

describe("what is said of pending runs", () => {
  const live = { id: record.id, record, state: "live", secondsLeft: 12 } as const;

  it("names hosts, command, user, machine, process and time, once a run", () => {
    const errors = pendingErrors([
      { host: "rs1", pending: live },
      { host: "rs2", pending: { ...live, secondsLeft: 15 } },
      { host: "rs3", pending: { ...live, id: "another" } },
    ]);
    expect(errors.map(({ message }) => message)).toEqual([
      "On rs1, rs2: apply of demo by ann@laptop (process 4711), since 2026-11-20T12:00:00Z.",
      "On rs3: apply of demo by ann@laptop (process 4711), since 2026-11-20T12:00:00Z.",
    ]);
    expect(errors.map(({ exit }) => exit)).toEqual([6, 6]);
    expect(errors[0]?.details.hint).toContain("in 15 s");
  });

  it.each(["expired", "restarted", "committed", "stuck"] as const)("says of one that is %s what to do", (state) => {
    const [error] = pendingErrors([{ host: "rs1", pending: { id: record.id, record: undefined, state } }]);
    expect(error?.code).toBe("LVS-LOCK-003");
    expect(error?.details.hint).toContain("lvsctl rollback");
    expect(error?.message).toContain("record cannot be read");
  });
});
