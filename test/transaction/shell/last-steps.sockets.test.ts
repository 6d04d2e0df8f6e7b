/** What a run does once it is confirmed, before it ends: with real shells and files. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { LAST_STEPS } from "../../../src/resources/state-folder.ts";
import type { ShellCommand } from "../../../src/shell/quote.ts";
import type { NumberedStep } from "../../../src/transaction/host-steps.ts";
import { ArmedRoot } from "../../helpers/armed-root.ts";
import { TIMER } from "../../helpers/timers-left.ts";

const STEP: NumberedStep = {
  number: 0,
  step: { makes: [], script: `echo '[ ! -e /run/broken ]; touch /run/last' >>${LAST_STEPS}` as ShellCommand },
  undo: [{ makes: [], script: "touch /run/undone" as ShellCommand }],
  outlivesRestart: true,
};

let host: ArmedRoot;

beforeEach(async () => {
  host = new ArmedRoot([STEP]);
  await host.arm();
  expect(await host.make()).toEqual({ result: "done" });
  expect(await there()).toEqual([]);
});
afterEach(() => host.close());

const there = async () =>
  (await host.run("ls -d /run/last /run/undone 2>/dev/null")).stdout.split("\n").filter(Boolean);

it("is done when the run is confirmed", async () => {
  expect((await host.tell("confirm")).status).toBe(0);
  expect(await there()).toEqual(["/run/last"]);
  expect(await host.pending()).toBeUndefined();
  expect((await host.run(`ls ${LAST_STEPS}`)).status).not.toBe(0);
});

it("is not done when it is rolled back, at once or after a restart of the host", async () => {
  await host.run("rm -r /run/lvsctl");
  expect((await host.tell("undo")).status).toBe(0);
  expect(await there()).toEqual(["/run/undone"]);
  expect(await host.pending()).toBeUndefined();
  expect((await host.run(`ls ${LAST_STEPS}`)).status).not.toBe(0);
});

it("is done by whoever completes a run that was interrupted after it had been confirmed", async () => {
  await host.run("cd /var/lib/lvsctl/.transaction && mv id confirmed && rm -r /run/lvsctl");
  expect((await host.tell("finish")).status).toBe(0);
  expect(await there()).toEqual(["/run/last"]);
  expect(await host.pending()).toBeUndefined();
  expect((await host.run(`ls ${LAST_STEPS}`)).status).not.toBe(0);
});

it("is tried again by the next who completes the run if it fails", async () => {
  await host.run("touch /run/broken");
  expect((await host.tell("confirm")).status).toBe(1);
  expect(await there()).toEqual([]);
  expect(await host.pending()).toMatchObject({ state: "committed" });
  await host.run("rm /run/broken");
  expect((await host.tell("finish")).status).toBe(0);
  expect(await there()).toEqual(["/run/last"]);
  expect(await host.pending()).toBeUndefined();
  expect((await host.run(`ls ${LAST_STEPS}`)).status).not.toBe(0);
});

it("is done once, if the deadline passes while it takes longer than the timer waits for the lock", async () => {
  host.close();
  host = new ArmedRoot([STEP]);
  await host.arm({}, (script) =>
    script.replaceAll("lock 15", "lock 1").replaceAll("lock 600", "echo >/run/waits-on; lock 600"),
  );
  await host.make();
  await host.run(`cat >${LAST_STEPS} <<'END'
echo begins >>/run/log
until [ -e /run/late ]; do sleep 0.1; done
echo ends >>/run/log
END`);
  const confirmed = host.tell("confirm");
  await host.run(`until [ -e /run/log ]; do sleep 0.1; done
echo 0 >/run/lvsctl/deadline; pkill -f 'sleep 9[0-9]'
until [ -e /run/waits-on ]; do sleep 0.1; done
rm /run/waits-on; touch /run/late`);
  expect(await confirmed).toMatchObject({ status: 0, stderr: "" });
  await host.run(`while pgrep -f '${TIMER}' >/dev/null; do sleep 0.1; done`);
  expect((await host.run("cat /run/log")).stdout).toBe("begins\nends\n");
  expect((await host.traces()).split("\n").filter((path) => /transaction|^\/run/.test(path))).toEqual([]);
});
