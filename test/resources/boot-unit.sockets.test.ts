/** What starts us at boot, tried on files by real shells and by systemd's own judgement. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openrcScript, rcLocalBlock, systemdUnit } from "../../src/resources/boot/boot-manager.ts";
import { blockIn, insertScript, removeScript } from "../../src/resources/boot/rc-local.ts";
import { runProcess } from "../../src/transport/process.ts";

const TOPOLOGY = "web-lab";
const BLOCK = rcLocalBlock(TOPOLOGY).join("\n");

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lvsctl-test-"));
  path = join(folder, "rc.local");
});

afterEach(() => rmSync(folder, { recursive: true }));

describe.each([["sh"], ["busybox", "sh"]])("rc.local, by %s %s", (...shell) => {
  const files: Readonly<Record<string, string>> = {
    "one that ends in exit 0": "#!/bin/sh -e\necho theirs\nexit 0\n",
    "one whose last line has no end": "#!/bin/sh\necho theirs",
    "one whose exit has no end": "#!/bin/sh\nexit 0",
    "one with empty lines at its end": "#!/bin/bash\ntouch /var/lock/subsys/local\n\n\n",
    "one that is only a first line": "#!/bin/sh\n",
    "an empty one": "",
  };

  test.each(Object.entries(files))("%s holds our lines and then is what it was, byte for byte", async (_name, text) => {
    writeFileSync(path, text);
    chmodSync(path, 0o750);
    await run(shell, insertScript(path, TOPOLOGY));
    const with_ = readFileSync(path, "utf8");
    expect(blockIn(with_, TOPOLOGY)?.join("\n")).toBe(BLOCK);
    expect(with_.indexOf(`\n${BLOCK.split("\n")[1]}`)).toBeGreaterThan(0);
    if (/^exit/m.test(text)) expect(with_.search(/^# lvsctl web-lab: end$/m)).toBeLessThan(with_.search(/^exit/m));
    await run(shell, insertScript(path, TOPOLOGY));
    expect(readFileSync(path, "utf8")).toBe(with_);
    expect(statSync(path).mode & 0o7777).toBe(0o750);
    await run(shell, removeScript(path, TOPOLOGY));
    expect(readFileSync(path, "utf8")).toBe(text);
    expect(statSync(path).mode & 0o7777).toBe(0o750);
  });

  test("where there is none it comes and goes, and stays for what others have written into it since", async () => {
    await run(shell, insertScript(path, TOPOLOGY));
    expect(statSync(path).mode & 0o7777).toBe(0o755);
    expect(blockIn(readFileSync(path, "utf8"), TOPOLOGY)?.join("\n")).toBe(BLOCK);
    await run(shell, removeScript(path, TOPOLOGY));
    expect(existsSync(path)).toBe(false);
    await run(shell, insertScript(path, TOPOLOGY));
    writeFileSync(path, "echo theirs\n", { flag: "a" });
    await run(shell, removeScript(path, TOPOLOGY));
    expect(readFileSync(path, "utf8")).toBe("#!/bin/sh\necho theirs\n");
  });

  test("a link to it stays a link, and the lines of another topology stay", async () => {
    const target = join(folder, "real");
    writeFileSync(target, "#!/bin/sh\n");
    symlinkSync("real", path);
    await run(shell, insertScript(path, "other"));
    await run(shell, insertScript(path, TOPOLOGY));
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    await run(shell, removeScript(path, TOPOLOGY));
    expect(blockIn(readFileSync(target, "utf8"), "other")).toBeDefined();
    expect(blockIn(readFileSync(target, "utf8"), TOPOLOGY)).toBeUndefined();
  });
});

test("the lines run what they should by sh, and the service of OpenRC is a shell script", async () => {
  writeFileSync(path, `${BLOCK}\n`);
  expect(await runProcess(["sh", "-n", path])).toMatchObject({ status: 0, stderr: "" });
  writeFileSync(path, openrcScript(TOPOLOGY).text);
  expect(await runProcess(["sh", "-n", path])).toMatchObject({ status: 0, stderr: "" });
});

const HAS_SYSTEMD = existsSync("/usr/bin/systemd-analyze");

test.skipIf(!HAS_SYSTEMD)("systemd understands every line of its unit", async () => {
  const unit = join(folder, `lvsctl-${TOPOLOGY}.service`);
  writeFileSync(unit, systemdUnit(TOPOLOGY).text);
  const good = await runProcess(["systemd-analyze", "verify", "--man=no", unit], { timeoutMs: 30_000 });
  expect(good).toMatchObject({ status: 0, stderr: "" });
  writeFileSync(unit, systemdUnit(TOPOLOGY).text.replace("Type=oneshot", "Typ=oneshot"));
  const bad = await runProcess(["systemd-analyze", "verify", "--man=no", unit], { timeoutMs: 30_000 });
  expect(bad.stderr).toContain("Typ");
});

async function run(shell: readonly string[], script: string): Promise<void> {
  const { status, stderr } = await runProcess([...shell, "-c", script], { timeoutMs: 20_000 });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
}
