/** The lock of a host, with what different hosts have for it. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { formatRepairScript, parseRepair } from "../../../src/ledger/repair-script.ts";
import { kinds } from "../../../src/resources/kinds.ts";
import { restorePath, stateFolder } from "../../../src/resources/state-folder.ts";
import { type ShellCommand, sh } from "../../../src/shell/quote.ts";
import type { NumberedStep } from "../../../src/transaction/host-steps.ts";
import { formatRestoreScript } from "../../../src/transaction/shell/restore-script.ts";
import { ArmedRoot } from "../../helpers/armed-root.ts";
import { isLongRun } from "../../helpers/long-run.ts";

/** BusyBox's knows -s, -x, -u and -n, and takes the number of a descriptor. Source: util-linux/flock.c of BusyBox 1.36. */
const BUSYBOX = `case $1 in
-*[!sxun]*) echo "flock: invalid option -- '\${1#-}'" >&2; exit 1 ;;
esac
exec /usr/bin/flock "$@"`;

/** Holds the lock until it is killed. */
const HOLD =
  "(exec 9>>/run/lvsctl.lock; /usr/bin/flock 9; exec sleep 36000) >/dev/null 2>&1 </dev/null & echo $! >/run/holder\nuntil ! /usr/bin/flock -n /run/lvsctl.lock true; do kill -0 $! || exit 1; sleep 0.1; done";
const LET_GO = "kill -9 $(cat /run/holder); rm /run/holder";
/** The scripts wait this long for the lock; none of these tests does. */
const IMPATIENT = (script: string) => script.replace(/\block (10|30|60)\b/g, "lock 1");

let host: ArmedRoot;

beforeEach(() => {
  host = new ArmedRoot();
});
afterEach(() => host.close());

/** Puts a script in place that restores something, and returns the command that runs it. */
async function restoring(script = sh`echo back >/var/lib/back`): Promise<string> {
  const step = { what: "thing a", script };
  const text = IMPATIENT(formatRestoreScript([step], { topology: "demo", host: "rs1" }));
  await host.run(sh`mkdir -p ${stateFolder("demo")}; printf %s ${text} >${restorePath("demo")}`);
  return sh`sh ${restorePath("demo")}`;
}

const ALL_BUSYBOX =
  "mount -t tmpfs none /usr/local/sbin; busybox --install -s /usr/local/sbin; rm -f /usr/local/sbin/flock";

const FLOCKS: readonly (readonly [name: string, flock: string | undefined, prepare: string])[] = [
  ["util-linux", undefined, ":"],
  ["BusyBox, and everything else of BusyBox", BUSYBOX, ALL_BUSYBOX],
  ...(isLongRun ? ([["BusyBox", BUSYBOX, ":"]] as const) : []),
];

