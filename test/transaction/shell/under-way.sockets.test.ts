/** What is to be brought back while a run is under way, or while a script waits for one: by real shells and the real scripts. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { markAsked } from "../../../src/resources/boot/asks.ts";
import { bootCommand } from "../../../src/resources/boot/boot-manager.ts";
import { restorePath } from "../../../src/resources/state-folder.ts";
import { sh } from "../../../src/shell/quote.ts";
import { formatRestoreScript } from "../../../src/transaction/shell/restore-script.ts";
import { ArmedRoot } from "../../helpers/armed-root.ts";

/** What a service of the host has done when it may have deleted something. */
const RELOAD = `${markAsked("web", "all")}; ${bootCommand("web", "reload")}`;
const RELOADED = "--no-block reload-or-restart lvsctl-web.service";
/** Holds the lock until it is killed. */
const HOLD = `(exec 9>>/run/lvsctl.lock; flock 9; exec sleep 36000) >/dev/null 2>&1 </dev/null & echo $! >/run/holder
until ! flock -n /run/lvsctl.lock true; do kill -0 $! || exit 1; sleep 0.1; done`;
const LET_GO = "kill -9 $(cat /run/holder)";

let host: ArmedRoot;

beforeEach(async () => {
  host = ArmedRoot.ofThings();
  await host.run("mkdir -p -m 0755 /var/lib/lvsctl/web");
  await write("old");
});
afterEach(() => host.close());

const out = async (script: string) => (await host.run(script)).stdout.trim();
const until = (condition: string) => host.run(`until ${condition}; do sleep 0.1; done`);
const restored = () => out("cat /run/restored 2>/dev/null");

/** Puts a script in place that restores this, as the end of a run does. */
async function write(word: string, script = sh`echo ${word} >>/run/restored`): Promise<void> {
  const step = { what: word, script };
  const text = formatRestoreScript([step], { topology: "web", host: "rs1" });
  await host.run(sh`printf %s ${text} >/run/next; mv -f /run/next ${restorePath("web")}`);
}

/** Begins to restore, as a service of the host makes systemd do; it waits for whoever has the lock. */
async function waitingHook() {
  const hook = host.run(RELOAD);
  await until("pgrep -f [w]eb/restore.sh >/dev/null");
  return { hook };
}

describe("on a host with systemd", () => {
  beforeEach(async () => {
    await host.run("mkdir -p /run/systemd/system");
    await host.replace("systemd-run", 'shift 2; setsid "$@" &');
    await host.replace("systemctl", 'echo "$*" >>/run/systemctl');
  });
  const asked = () => out("cat /run/systemctl 2>/dev/null");

  it("what waits for a host to be armed leaves word, and is done when the run has ended", async () => {
    await host.replace("sync", ": >/run/saving; until [ -e /run/go ]; do sleep 0.1; done");
    const arming = host.arm();
    await until("[ -e /run/saving ]");
    const { hook } = await waitingHook();
    await host.run("touch /run/go");
    expect((await arming).answer).toBe("armed");
    expect(await hook).toMatchObject({ status: 0, stdout: expect.stringContaining("a run is under way") });
    expect(await asked()).toBe("");
    expect((await host.tell("confirm")).status).toBe(0);
    expect(await asked()).toBe(RELOADED);
    expect(await restored()).toBe("");
  });

  it.each([
    ["reload", RELOADED],
    ["start", ""],
  ] as const)("a %s while the run starts the service itself: asked afterwards is %j", async (job, afterwards) => {
    await host.arm();
    await host.run("touch /run/lvsctl/web.up");
    expect((await host.run(job === "reload" ? RELOAD : bootCommand("web", job))).status).toBe(0);
    expect((await host.tell("confirm")).status).toBe(0);
    expect([await asked(), await restored()]).toEqual([afterwards, ""]);
    expect(await host.run("ls -A /run/lvsctl")).toMatchObject({ stdout: "" });
  });

  it("what came while a run could not begin is done at once", async () => {
    await host.replace("systemd-run", "exit 1");
    await host.replace("setsid", "exit 0");
    const arming = host.arm({}, (script) => script.replace("-gt 100", "-gt 20"));
    await until("[ -e /var/lib/lvsctl/.transaction/id ]");
    expect((await host.run(RELOAD)).stdout).toBe("a run is under way\n");
    expect((await arming).answer).toBe("no-timer");
    expect((await asked()).split("\n")).toContain(RELOADED);
    expect(await host.run("ls /run/lvsctl")).toMatchObject({ stdout: "" });
  });

  it("what the end of a run was kept from doing is done at the end of the next one", async () => {
    await host.run("mkdir -p -m 0755 /run/lvsctl; touch /run/lvsctl/web.again");
    await host.arm();
    expect((await host.tell("undo")).status).toBe(0);
    expect(await asked()).toBe(RELOADED);
    expect(await host.run("ls -A /run/lvsctl")).toMatchObject({ stdout: "" });
  });
});

