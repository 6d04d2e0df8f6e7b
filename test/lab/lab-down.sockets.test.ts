/** A lab without hosts: the real supervisor in its namespaces, and a program that waits in place of the script that makes hosts. */
import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeDownLab } from "../../src/app/lab.ts";
import { launchCommand } from "../../src/lab/lab.ts";
import { labDown } from "../../src/lab/lab-down.ts";
import { findLabProcesses, type LabProcesses } from "../../src/lab/lab-processes.ts";
import { labSshConfig } from "../../src/lab/lab-ssh.ts";
import { labStatus, labsElsewhere } from "../../src/lab/lab-status.ts";
import { isAlive, type ProcessIdentity } from "../../src/lab/process-identity.ts";
import { formatLabDown, formatLabs } from "../../src/report/labs.ts";
import { until } from "../helpers/watched-process.ts";

const name = "test-lab-down";
const directory = `/run/lvsctl-lab/${name}`;
const started: ChildProcess[] = [];

beforeEach(() => makeFolder(directory));

afterEach(async () => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  await labDown(name);
  for (const { first, launcher } of await findLabProcesses(directory)) {
    const left = first ?? launcher;
    if (left !== undefined) process.kill(left.pid, "SIGKILL");
  }
});

function makeFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  copyFileSync(fileURLToPath(new URL("../../src/lab/supervisor.sh", import.meta.url)), join(path, "supervisor.sh"));
  writeFileSync(join(path, "control.batch"), "");
  writeFileSync(join(path, "build.sh"), `echo lvsctl-lab: up\n: >${path}/built\nsleep 36000 &\nwait\n`);
  writeFileSync(
    join(path, "lab.json"),
    JSON.stringify({ name, engine: "native", hosts: [], startedBy: { pid: 1, started: "0" } }),
  );
}

/** Starts it in its folder, and returns its processes. */
async function start(): Promise<LabProcesses> {
  const { argv, env } = launchCommand(directory, ["native", "1G"]);
  const [program = "", ...args] = argv;
  started.push(spawn(program, args, { cwd: directory, env, stdio: ["ignore", "ignore", "ignore"] }));
  await until("it has recorded its first process", () => existsSync(join(directory, "pid")));
  writeFileSync(join(directory, "console.log"), "lvsctl-lab: up\n");
  await until("it has become the script that makes hosts", async () => (await only()).first !== undefined);
  await until("that script has begun", () => existsSync(join(directory, "built")));
  return only();
}

async function only(): Promise<LabProcesses> {
  const [lab, ...others] = await findLabProcesses(directory);
  if (lab === undefined || others.length > 0) throw new Error("one lab runs");
  return lab;
}

async function expectGone({ first, launcher }: LabProcesses): Promise<void> {
  const both = [first, launcher].filter((each): each is ProcessIdentity => each !== undefined);
  expect(both).toHaveLength(2);
  expect(await Promise.all(both.map(isAlive))).toEqual([false, false]);
  expect(existsSync(directory)).toBe(false);
  expect(await labStatus(name)).toEqual([]);
}

test("a lab that has its files is running, and is ended", async () => {
  const lab = await start();
  expect(lab.whereabouts).toBe("here");
  expect(readFileSync(join(directory, "pid"), "utf8")).toBe(`${lab.first?.pid} ${lab.first?.started}\n`);
  expect(await labStatus(name)).toMatchObject([{ state: "running", pid: lab.first?.pid, engine: "native" }]);
  expect(await labDown(name)).toBe(true);
  await expectGone(lab);
  expect(await labDown(name)).toBe(false);
});

test.each([
  ["the record of its first process", join(directory, "pid")],
  ["its folder", directory],
])("a lab without %s is orphaned, and is ended all the same", async (_what, path) => {
  const lab = await start();
  rmSync(path, { recursive: true });
  const status = await labStatus(name);
  expect(status).toMatchObject([{ name, state: "orphaned", pid: lab.first?.pid }]);
  expect(formatLabs(status)).toContain(`orphaned: process ${lab.first?.pid} runs, but its files are gone`);
  await expect(labSshConfig(name)).rejects.toMatchObject({ message: expect.stringContaining("still runs") });
  expect(await labDown(name)).toBe(true);
  await expectGone(lab);
});

test("a folder that was made again hides nothing of the lab that was there before", async () => {
  const lab = await start();
  rmSync(directory, { recursive: true });
  makeFolder(directory);
  expect(await labStatus(name)).toMatchObject([{ state: "orphaned", pid: lab.first?.pid }]);
  expect(await labDown(name)).toBe(true);
  await expectGone(lab);
});

test("files without processes are dead, and are cleared", async () => {
  expect(await labStatus(name)).toMatchObject([{ state: "dead", pid: undefined }]);
  expect(await labDown(name)).toBe(true);
  expect(existsSync(directory)).toBe(false);
});

test("a lab in another /run is its owner's while he is there; after that anybody clears it", async () => {
  const { argv, env } = launchCommand(directory, ["native", "1G"]);
  const script = `
    cp -a $1 /tmp/$$ && mount -t tmpfs tmpfs /run && mkdir -p ${directory} && mv /tmp/$$/* ${directory} && rmdir /tmp/$$ && cd ${directory}
    shift; ${Object.entries(env)
      .map(([key, value]) => `${key}=${value}`)
      .join(" ")} "$@" </dev/null >/dev/null 2>&1 &
    read -r end`;
  const args = ["--mount", "sh", "-c", script, "sh", directory, ...argv];
  const owner = spawn("unshare", args, { stdio: ["pipe", "ignore", "inherit"] });
  started.push(owner);
  await until("it runs", async () => (await findLabProcesses(directory))[0]?.first !== undefined);
  const lab = await only();
  expect(lab.whereabouts).toBe("elsewhere");

  expect(await labStatus(name)).toMatchObject([{ state: "dead" }]);
  const [other, ...more] = await labsElsewhere(name);
  expect(more).toEqual([]);
  expect(other).toMatchObject({ name, state: "elsewhere", pid: lab.first?.pid });
  const down = await takeDownLab(name);
  expect(formatLabDown(down)).toBe(
    `Lab ${name} is down; nothing of it is left.\n` +
      `Another lab ${name} runs in a mount namespace with a /run of its own, and was left alone. ` +
      `Take it down there, or end it from here: kill -KILL ${lab.first?.pid}\n`,
  );
  expect(await only()).toMatchObject({ whereabouts: "elsewhere", first: { pid: lab.first?.pid } });
  expect(formatLabDown(await takeDownLab(name))).toMatch(
    /^There is no lab test-lab-down; nothing to do\.\nAnother lab /,
  );

  owner.stdin?.end();
  await until("its owner has gone", async () => (await only()).whereabouts === "abandoned");
  expect(await labStatus(name)).toMatchObject([{ state: "orphaned", pid: lab.first?.pid }]);
  expect(formatLabDown(await takeDownLab(name))).toBe(`Lab ${name} is down; nothing of it is left.\n`);
  await expectGone(lab);
});
