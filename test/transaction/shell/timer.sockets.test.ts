/** The program that waits on a host for the deadline: what it ends, where it lives, and what it says. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bootCommand } from "../../../src/resources/boot/boot-manager.ts";
import { LAST_LINE } from "../../../src/shell/host-script-parts.ts";
import { quote } from "../../../src/shell/quote.ts";
import { ArmedRoot } from "../../helpers/armed-root.ts";
import { TIMER } from "../../helpers/timers-left.ts";

let host: ArmedRoot;

beforeEach(() => {
  host = ArmedRoot.ofThings();
});
afterEach(() => host.close());

/** The timer waits this long for whoever has the lock. */
const impatient = (script: string) => script.replaceAll(/lock (15|600)/g, "lock 1");
/** Whoever arms a host waits less long for its timer. */
const fewer = (script: string) => script.replace("-gt 100", "-gt 9");
const expire = "pkill -f 'sleep 9[0-9]'";
const UNTIL_ENDED = `while pgrep -f '${TIMER}' >/dev/null; do sleep 0.2; done`;
const out = async (script: string) => (await host.run(script)).stdout.trim();

describe("a stage", () => {
  it.each([
    ["that failed", "rm /var/lib/things/a; echo 1 >/var/lib/things/lasting", "failed"],
    ["that was made", ":", "done"],
  ])("%s is no longer noted as one that is at work", async (_what, prepare, result) => {
    await host.arm();
    await host.run(`mkdir -p /var/lib/things; ${prepare}`);
    expect(await host.make()).toMatchObject({ result });
    expect(await out("cat /run/lvsctl/stage 2>/dev/null")).toBe("");
  });

  it.each([
    ["is killed if it is still the one that was noted", "${20}", false],
    ["is left alone if another process has its number now", "1", true],
  ])("that holds the lock when the time is over %s", async (_what, began, survives) => {
    await host.arm({}, impatient);
    await host.make([0]);
    await host.run(`setsid sh -c 'exec 9>>/run/lvsctl.lock; flock 9; exec sleep 36000' </dev/null >/dev/null 2>&1 &
until ! flock -n /run/lvsctl.lock true && pid=$(pgrep -xf 'sleep 36000'); do kill -0 $! || exit 1; sleep 0.1; done
read -r stat </proc/$pid/stat; set -- \${stat##*) }; echo "$pid ${began}" >/run/lvsctl/stage`);
    await host.run(`echo 0 >/run/lvsctl/deadline; ${expire}; ${UNTIL_ENDED}`);
    expect(await out("pgrep -xf 'sleep 36000'")).toMatch(survives ? /^\d+$/ : /^$/);
    expect(await host.made()).toBe("");
  });
});

it("a run whose deadline cannot be read is rolled back", async () => {
  await host.arm();
  await host.make();
  await host.run(`echo '5 apples' >/run/lvsctl/deadline; ${expire}; ${UNTIL_ENDED}`);
  expect(await host.made()).toBe("");
  expect(await host.pending()).toBeUndefined();
});

