import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { assertInstalled } from "../../src/lab/engine.ts";
import { labUp } from "../../src/lab/lab.ts";
import { labDown } from "../../src/lab/lab-down.ts";
import { labSsh, labSshConfig } from "../../src/lab/lab-ssh.ts";
import { labStatus } from "../../src/lab/lab-status.ts";
import { drTopology } from "../helpers/dr-topology.ts";

afterEach(() => vi.restoreAllMocks());

test("without root nothing is tried, and the error says why and what to do", async () => {
  vi.spyOn(process, "getuid").mockReturnValue(1000);
  const needsRoot = { code: "LVS-LAB-002", details: { hint: expect.stringContaining("sudo") } };
  await expect(labUp(drTopology)).rejects.toMatchObject(needsRoot);
  await expect(labDown("dr-lab")).rejects.toMatchObject(needsRoot);
  await expect(labStatus()).rejects.toMatchObject(needsRoot);
  await expect(labSshConfig("dr-lab")).rejects.toMatchObject(needsRoot);
  await expect(labSsh("dr-lab", "fw")).rejects.toMatchObject(needsRoot);
});

describe("assertInstalled", () => {
  test("names every package that is missing, once", async () => {
    const folder = mkdtempSync(join(tmpdir(), "lvsctl-test-"));
    for (const program of ["unshare", "ip", "tc"]) writeFileSync(join(folder, program), "", { mode: 0o755 });
    writeFileSync(join(folder, "sshd"), "not a program", { mode: 0o644 });
    try {
      await expect(assertInstalled("uml", { folders: [folder] })).rejects.toMatchObject({
        code: "LVS-LAB-003",
        message: expect.stringMatching(/sshd, ssh, ssh-keygen, .*linux\.uml\.$/),
        details: {
          hint: "On Debian or Ubuntu: apt-get install openssh-server openssh-client busybox kmod ipvsadm iptables conntrack iputils-arping tcpdump curl user-mode-linux",
        },
      });
      await expect(assertInstalled("native", { folders: [folder] })).rejects.toMatchObject({
        details: { hint: expect.not.stringContaining("user-mode-linux") },
      });
      await expect(assertInstalled("qemu", { folders: [folder] })).rejects.toMatchObject({
        message: expect.stringMatching(/qemu-system-x86_64\.$/),
        details: { hint: expect.stringMatching(/tcpdump curl qemu-system-x86$/) },
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
