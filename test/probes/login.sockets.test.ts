/** Which of the programs that were asked for run, by a real shell. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loginProbe, parseLogin, readLogin } from "../../src/probes/login.ts";
import { runProcess } from "../../src/transport/process.ts";

test("a program is found by the beginning of its name, and has the name that was asked for", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lvsctl-test-"));
  // ldirectord calls itself after the service that it watches.
  const program = join(folder, "lvsctltest tcp:1");
  copyFileSync("/bin/sleep", program);
  const child = spawn(program, ["600"], { stdio: "ignore" });
  try {
    await once(child, "spawn");
    const { argv } = readLogin(["lvsctltest", "no-such-program"]);
    const { stdout } = await runProcess(["sh", "-c", `${loginProbe.script}\n${argv.join(" ")}`]);
    const outputs = new Map([["login", { stdout, stderr: "", status: 0 }]]);
    expect(parseLogin(outputs).programs).toEqual([{ name: "lvsctltest", process: child.pid }]);
  } finally {
    child.kill("SIGKILL");
    await once(child, "exit");
    rmSync(folder, { recursive: true });
  }
});
