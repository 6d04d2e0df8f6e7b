import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  formatRecord,
  parsePending,
  pendingReads,
  readProgress,
  readRecord,
  SCRIPT_FILE,
  scriptRemark,
  type TransactionRecord,
} from "../../src/ledger/pending.ts";
import { LAST_LINE } from "../../src/shell/host-script-parts.ts";
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

const whole = `${scriptRemark(record.id)}\n${LAST_LINE}\n`;

function pendingWith(files: Readonly<Record<string, string>>, script = whole) {
  const all = { "/proc/uptime": "100.50 80.00\n", "/proc/sys/kernel/random/boot_id": boot, ...files };
  const stdout = Object.entries(all)
    .flatMap(([path, text]) =>
      text
        .trimEnd()
        .split("\n")
        .map((line) => `${path}:${line}\n`),
    )
    .join("");
  const printed = [stdout, Object.keys(files).join("\n"), script];
  return parsePending(
    new Map(pendingReads.map(({ name }, index) => [name, { stdout: printed[index] ?? "", stderr: "", status: 0 }])),
  );
}

const begun = {
  [`${folder}/id`]: "00c0ffee\n",
  [`${folder}/boot`]: boot,
  [`${folder}/transaction.json`]: formatRecord(record),
};
const deadline = (seconds: number) => ({ "/run/lvsctl/deadline": `${seconds}\n` });

describe("a pending run, as a host shows it", () => {
  it("is read without changing anything", () => {
    expect([...pendingReads, readProgress].filter(({ argv }) => !isReadOnly(argv))).toEqual([]);
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
    ["committed", { ...begun, [`${folder}/confirmed`]: "00c0ffee\n", ...deadline(130) }, {}],
  ])("is %s", (state, files, more) => {
    expect(pendingWith(files)).toEqual({ id: "00c0ffee", record, state, ...more });
  });

  it.each([
    ["an empty id", { [`${folder}/id`]: "" }, whole, [`${folder}/id`]],
    ["an id that was cut off", { [`${folder}/id`]: "00c0\n" }, whole, [`${folder}/id`]],
    ["an empty script", {}, "", [SCRIPT_FILE]],
    ["a script that was cut off", {}, `${scriptRemark(record.id)}\n`, [SCRIPT_FILE]],
  ])("is known by its record with %s", (_what, files, script, damaged) => {
    expect(pendingWith({ ...begun, ...files }, script)).toMatchObject({ id: "00c0ffee", record, damaged });
  });

  it("is known by its script if everything else is empty", () => {
    const files = { [`${folder}/id`]: "", [`${folder}/transaction.json`]: "" };
    const damaged = [`${folder}/id`, `${folder}/transaction.json`];
    expect(pendingWith(files)).toMatchObject({ id: "00c0ffee", record: undefined, damaged });
    expect(pendingWith(files, "")).toMatchObject({ id: "", damaged: [...damaged, SCRIPT_FILE] });
  });

  it("has a record that is whole or none", () => {
    const text = formatRecord(record);
    expect(readRecord(text)).toEqual(record);
    for (let at = 0; at < text.length - 1; at += 7) expect(readRecord(text.slice(0, at))).toBe("damaged");
    expect(readRecord(text.replace("rs2", "rs3"))).toBe("damaged");
    expect(readRecord(text.replace("lvsctl.transaction", "other.transaction"))).toBe("damaged");
  });

  it("has a record of which a newer lvsctl says who can read it", () => {
    const text = formatRecord({ ...record, runner: { ...record.runner, version: "9.1.0" } });
    const newer = text.replace(/transaction.\d/, "transaction/77").replace("rs2", "rs3");
    expect(readRecord(newer)).toEqual({ format: "lvsctl.transaction/77", isNewer: true, version: "9.1.0" });
    expect(pendingWith({ ...begun, [`${folder}/transaction.json`]: newer })).toMatchObject({
      record: undefined,
      other: { version: "9.1.0" },
    });
  });
});

