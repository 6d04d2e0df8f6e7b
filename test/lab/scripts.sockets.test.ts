import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readProcess } from "../../src/lab/process-identity.ts";
import { formatKnownHosts, formatSshConfig } from "../../src/lab/ssh-files.ts";
import { runProcess } from "../../src/transport/process.ts";
import { watched } from "../helpers/watched-process.ts";

const script = (name: string) => fileURLToPath(new URL(`../../src/lab/${name}.sh`, import.meta.url));
const hosts = [
  { name: "fw", address: "198.18.0.2" },
  { name: "rs1", address: "198.18.0.3" },
];

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lvsctl-test-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

test.each(["supervisor", "build", "host", "connect"])("%s.sh is a POSIX shell script", async (name) => {
  expect(await runProcess(["sh", "-n", script(name)])).toMatchObject({ status: 0, stderr: "" });
});

describe("connect.sh", () => {
  const connect = () => watched(["sh", join(folder, "connect.sh"), "198.18.0.2", "22"]).ended;

  beforeEach(() => copyFileSync(script("connect"), join(folder, "connect.sh")));

  test("says when there is no lab", async () => {
    const result = await connect();
    expect(result.status).toBe(255);
    expect(result.stderr).toMatch(/^lvsctl-lab: the lab lvsctl-test-\w+ is not running\n$/);
  });

  test("never enters the network of a process that was given the lab's number", async () => {
    const self = await readProcess(process.pid);
    writeFileSync(join(folder, "pid"), `${process.pid} ${Number(self?.started) + 1}\n`);
    expect(await connect()).toMatchObject({ status: 255, stderr: expect.stringContaining("is not running") });
  });

  test("says when the lab has ended", async () => {
    writeFileSync(join(folder, "pid"), "999999999 1\n");
    expect(await connect()).toMatchObject({ status: 255, stderr: expect.stringContaining("is not running") });
  });
});

describe("the lab's ssh_config", () => {
  test("is what OpenSSH understands by it", async () => {
    const file = join(folder, "ssh_config");
    writeFileSync(file, formatSshConfig("/run/lvsctl-lab/dr-lab", hosts));
    const { stdout, status } = await runProcess(["ssh", "-G", "-F", file, "rs1"]);
    expect(status).toBe(0);
    expect(stdout.split("\n")).toEqual(
      expect.arrayContaining([
        "user root",
        "hostname 198.18.0.3",
        "identityfile /run/lvsctl-lab/dr-lab/id_ed25519",
        "identitiesonly yes",
        "identityagent none",
        "userknownhostsfile /run/lvsctl-lab/dr-lab/known_hosts",
        "stricthostkeychecking true",
        "proxycommand /bin/sh /run/lvsctl-lab/dr-lab/connect.sh %h %p",
      ]),
    );
  });

  test("known_hosts finds each host by name and by address", async () => {
    const file = join(folder, "known_hosts");
    const key = "AAAAC3NzaC1lZDI1NTE5AAAAIPk0Jb0Y9eS3m8yqTqYf6o3l9e0cQm0b3m0mQ4m0b3m0";
    writeFileSync(file, formatKnownHosts(hosts, [`ssh-ed25519 ${key} fw`, `ssh-ed25519 ${key} rs1`]));
    for (const name of ["rs1", "198.18.0.3"]) {
      const { stdout, status } = await runProcess(["ssh-keygen", "-F", name, "-f", file]);
      expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining("found: line 2") });
    }
  });
});