describe.each(FLOCKS)("with the flock of %s", (_name, flock, prepare) => {
  beforeEach(async () => {
    await host.run(prepare);
    if (flock) await host.replace("flock", flock);
  });

  it("a run is armed, made and confirmed", async () => {
    expect(await host.arm()).toEqual({ answer: "armed", status: 0 });
    expect(await host.make()).toEqual({ result: "done" });
    expect(await host.tell("confirm")).toMatchObject({ status: 0, stderr: "" });
    expect(await host.made()).toBe("a b");
  });

  it("a run is rolled back by its timer", async () => {
    expect(await host.arm()).toEqual({ answer: "armed", status: 0 });
    await host.make(undefined, 0);
    await host.run("pkill -f 'sleep 9[0-9]'; while [ -e /var/lib/lvsctl/.transaction ]; do sleep 0.2; done");
    expect(await host.made()).toBe("");
    expect(await host.traces()).toBe("");
  });

  it("of two who arm a host at once, one does", async () => {
    const both = await Promise.all([host.arm(), host.arm()]);
    expect(both.map(({ answer }) => answer).sort()).toEqual(["armed", "held"]);
  });

  it("nobody else gets in, until whoever has the lock dies", async () => {
    await host.run(HOLD);
    const { stderr, ...busy } = await host.arm({}, IMPATIENT);
    expect(busy).toEqual({ answer: "busy", status: 1 });
    expect(stderr).toMatch(/^sleep 36000 \(process \d+\)\n$/);
    await host.run(LET_GO);
    expect(await host.arm()).toEqual({ answer: "armed", status: 0 });
  });

  it("whoever only waits for the lock, or has opened the file, is not said to have it", async () => {
    await host.run(`sleep 36000 8>>/run/lvsctl.lock >/dev/null 2>&1 </dev/null & echo $! >/run/other\n${HOLD}`);
    const both = await Promise.all([host.arm({}, IMPATIENT), host.arm({}, IMPATIENT)]);
    for (const { stderr } of both) expect(stderr?.trim().split("\n")).toHaveLength(1);
    await host.run(`${LET_GO}; kill -9 $(cat /run/other)`);
  });

  it("a ledger is repaired, and its repair keeps out of a run", async () => {
    const ledger = { topology: "a", host: "h", entries: [] };
    const path = "/var/lib/lvsctl/a/ledger.json";
    await host.run(`mkdir -p -m 0755 /var/lib/lvsctl/a; echo broken >${path}`);
    const version = (await host.run(`stat -c %i:%s:%Y ${path}`)).stdout.trim();
    const repair = formatRepairScript({
      kinds,
      damaged: { topology: "a", version },
      ledger,
      keptAs: `${path}.damaged`,
    });
    const answer = async () => parseRepair((await host.run(`PATH=/usr/local/sbin:$PATH\n${IMPATIENT(repair)}`)).stdout);
    await host.run(HOLD);
    expect(await answer()).toBe("busy");
    await host.run(`${LET_GO}; mkdir -p /var/lib/lvsctl/.transaction; echo 1 >/var/lib/lvsctl/.transaction/id`);
    expect(await answer()).toBe("held");
    await host.run("rm -r /var/lib/lvsctl/.transaction");
    expect(await answer()).toBe("done");
  });

  it("what comes back at boot does not in a run, and waits for anybody else who holds the lock, but not for ever", async () => {
    const restore = await restoring();
    expect((await host.arm()).answer).toBe("armed");
    const waits = "lvsctl demo: a run is under way: the rest is done when it has ended\n";
    expect(await host.run(restore)).toMatchObject({ status: 0, stdout: waits });
    await host.run(HOLD);
    expect((await host.run(restore)).stdout).toContain(waits);
    expect((await host.run("ls /var/lib/back")).stdout).toBe("");
    await host.run(LET_GO);
    await host.run("rm /run/lvsctl/demo.again");
    expect((await host.tell("confirm")).status).toBe(0);
    await restoring();
    await host.run(HOLD);
    expect(await host.run(restore)).toMatchObject({
      status: 0,
      stdout:
        "lvsctl demo: the lock has not been free for a minute: it is not waited for any longer\nlvsctl demo: thing a\n",
    });
    expect((await host.run("cat /var/lib/back")).stdout).toBe("back\n");
    await host.run(LET_GO);
  });
});

const AS_NOBODY = "setpriv --reuid 65534 --regid 65534 --clear-groups";

describe.skipIf(process.getuid?.() !== 0)("another user of the host", () => {
  const tryIt = `${AS_NOBODY} flock -n /run/lvsctl.lock true`;
  /** As HOLD does it. */
  const holding = (folder: string) =>
    `${AS_NOBODY} sh -c 'exec 9<${folder}; flock 9; exec sleep 36000' >/dev/null 2>&1 </dev/null & echo $! >/run/holder
until ! flock -n ${folder} true; do kill -0 $! || exit 1; sleep 0.1; done`;

  it.each(["/run", "/run/lock"])("keeps no run from beginning and ending by a lock on %s", async (folder) => {
    await host.run(`mkdir -p -m 1777 /run/lock; ${holding(folder)}`);
    expect((await host.run(`flock -n ${folder} true`)).status).toBe(1);
    expect(await host.arm({}, IMPATIENT)).toEqual({ answer: "armed", status: 0 });
    expect(await host.make()).toEqual({ result: "done" });
    expect(await host.tell("confirm")).toMatchObject({ status: 0, stderr: "" });
    expect(await host.traces()).not.toContain("lvsctl.lock");
    await host.run(LET_GO);
  });

  it("cannot open what is locked, before the host has it or later", async () => {
    expect((await host.run(tryIt)).stderr).toMatch(/[Pp]ermission denied/);
    expect((await host.arm({}, (script) => `umask 0\n${script}`)).answer).toBe("armed");
    expect((await host.run(tryIt)).stderr).toMatch(/[Pp]ermission denied/);
    expect((await host.run("flock -n /run/lvsctl.lock true")).status).toBe(0);
  });
});

