/** Hosts that administrators have set up in their own ways: other login shells, folders without programs, a system that is read-only. */
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Snapshot, snapshot, TABLES } from "../helpers/host-snapshot.ts";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import { expectDestroyed, expectNoChange, expectRolledBack } from "../helpers/mode-checks.ts";
import { onTerminal } from "../helpers/pty.ts";

const PROGRAM = fileURLToPath(new URL("../../bin/lvsctl.js", import.meta.url));
const SUDOERS = "/etc/sudoers.d/ops";

const shell = (path: string) => `sed -i 's#^\\(root:.*:\\)[^:]*$#\\1${path}#' /etc/passwd`;
const mounted = (folder: string, options: string) => `mount --rbind ${folder} ${folder}
mount -o remount,bind,${options} ${folder}`;

/** What is done to each host, and what proves that it is so. */
const SETTINGS = {
  fw: [
    `${shell("/usr/bin/fish")}
sed -i '/^MaxSt/d; /^MaxSe/d' /etc/ssh/sshd_config
systemctl restart ssh
until ss -Hltn 'sport = 22' | grep -q .; do sleep 0.2; done`,
    `! sshd -T | grep -q 'maxstartups 100:'; getent passwd root | grep -q fish`,
  ],
  dr: [
    `${shell("/usr/bin/zsh")}
useradd -m -s /bin/sh ops
echo ops:secret | chpasswd
cp -r ~/.ssh /home/ops/; chown -R ops /home/ops
echo 'ops ALL=(ALL) ALL' >${SUDOERS}
${mounted("/run", "noexec,nosuid,nodev")}
${mounted("/tmp", "noexec,nosuid,nodev")}`,
    "cp /bin/true /run/true; ! /run/true 2>/dev/null; rm /run/true; getent passwd root | grep -q zsh",
  ],
  rs1: [
    `${shell("/bin/tcsh")}
${mounted("/usr", "ro")}`,
    "! touch /usr/x 2>/dev/null; getent passwd root | grep -q tcsh",
  ],
  rs2: [
    `${shell("/bin/bash")}
${mounted("/var/lib", "noexec,nosuid,nodev")}`,
    "cp /bin/true /var/lib/true; ! /var/lib/true 2>/dev/null; rm /var/lib/true",
  ],
} as const;

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  const flags = ["--init", "systemd", "--packages", "fish,tcsh,zsh,sudo"];
  lab = await LabUnderTest.up("dr.yaml", "e2e-hard", undefined, [], flags);
  for (const [host, [change, proof]] of Object.entries(SETTINGS)) {
    await lab.on(host, TABLES); // The lab's own program that loads the modules of iptables is in /run.
    await lab.on(host, change);
    await lab.on(host, proof);
  }
  before = await snapshot(lab, Object.keys(SETTINGS));
});

afterAll(() => lab?.down());

it("a topology is applied, verified and left unchanged by a second run", async () => {
  const { status, stderr, stdout } = await lab.do("apply", "--yes");
  expect(status, stderr + stdout).toBe(0);
  await expectNoChange(lab);
});

it("an unconfirmed run is rolled back, by lvsctl and by the hosts alone", () =>
  expectRolledBack(lab, Object.keys(SETTINGS)));

it("an account whose sudo asks for a password does the same, unless sudo insists on a terminal", async () => {
  await lab.ensureBare();
  const file = lab.variant("ops.yaml", (text) =>
    text.replace("role: director\n", "role: director\n    ssh: { user: ops, become: sudo }\n"),
  );
  const asOps = (command: string) =>
    onTerminal({
      argv: [process.execPath, PROGRAM, command, "-F", lab.sshConfig, "--yes", file],
      ...{ columns: 100, text: "sudo password for ops on every host that asks for it: ", keys: "secret\r" },
    });
  const applied = await asOps("apply");
  expect(applied, applied.printed).toMatchObject({ acted: true, status: 0 });
  expect(applied.printed).not.toContain("secret");
  lab.forgetState();
  await expectNoChange(lab);

  await lab.on("dr", `echo 'Defaults:ops requiretty' >>${SUDOERS}`);
  const refused = await asOps("destroy");
  expect(refused, refused.printed).toMatchObject({ acted: false, status: 4 });
  expect(refused.printed).toContain("sudo there insists on a terminal");
  await expectNoChange(lab);

  await lab.on("dr", `sed -i /requiretty/d ${SUDOERS}`);
  const destroyed = await asOps("destroy");
  expect(destroyed, destroyed.printed).toMatchObject({ acted: true, status: 0 });
  expect(await lab.on("dr", "ipvsadm -S -n")).toBe("");
});

it("is destroyed without a trace", async () => {
  await lab.ensureApplied();
  await expectDestroyed(
    lab,
    before,
    / [-+] (\d+: \w+@if|:[A-Z]+ ACCEPT|COMMIT$|\*\w+$|ip_vs|\/run\/|\/var\/lib\/(systemd|private|sudo)|\/tmp\/systemd)/,
  );
});
