/** What a power cut may leave of the files of a run: each of them empty, cut in half, or without its last line. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SCRIPT_FILE } from "../../../src/ledger/pending.ts";
import { bootCommand } from "../../../src/resources/boot/boot-manager.ts";
import { restorePath } from "../../../src/resources/state-folder.ts";
import { raw, type ShellCommand, sh } from "../../../src/shell/quote.ts";
import { confirmPending, rollBackPending } from "../../../src/transaction/end-pending.ts";
import { pendingErrors } from "../../../src/transaction/pending-errors.ts";
import { formatRestoreScript } from "../../../src/transaction/shell/restore-script.ts";
import { ArmedRoot } from "../../helpers/armed-root.ts";
import { shareOf } from "../../helpers/long-run.ts";

const FOLDER = "/var/lib/lvsctl/.transaction";
const LEDGER = "/var/lib/lvsctl/demo/ledger.json";
const SIZES = {
  empty: ": >$f",
  "cut in half": "head -c $(($(wc -c <$f) / 2)) $f >/run/cut; cat /run/cut >$f; rm /run/cut",
  "without its last line": "n=$(wc -l <$f); head -n $((n - 1)) $f >/run/cut; cat /run/cut >$f; rm /run/cut",
};
const FILES = ["id", "boot", "transaction.json", "transaction.sh", "ledger.next", "restore.next"];
const cases = FILES.flatMap((file) => Object.keys(SIZES).map((size) => [file, size as keyof typeof SIZES] as const));

let host: ArmedRoot;

beforeEach(() => {
  host = ArmedRoot.ofThings();
});
afterEach(() => host.close());

async function cut(file: string, size: keyof typeof SIZES): Promise<void> {
  await host.run(`f=${file}\n${SIZES[size]}`);
}

/** A host that was armed, has made two of three things, and was restarted; its boot has not rolled anything back yet. */
async function armed(): Promise<void> {
  const step = { what: "thing a", script: "true" as never };
  expect(await host.arm({ atBoot: [step] })).toEqual({ answer: "armed", status: 0 });
  expect(await host.make([0, 1])).toEqual({ result: "done" });
}

const powerCut = () => host.run("pkill -f 'transaction.sh watc[h]'; rm -r /run/lvsctl; rm /var/lib/things/a");

const WAYS = ["rollback", "boot"] as const;

describe("a host with its", () => {
  it.each(shareOf(cases, "rollback", WAYS))(
    "%s %s is reported, and lvsctl rollback rolls the run back",
    async (file, size) => {
      await armed();
      await powerCut();
      await cut(`${FOLDER}/${file}`, size);
      expect((await host.arm()).answer).toBe("held");
      const pending = await host.pending();
      expect(pending).toMatchObject({ id: "00c0ffee", state: "restarted" });
      const errors = pendingErrors(pending ? [{ host: "rs1", pending }] : []);
      expect(errors.map(({ code }) => code)).toEqual(["LVS-LOCK-003"]);
      expect(errors[0]?.message.includes(file)).toBe(/^(id|transaction)/.test(file));
      expect(await rollBackPending([await host.read()], host.limits)).toEqual([]);
      expect(await host.made()).toBe("");
      expect(await host.traces()).toBe("");
      expect((await host.arm()).answer).toBe("armed");
    },
  );

  it.each(shareOf(cases, "boot", WAYS))("%s %s has nothing half made after it has started", async (file, size) => {
    await armed();
    await powerCut();
    await cut(`${FOLDER}/${file}`, size);
    await host.tell("undo");
    const left = await host.made();
    const isScript = file === "transaction.sh" && size !== "without its last line"; // That one is a remark.
    expect(left).toBe(isScript ? "lasting" : "");
    expect((await host.pending()) !== undefined).toBe(isScript);
  });
});

