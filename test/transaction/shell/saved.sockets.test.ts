/** What a run relies on is on the disk before anything relies on it. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { formatLedger } from "../../../src/ledger/ledger.ts";
import { formatRepairScript, parseRepair } from "../../../src/ledger/repair-script.ts";
import { kinds } from "../../../src/resources/kinds.ts";
import { ArmedRoot } from "../../helpers/armed-root.ts";

const FOLDER = "/var/lib/lvsctl/.transaction";
const DEMO = "/var/lib/lvsctl/demo";
const after = { topology: "demo", host: "rs1", entries: [] };

let host: ArmedRoot;

beforeEach(async () => {
  host = ArmedRoot.ofThings();
  for (const name of ["sync", "mv", "setsid"]) await note(name);
});
afterEach(() => host.close());

/** Has each call of a program noted. */
async function note(name: string): Promise<void> {
  await host.replace(name, `echo "${name} $*" >>/run/order; exec /usr/bin/${name} "$@"`);
}

/** What was called since the last time, in order. */
async function order(): Promise<readonly string[]> {
  return (await host.run("cat /run/order; rm /run/order")).stdout.trim().split("\n");
}

it("a host is armed, and its timer started, when all files of the run are saved", async () => {
  await host.arm({ atBoot: [{ what: "thing a", script: "true" as never }] });
  const [files = "", ...others] = await order();
  expect(files.split(" ")).toEqual([
    "sync",
    ...["boot", "id", "ledger.next", "restore.next", "room", "transaction.json", "transaction.sh"].map(
      (name) => `${FOLDER}.new/${name}`,
    ),
    `${FOLDER}.new`,
  ]);
  expect(others.slice(0, 2)).toEqual([`mv ${FOLDER}.new ${FOLDER}`, "sync /var/lib/lvsctl /var/lib"]);
  expect(others[2]).toMatch(/^setsid sh /);
});

it("a confirmation is saved before the ledger is, and the ledger before the run's files go", async () => {
  await host.arm();
  await host.make();
  await order();
  await host.replace("rm", `case $* in *${FOLDER}*) echo "rm" >>/run/order ;; esac; exec /usr/bin/rm "$@"`);
  await host.tell("confirm");
  expect((await order()).slice(0, 5)).toEqual([
    `mv ${FOLDER}/id ${FOLDER}/confirmed`,
    `sync ${FOLDER}`,
    `mv -f ${FOLDER}/ledger.next ${DEMO}/ledger.json`,
    `sync ${DEMO} /var/lib/lvsctl`,
    "rm",
  ]);
});

it("the ledger of a run that is kept as it is replaces the other when it is saved", async () => {
  await host.arm();
  await order();
  expect(await (await host.read()).keep({ id: "00c0ffee", confirmTimeoutSeconds: 99 }, after)).toEqual({
    result: "done",
  });
  expect((await order()).slice(0, 3)).toEqual([
    `sync ${FOLDER}/ledger.new`,
    `mv -f ${FOLDER}/ledger.new ${FOLDER}/ledger.next`,
    `sync ${FOLDER}`,
  ]);
});

it("a repaired ledger replaces the damaged one when it is saved", async () => {
  const path = `${DEMO}/ledger.json`;
  await host.run(`mkdir -p -m 0755 ${DEMO}; echo broken >${path}`);
  const version = (await host.run(`stat -c %i:%s:%Y ${path}`)).stdout.trim();
  const ledger = {
    ...after,
    entries: [{ kind: "thing", key: "a", stage: "publish" as const, state: {}, original: null }],
  };
  const repair = formatRepairScript({
    kinds,
    damaged: { topology: "demo", version },
    ledger,
    keptAs: `${path}.damaged`,
  });
  expect(parseRepair((await host.run(`PATH=/usr/local/sbin:$PATH\n${repair}`)).stdout)).toBe("done");
  expect(await order()).toEqual([`sync ${path}.new`, `mv -f ${path}.new ${path}`, `sync ${DEMO}`]);
  expect((await host.run(`cat ${path}`)).stdout).toBe(formatLedger(ledger));
});

describe("on a host that cannot save", () => {
  const broken = "echo 'sync: Input/output error' >&2; exit 1";

  it("no run begins, and nothing is left of it", async () => {
    await host.replace("sync", broken);
    expect(await host.arm()).toEqual({ answer: undefined, status: 1 });
    expect(await host.traces()).toBe("");
  });

  it("a confirmation does not say that it has ended, and can be ended later", async () => {
    await host.arm();
    await host.make();
    await host.replace("sync", broken);
    expect(await host.tell("confirm")).toMatchObject({ status: 1, stderr: expect.stringContaining("Input/output") });
    expect(await host.pending()).toMatchObject({ state: "committed" });
    expect((await host.tell("finish")).status).toBe(1);
    await note("sync");
    expect((await host.tell("finish")).status).toBe(0);
    expect(await host.pending()).toBeUndefined();
    expect((await host.run(`ls ${DEMO}`)).stdout).toBe("ledger.json\n");
  });

  it("because it has no sync, no run begins", async () => {
    await host.run("rm /usr/local/sbin/sync; mount --bind /dev/null /usr/bin/sync");
    expect((await host.arm()).answer).toBeUndefined();
    expect(await host.traces()).toBe("");
  });
});

it.each([
  ["a sync that knows no names", '[ $# = 0 ] || echo "sync: ignoring all arguments" >&2; exec /usr/bin/sync'],
  ["BusyBox's sync", 'exec busybox sync "$@"'],
])("a host with %s is armed and confirms", async (_what, script) => {
  await host.replace("sync", script);
  expect((await host.arm()).answer).toBe("armed");
  expect(await host.make()).toEqual({ result: "done" });
  expect((await host.tell("confirm")).status).toBe(0);
});
