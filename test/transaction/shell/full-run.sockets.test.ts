/** A host whose /run is full, or cannot be written to any more, in the middle of a run. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ShellCommand } from "../../../src/shell/quote.ts";
import { ArmedRoot, madeOf } from "../../helpers/armed-root.ts";

const FULL = {
  bytes: "mount -o remount,size=1m /run; cat /dev/zero >/run/full 2>/dev/null; ! echo x >/run/more",
  inodes: `mount -o remount,nr_inodes=60 /run
n=0; while echo >/run/full.$n; do n=$((n + 1)); done 2>/dev/null; ! echo >/run/more`,
};

let host: ArmedRoot;

beforeEach(() => {
  host = new ArmedRoot();
});
afterEach(() => host.close());

describe.each(Object.entries(FULL))("a host without free %s in /run", (_what, fill) => {
  it("notes how far a run came, and rolls it back", async () => {
    await host.arm();
    expect((await host.run(fill)).status).toBe(0);
    expect(await host.make()).toEqual({ result: "done" });
    expect(await host.made()).toBe("a b");
    expect((await host.tell("undo")).status).toBe(0);
    expect(await host.made()).toBe("");
    expect(await host.traces()).toBe("");
  });

  it("goes on hearing of lvsctl, and confirms", async () => {
    await host.arm();
    await host.make();
    await host.run(fill);
    const deadline = async () => Number((await host.run("cat /run/lvsctl/deadline")).stdout);
    const before = await deadline();
    expect(await host.renew(2 * 99_999)).toBe(0);
    expect(await deadline()).toBeGreaterThan(before);
    expect((await host.tell("confirm")).status).toBe(0);
    expect(await host.made()).toBe("a b");
    expect(await host.pending()).toBeUndefined();
  });

  it("is not armed", async () => {
    await host.run(fill);
    expect(await host.arm()).toEqual({ answer: undefined, status: 1 });
    expect(await host.traces()).toBe("");
  });
});

it("a step whose beginning cannot be noted has failed, and is not begun", async () => {
  await host.arm();
  await host.run("mv /run/lvsctl/progress/0 /run/0; mkdir /run/lvsctl/progress/0");
  expect(await host.make()).toMatchObject({ result: "failed", step: 0, output: expect.stringContaining("progress") });
  expect(await host.made()).toBe("");
  await host.run("rmdir /run/lvsctl/progress/0; mv /run/0 /run/lvsctl/progress/0");
  expect(await host.make()).toEqual({ result: "done" });
});

it("a step whose end cannot be noted has failed, and is rolled back", async () => {
  const { step, ...rest } = madeOf(0, "a");
  const script = `${step.script}; rm /run/lvsctl/progress/0; mkdir /run/lvsctl/progress/0` as ShellCommand;
  await host.close();
  host = new ArmedRoot([{ ...rest, step: { ...step, script } }, madeOf(1, "b")]);
  await host.arm();
  expect(await host.make()).toMatchObject({ result: "failed", step: 0 });
  expect(await host.made()).toBe("a");
  expect((await host.tell("undo")).status).toBe(0);
  expect(await host.made()).toBe("");
});

it("nothing is begun where /run cannot be written to any more", async () => {
  await host.arm();
  await host.run("mount -o remount,ro /run");
  expect(await host.make()).toMatchObject({ result: "failed" });
  expect(await host.made()).toBe("");
  await host.run("mount -o remount,rw /run");
  expect(await host.make()).toEqual({ result: "done" });
});

it("a run that cannot be rolled back where /var/lib is full as well says so, with the reason", async () => {
  await host.arm();
  await host.make();
  await host.run(`rm /var/lib/things/b; mount -o remount,size=1m /var/lib; cat /dev/zero >/var/lib/full 2>/dev/null
n=0; while echo >/var/lib/full.$n && [ $n -lt 9999 ]; do n=$((n + 1)); done 2>/dev/null; ${FULL.bytes}`);
  expect((await host.tell("undo")).status).not.toBe(0);
  expect(await host.made()).toBe("");
  expect(await host.pending()).toMatchObject({ state: "stuck", output: expect.stringContaining("undoing b") });
});

it("a run whose record cannot be removed is not said to have ended", async () => {
  await host.arm();
  await host.make();
  await host.run("mount --bind /var/lib/things /var/lib/things; mount -o remount,bind,ro /var/lib");
  const { status, stderr } = await host.tell("undo");
  expect(status).not.toBe(0);
  expect(stderr).toContain("/var/lib/lvsctl/.transaction");
  await host.run("mount -o remount,bind,rw /var/lib");
  expect(await host.pending()).toMatchObject({ id: "00c0ffee" });
});
