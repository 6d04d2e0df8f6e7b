import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runOnTerminal, runProgram, startDetached } from "../../src/lab/program.ts";
import { runInteractive, runProcess, spawnDetached, spawnStream } from "../../src/transport/process.ts";
import { expire } from "../helpers/expire.ts";
import { until } from "../helpers/watched-process.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lvsctl-test-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

test("gives output, errors and status", async () => {
  const result = await runProcess(["sh", "-c", "cat; echo bad >&2; exit 3"], { stdin: "in" });
  expect(result).toEqual({ stdout: "in", stderr: "bad\n", status: 3, signal: undefined });
});

const missing = ["no-such-program-here"];

test("a missing program is an error that names it", async () => {
  const error = { code: "LVS-CONNECT-027", message: "no-such-program-here is not installed on this machine." };
  await expect(runProcess(missing)).rejects.toMatchObject(error);
  await expect(spawnStream(missing).ended).rejects.toMatchObject(error);
  await expect(runInteractive(missing)).rejects.toMatchObject(error);
  await expect(spawnDetached(missing)).rejects.toMatchObject(error);
});

test("a program that a lab misses is trouble with the lab", async () => {
  const error = { code: "LVS-LAB-001", message: "no-such-program-here is not installed on this machine." };
  await expect(runProgram(missing)).rejects.toMatchObject(error);
  await expect(runOnTerminal(missing)).rejects.toMatchObject(error);
  await expect(startDetached(missing)).rejects.toMatchObject(error);
});

test("a time limit kills the program and what it has started", async () => {
  // The sleep holds the output open: we would wait for it.
  const begun = join(folder, "begun");
  const result = await expire(100, () => ({
    work: runProcess(["sh", "-c", `sleep 36000 & echo >${begun}; wait`], { timeoutMs: 100 }),
    begun: until("the program begins", () => existsSync(begun)),
  }));
  expect(result.signal).toBe("SIGKILL");
});

test("a time limit reaches what outlives its parent", async () => {
  const number = join(folder, "number");
  const isOver = () => {
    const [pid, end] = existsSync(number) ? readFileSync(number, "utf8").split("\n") : [];
    return end !== undefined && !existsSync(`/proc/${pid}`);
  };
  const result = await expire(100, () => ({
    work: runProcess(["sh", "-c", `sleep 36000 & echo started; echo $$ >${number}`], { timeoutMs: 100 }),
    begun: until("the parent ends", isOver),
  }));
  expect(result).toMatchObject({ stdout: "started\n", status: 0 });
});

test("an abort kills the program and rejects", async () => {
  const abort = new AbortController();
  const outcome = expect(runProcess(["sleep", "36000"], { signal: abort.signal })).rejects.toThrow(/abort/);
  abort.abort();
  await outcome;
});

test("a program need not read its input", async () => {
  const result = await runProcess(["true"], { stdin: "x".repeat(1_000_000) });
  expect(result.status).toBe(0);
});

test("streams pass both ways and half-close", async () => {
  const stream = spawnStream(["cat"]);
  stream.stdin.end("there and back");
  expect(await text(stream.stdout)).toBe("there and back");
  expect(await stream.ended).toEqual({ status: 0, signal: undefined });
});

test("a detached program runs in a session of its own", async () => {
  const pid = await spawnDetached(["sleep", "36000"]);
  const { stdout } = await runProcess(["ps", "-o", "sid=", "-p", String(pid)]);
  process.kill(pid, "SIGKILL");
  expect(Number(stdout)).toBe(pid);
});