describe("on a host with systemd", () => {
  beforeEach(async () => {
    await host.run("mkdir -p /run/systemd/system");
    await host.replace("systemd-run", 'shift 2; setsid "$@" &');
    await host.replace("systemctl", 'echo "$*" >>/run/systemctl');
  });

  it("the unit that has failed is forgotten when the run is ended", async () => {
    await host.arm();
    await host.make();
    await host.run("rm /var/lib/things/c");
    expect((await host.tell("undo")).status).not.toBe(0);
    expect(await out("cat /run/systemctl")).toBe("");
    await host.tell("forget");
    expect(await out("cat /run/systemctl")).toBe("reset-failed lvsctl-undo-00c0ffee.service");
  });

  it.each(["undo", "confirm"])("the unit of a timer that was killed is forgotten, too (%s)", async (verb) => {
    await host.arm();
    await host.make();
    await host.run(`pkill -9 -f '${TIMER}'; ${UNTIL_ENDED}`);
    expect(await host.tell(verb)).toMatchObject({ status: 0, stderr: "" });
    expect(await out("cat /run/systemctl")).toBe("reset-failed lvsctl-undo-00c0ffee.service");
    expect(await out("ls -A /run/lvsctl 2>/dev/null")).toBe("");
  });

  it("so is the unit of a timer that has ended before it could say anything", async () => {
    await host.replace("systemd-run", ":");
    expect((await host.arm({}, fewer)).answer).toBe("no-timer");
    expect(await out("cat /run/systemctl")).toBe("reset-failed lvsctl-undo-00c0ffee.service");
    expect(await host.traces()).toBe("");
  });

  it.each(["undo", "confirm"])("what services asked for during a run is done when it has ended (%s)", async (verb) => {
    await host.arm();
    await host.make();
    await host.run("mkdir -p /var/lib/lvsctl/web; echo 'touch /run/restored' >/var/lib/lvsctl/web/restore.sh");
    await host.run(`echo ${quote(LAST_LINE)} >>/var/lib/lvsctl/web/restore.sh`);
    expect(await host.run(bootCommand("web", "reload"))).toMatchObject({ status: 0, stdout: "a run is under way\n" });
    expect(await out("ls /run/restored; cat /run/systemctl")).toBe("");
    expect((await host.tell(verb)).status).toBe(0);
    expect(await out("cat /run/systemctl")).toBe("--no-block reload-or-restart lvsctl-web.service");
    expect(await out("ls -A /run/lvsctl")).toBe("");
    expect((await host.run(bootCommand("web", "reload"))).status).toBe(0);
    expect(await out("ls /run/restored")).toBe("/run/restored");
  });

  it("nothing is asked of systemd if all went well", async () => {
    await host.arm();
    await host.make();
    expect((await host.tell("undo")).status).toBe(0);
    expect(await out("cat /run/systemctl")).toBe("");
  });
});

describe("in a login whose end may kill what it has started", () => {
  /** A cgroup of a login that a process leaves by writing to `place`. */
  async function logIn(place: string): Promise<void> {
    await host.run(
      `mount -t tmpfs none /sys/fs/cgroup; mkdir -p /sys/fs/cgroup${place}; : >/sys/fs/cgroup${place}/cgroup.procs`,
    );
    const isIn = `[ ! -s /sys/fs/cgroup${place}/cgroup.procs ]`;
    await host.replace("grep", `case $* in */proc/self/cgroup*) ${isIn}; exit ;; esac; exec /usr/bin/grep "$@"`);
  }

  it.each(["", "/systemd", "/unified"])("the timer moves out of it (through %j)", async (place) => {
    await logIn(place);
    expect((await host.arm({}, fewer)).answer).toBe("armed");
    expect(await out(`cat /sys/fs/cgroup${place}/cgroup.procs`)).toBe(await out(`pgrep -f '${TIMER}'`));
  });

  it("no run begins if the timer cannot move", async () => {
    await logIn("/elsewhere");
    expect((await host.arm({}, fewer)).answer).toBe("no-timer");
    expect(await host.traces()).toBe("");
  });
});

describe("where it is not known how far a step came", () => {
  const begun = "echo begun >/run/lvsctl/progress/2";

  beforeEach(() => host.replace("logger", 'echo "$*" >>/run/logged'));

  it("the host logs and prints that undoing it failed, and with what words", async () => {
    await host.arm();
    await host.make([0, 1]);
    await host.run(begun);
    const { status, stderr } = await host.tell("undo");
    expect(status).toBe(0);
    for (const text of [stderr, await out("cat /run/logged")]) {
      expect(text).toContain("it is not known whether this was made (begun), and undoing it failed: thing c: not so");
    }
  });

  it("it says nothing of the kind where undoing it succeeds", async () => {
    await host.arm();
    await host.make();
    await host.run(begun);
    expect(await host.tell("undo")).toMatchObject({ status: 0, stderr: "" });
    expect(await out("cat /run/logged")).not.toContain("not known");
  });
});