describe("a run whose ledger or restore script is damaged", () => {
  it.each([
    ["ledger.next", "empty"],
    ["ledger.next", "cut in half"],
    ["ledger.next", "without its last line"],
    ["restore.next", "empty"],
    ["restore.next", "cut in half"],
    ["restore.next", "without its last line"],
  ] as const)("is not confirmed with its %s %s", async (file, size) => {
    await armed();
    await host.make([2]);
    await cut(`${FOLDER}/${file}`, size);
    const { status, stderr } = await host.tell("confirm");
    expect(status).toBe(1);
    expect(stderr).toContain(`${file} is damaged`);
    expect(await host.pending()).toMatchObject({ state: "live" });
    expect((await host.run(`ls ${LEDGER} ${restorePath("demo")}`)).stdout).toBe("");
  });

  it("is confirmed where both are whole", async () => {
    await armed();
    await host.make([2]);
    expect(await confirmPending([await host.read()], host.limits)).toEqual([]);
    expect((await host.run(`ls ${LEDGER} ${restorePath("demo")}`)).status).toBe(0);
  });
});

it.each(Object.keys(SIZES) as (keyof typeof SIZES)[])("a run is not confirmed with its record %s", async (size) => {
  await armed();
  await host.make([2]);
  await cut(`${FOLDER}/transaction.json`, size);
  const failures = await confirmPending([await host.read()], host.limits);
  expect(failures.map(({ code }) => code)).toEqual(["LVS-LOCK-007"]);
  expect(await host.pending()).toMatchObject({ state: "live" });
});

it.each(Object.keys(SIZES) as (keyof typeof SIZES)[])(
  "a confirmation that was interrupted ends with its script %s",
  async (size) => {
    await armed();
    await host.make([2]);
    await host.run(`mv ${FOLDER}/id ${FOLDER}/confirmed`);
    await powerCut();
    await cut(SCRIPT_FILE, size);
    expect(await host.pending()).toMatchObject({ state: "committed" });
    expect(await rollBackPending([await host.read()], host.limits)).toEqual([]);
    expect(await host.pending()).toBeUndefined();
    expect((await host.run(`ls ${LEDGER}`)).status).toBe(0);
  },
);

it("a run of which neither record nor script are left is ended, and nobody says that it was rolled back", async () => {
  await armed();
  await powerCut();
  for (const file of ["id", "transaction.json", "transaction.sh"]) await cut(`${FOLDER}/${file}`, "empty");
  const failures = await rollBackPending([await host.read()], host.limits);
  expect(failures.map(({ code }) => code)).toEqual(["LVS-LOCK-009"]);
  expect(failures[0]?.details.hint).toContain("transaction.json");
  expect(await host.made()).toBe("lasting");
  expect(await host.pending()).toBeUndefined();
  expect((await host.run(`ls ${FOLDER}.damaged`)).stdout).toContain("ledger.next");
  expect((await host.arm()).answer).toBe("armed");
});

it.each(Object.keys(SIZES) as (keyof typeof SIZES)[])("a ledger that is %s is reported as damaged", async (size) => {
  await armed();
  await host.make([2]);
  await host.tell("confirm");
  await cut(LEDGER, size);
  await expect(host.read()).rejects.toMatchObject({ code: "LVS-LEDGER-001" });
});

describe("at boot, the script that restores", () => {
  const started = async (cut: string) => {
    await host.run("mkdir -p /var/lib/lvsctl/demo");
    const step = { what: "it", script: sh`echo made >/run/made` };
    const text = formatRestoreScript([step], { topology: "demo", host: "rs1" });
    await host.run(sh`printf %s ${text} | ${raw(cut as ShellCommand)} >${restorePath("demo")}`);
    const { status, stdout } = await host.run(bootCommand("demo", "start"));
    return { status, stdout, made: (await host.run("cat /run/made")).stdout };
  };

  it("is run if it is whole", async () => {
    expect(await started("cat")).toMatchObject({ status: 0, made: "made\n" });
  });

  it("is not run while a run of this boot is under way: it is of the state before it", async () => {
    await armed();
    expect(await started("cat")).toEqual({ status: 0, stdout: "a run is under way\n", made: "" });
  });

  it.each(["head -c 0", "head -n 20", "head -n -1"])("is not run, and its damage is said, after %s", async (cut) => {
    expect(await started(cut)).toEqual({
      status: 1,
      stdout: `${restorePath("demo")} is damaged: lvsctl apply writes it again\n`,
      made: "",
    });
  });
});