describe("a record that a host has made up, with the right checksum", () => {
  const madeUp = (value: unknown) => readRecord(formatRecord(value as TransactionRecord));
  const deep = JSON.parse(`${"[".repeat(5_000)}${"]".repeat(5_000)}`) as unknown;

  it.each([
    ["steps", [-1, 1e9, 4e9, 1.5, "3", null]],
    ["changes", [null, {}, [null], [{ kind: "address" }], [deep]]],
    ["hosts", [null, "rs1", [null], [{}]]],
    ["id", [null, "", "../x", "$(id)", "a\nb", "a".repeat(65), ["00c0ffee"]]],
    ["runner", [null, "ann", {}]],
    ["host", [null, {}]],
    ["topology", [null, 7]],
    ["since", [null, []]],
    ["confirmTimeoutSeconds", [null, "60"]],
  ] as const)("is damaged where %s is anything else", (name, values) => {
    for (const value of values) {
      if (name === "runner" && value === null) continue; // formatRecord could not write it.
      expect(madeUp({ ...record, [name]: value })).toBe("damaged");
    }
    expect(madeUp(record)).toEqual(record);
  });

  it.each(["null", "[]", "7", '"x"', "{}"])("is damaged where it is %s", (body) => {
    const sum = createHash("sha256").update(body).digest("hex");
    const [head = ""] = formatRecord(record).split("\n");
    expect(readRecord(`${head.replace(/[0-9a-f]{64}/, sum)}\n${body}\n`)).toBe("damaged");
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

  it("has one code and one fix for a run, whatever has become of it on each host", () => {
    const errors = pendingErrors([
      { host: "pc", pending: { ...live, state: "expired" } },
      { host: "rs1", pending: live },
      { host: "rs2", pending: { ...live, state: "committed" } },
    ]);
    expect(errors.map(({ code }) => code)).toEqual(["LVS-LOCK-001"]);
    expect(errors[0]?.message).toMatch(
      /^On rs1: apply of demo .*, and on pc, where its timer has run out, and on rs2, where it is confirmed already\.$/,
    );
  });

  it("names the commands that end it as the user would type them", () => {
    const next = (command: string) => `lvsctl ${command} --lab dr.yaml`;
    const hintOf = (state: "live" | "expired" | "stuck") =>
      pendingErrors([{ host: "rs1", pending: { ...live, state } }], { next })[0]?.details.hint;
    expect(hintOf("live")).toContain(
      "lvsctl confirm --lab dr.yaml keeps it, lvsctl rollback --lab dr.yaml rolls it back",
    );
    expect(hintOf("expired")).toContain("Run lvsctl rollback --lab dr.yaml; otherwise");
    expect(hintOf("stuck")).toContain("lvsctl rollback --lab dr.yaml tries again");
  });

  it("names first the runs that are under way", () => {
    const errors = pendingErrors([
      { host: "rs1", pending: { ...live, id: "other", state: "expired" } },
      { host: "rs2", pending: live },
    ]);
    expect(errors.map(({ code }) => code)).toEqual(["LVS-LOCK-001", "LVS-LOCK-003"]);
  });

  it.each(["live", "expired", "stuck"] as const)(
    "says of one that is %s if its process has ended, and only then",
    (state) => {
      const all = [{ host: "rs1", pending: { ...live, state } }];
      const [gone] = pendingErrors(all, { hasEnded: ({ process }) => process === 4711 });
      expect(gone?.message).toContain("That process was one of this machine, and has ended.");
      expect(gone?.details.hint).not.toContain("If its lvsctl no longer runs");
      const [unknown] = pendingErrors(all, { hasEnded: () => false });
      expect(unknown?.message).not.toContain("has ended");
      if (state === "live") expect(unknown?.details.hint).toContain("If its lvsctl no longer runs");
    },
  );

  it.each(["expired", "restarted", "committed", "stuck"] as const)("says of one that is %s what to do", (state) => {
    const [error] = pendingErrors([{ host: "rs1", pending: { id: record.id, record: undefined, state } }]);
    expect(error?.code).toBe("LVS-LOCK-003");
    expect(error?.details.hint).toContain("lvsctl rollback");
    expect(error?.message).toContain("record cannot be read");
  });
});
