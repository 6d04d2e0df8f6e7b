import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { followStart, parseProgress, untilFailure } from "../../src/lab/progress.ts";

describe("parseProgress", () => {
  test("finds the lab's own lines among the kernel's, with the console's carriage returns", () => {
    const console =
      "SELinux: noise\r\nlvsctl-lab: kernel\r\numl-vector: noise\r\nlvsctl-lab: ready fw\r\nlvsctl-lab: up\r\n";
    expect(parseProgress(console)).toEqual([
      { text: "kernel started" },
      { text: "fw ready", isReady: true },
      { text: "up", outcome: "up" },
    ]);
  });

  test("waits for the end of a line", () => {
    expect(parseProgress("lvsctl-lab: network\nlvsctl-lab: ready rs")).toEqual([
      { text: "segments and interfaces created" },
    ]);
  });

  test("a failure names the host", () => {
    expect(parseProgress("lvsctl-lab: failed host rs1\n")).toEqual([{ text: "failed host rs1", outcome: "failed" }]);
  });
});

describe("untilFailure", () => {
  const cause = ["Error: Nexthop has invalid gateway.", "Command failed network.batch:6"];
  const stack = Array.from({ length: 30 }, (_, index) => `RIP: ${index}`);

  test("is the cause, and not the kernel's stack or the hosts that were ready", () => {
    const ready = Array.from({ length: 20 }, (_, index) => `lvsctl-lab: ready rs${index}`);
    const panic = "Kernel panic - not syncing: Attempted to kill init!";
    const console = [...cause, ...ready, "lvsctl-lab: failed host rs1", panic, ...stack, ""].join("\r\n");
    expect(untilFailure(console).split("\n")).toEqual([...cause, "lvsctl-lab: failed host rs1"]);
  });

  test("ends with the panic where that comes first", () => {
    const panic = "Kernel panic - not syncing: Out of memory";
    expect(untilFailure(["lvsctl-lab: kernel", panic, ...stack].join("\n"))).toBe(`lvsctl-lab: kernel\n${panic}`);
  });

  test("is everything where nothing says that it failed", () => {
    expect(untilFailure(cause.join("\n"))).toBe(cause.join("\n"));
  });
});

describe("followStart", () => {
  let folder: string;
  const work = async () => 0;
  const say = (text: string) => writeFileSync(join(folder, "console.log"), text);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lvsctl-test-"));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  test("tells each step once and ends with the last", async () => {
    say("lvsctl-lab: kernel\n");
    const told: string[] = [];
    const onProgress = (message: string) => {
      if (told.push(message) === 1) say("lvsctl-lab: kernel\nlvsctl-lab: ready fw\nlvsctl-lab: up\n");
    };
    const outcome = await followStart(folder, { work, alive: async () => true, onProgress });
    expect(outcome).toBe("up");
    expect(told).toEqual(["kernel started", "fw ready", "up"]);
  });

  test("counts the hosts that are ready", async () => {
    say("lvsctl-lab: kernel\nlvsctl-lab: ready fw\nlvsctl-lab: ready lb\nlvsctl-lab: up\n");
    const told: string[] = [];
    await followStart(folder, { work, alive: async () => true, onProgress: (one) => told.push(one), hosts: 6 });
    expect(told).toEqual(["kernel started", "fw ready, 1 of 6", "lb ready, 2 of 6", "up"]);
  });

  test("does not wait for the dead", async () => {
    say("Kernel panic\n");
    expect(await followStart(folder, { work, alive: async () => false })).toBe("ended");
  });

  test("hears the last word of the dead", async () => {
    say("lvsctl-lab: failed host dr\n");
    expect(await followStart(folder, { work, alive: async () => false })).toBe("failed");
  });

  test("waits for a kernel that works, and not for one that does nothing any more", async () => {
    let looks = 0;
    const worksThrice = async () => {
      looks += 1;
      return Math.min(3, looks);
    };
    const patience = { idleLooks: 2, silentWorkSeconds: 1_000 };
    expect(await followStart(folder, { work: worksThrice, alive: async () => true, patience })).toBe("late");
    expect(looks).toBe(5);
  });

  test("can be aborted", async () => {
    const abort = new AbortController();
    const alive = async () => {
      abort.abort(new Error("enough"));
      return true;
    };
    const following = followStart(folder, { work, alive, signal: abort.signal });
    await expect(following).rejects.toThrow("enough");
  });
});