it("without systemd, what was to be restored during a run is restored by the host itself at its end", async () => {
  await host.arm();
  expect((await host.run(bootCommand("web", "start"))).stdout).toBe("a run is under way\n");
  expect(await restored()).toBe("");
  expect((await host.tell("confirm")).status).toBe(0);
  await until("[ -e /run/restored ]");
  expect(await restored()).toBe("old");
});

it.each([
  ["/run/openrc/softlevel", "-q --ifnotstarted lvsctl-web start"],
  ["/run/something", ""],
])("where there is %s, OpenRC is told so: %j", async (path, told) => {
  await host.replace("rc-service", 'echo "$*" >>/run/told');
  await host.run(sh`mkdir -p /run/openrc /run/lvsctl; touch ${path} /run/lvsctl/web.again`);
  await host.arm();
  expect((await host.tell("undo")).status).toBe(0);
  await until("[ -e /run/restored ]");
  expect(await out("cat /run/told 2>/dev/null")).toBe(told);
});

it.each([
  ["was replaced meanwhile", () => write("new"), "new"],
  ["was removed meanwhile", () => host.run(`rm ${restorePath("web")}`), ""],
  ["has stayed", () => Promise.resolve(), "old"],
])("a script that waited for the lock and %s restores what is confirmed now", async (_what, change, expected) => {
  await host.run(HOLD);
  const { hook } = await waitingHook();
  await change();
  await host.run(LET_GO);
  expect((await hook).status).toBe(0);
  expect(await restored()).toBe(expected);
});

describe("while a step is tried again and again", () => {
  beforeEach(() => write("late", sh`echo try >>/run/tries; [ -e /run/device ] && echo late >>/run/restored`));
  const retrying = async () => {
    const hook = host.run(RELOAD);
    await until("[ -e /run/tries ]");
    return { hook };
  };

  it("the lock is free while it waits, and nobody says that it is not", async () => {
    await host.replace("sleep", 'flock -n /run/lvsctl.lock touch /run/device; exec /usr/bin/sleep "$@"');
    expect(await host.run(RELOAD)).toMatchObject({ status: 0, stdout: "lvsctl web: late\n" });
    expect(await out("wc -l </run/tries")).toBe("2");
  });

  it("a run can begin, and what is missing is left to its end", async () => {
    const { hook } = await retrying();
    expect((await host.arm()).answer).toBe("armed");
    expect(await hook).toMatchObject({ status: 0, stdout: expect.stringContaining("a run is under way") });
    await host.run("touch /run/device");
    expect((await host.tell("confirm")).status).toBe(0);
    await until("[ -e /run/restored ]");
    expect(await restored()).toBe("late");
  });

  it("a run can end, and what it has left is restored", async () => {
    const { hook } = await retrying();
    await write("new");
    expect((await hook).status).toBe(0);
    expect(await restored()).toBe("new");
  });
});

/** What a restart of a container takes: processes and /run, while the kernel and its boot stay what they were. */
const CONTAINER = "pkill -f 'transaction.sh watc[h]'; rm -r /run/lvsctl; rm /var/lib/things/a /var/lib/things/c";

it.each([
  ["start", "after a container's restart, rolls the run back and restores", CONTAINER, "", "old"],
  [
    "start",
    "after only the timer was killed, leaves the run to lvsctl",
    "pkill -f 'transaction.sh watc[h]'",
    "a c lasting",
    "",
  ],
  ["reload", "in a container, restores and rolls nothing back", CONTAINER, "lasting", "old"],
] as const)("a %s %s", async (job, _what, event, made, back) => {
  await host.arm();
  await host.make();
  await host.run(event);
  expect((await host.run(job === "reload" ? RELOAD : bootCommand("web", job))).status).toBe(0);
  expect([await host.made(), await restored()]).toEqual([made, back]);
  expect((await host.pending()) === undefined).toBe(made === "");
});