describe("the file that is locked", () => {
  const isFree = "if flock -n /run/lvsctl.lock true; then echo free; else echo held; fi >>/var/lib/answers";
  const asking: NumberedStep = {
    number: 0,
    step: { makes: [], script: isFree as ShellCommand },
    undo: [],
    outlivesRestart: false,
  };

  beforeEach(() => {
    host.close();
    host = new ArmedRoot([asking]);
  });

  it("is locked again if somebody has removed it in the moment before", async () => {
    await host.arm();
    await host.replace(
      "flock",
      '[ -e /run/once ] || { touch /run/once; rm /run/lvsctl.lock; }\nexec /usr/bin/flock "$@"',
    );
    expect(await host.make()).toEqual({ result: "done" });
    expect((await host.run("cat /var/lib/answers")).stdout).toBe("held\n");
  });

  it("is nobody's once the run has ended, and is not left", async () => {
    await host.arm();
    expect((await host.run("ls /run/lvsctl.lock")).status).toBe(0);
    await host.make();
    await host.tell("undo");
    expect(await host.traces()).toBe("");
  });

  it("is not left by who comes when the run has ended, and stays if there is another", async () => {
    await host.arm();
    await host.tell("undo");
    expect(await host.make()).toEqual({ result: "gone" });
    expect(await host.traces()).toBe("");
    await host.arm({}, (script) => script.replaceAll("00c0ffee", "00c0ffef"));
    expect(await host.make()).toEqual({ result: "gone" });
    expect((await host.run("ls /run/lvsctl.lock")).status).toBe(0);
  });

  it("is root's alone, whatever the umask of who makes it", async () => {
    const restore = await restoring(sh`stat -c '%u %a' /run/lvsctl.lock >/var/lib/mode; umask >>/var/lib/mode`);
    expect((await host.run(`umask 0\n${restore}`)).status).toBe(0);
    expect((await host.run("cat /var/lib/mode")).stdout).toBe("0 600\n0022\n");
  });

  it("stays another's, whose lock was waited for in vain", async () => {
    await host.run(HOLD);
    const restore = await restoring();
    expect((await host.run(restore)).stdout).toContain("it is not waited for any longer");
    expect((await host.run("flock -n /run/lvsctl.lock true")).status).toBe(1);
    await host.run(LET_GO);
    expect((await host.run(restore)).stdout).toBe("lvsctl demo: thing a\n");
    expect((await host.run("ls /run/lvsctl.lock")).status).not.toBe(0);
  });
});

describe("without any flock", () => {
  const path = "/var/lib/lvsctl/a/ledger.json";

  beforeEach(() => host.run("mount --bind /dev/null /usr/bin/flock"));

  it("no run begins, and the reason is told", async () => {
    expect(await host.arm()).toEqual({ answer: "no-lock", status: 1 });
    expect(await host.traces()).toBe("");
  });

  it("no ledger is repaired, and the reason is told", async () => {
    await host.run(`mkdir -p -m 0755 /var/lib/lvsctl/a; echo broken >${path}`);
    const version = (await host.run(`stat -c %i:%s:%Y ${path}`)).stdout.trim();
    const ledger = { topology: "a", host: "h", entries: [] };
    const repair = formatRepairScript({
      kinds,
      damaged: { topology: "a", version },
      ledger,
      keptAs: `${path}.damaged`,
    });
    expect(parseRepair((await host.run(repair)).stdout)).toBe("no-lock");
    expect((await host.run(`cat ${path}`)).stdout).toBe("broken\n");
  });

  it("what was confirmed comes back at boot all the same", async () => {
    expect((await host.run(await restoring())).status).toBe(0);
    expect((await host.run("cat /var/lib/back")).stdout).toBe("back\n");
  });
});
