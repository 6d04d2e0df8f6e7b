/**
 * Hosts that administrators have set up in their own ways: other login shells, folders without programs, a system that is read-only,
 * forced commands.
 */
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

const restartSshd = `systemctl restart ssh
until ss -Hltn 'sport = 22' | grep -q .; do sleep 0.2; done`;

/** A forced command that notes what was asked for, and does it. */
const LOGGED = "/usr/local/bin/logged";
const NOTES = "/run/logged";
const LOGGED_TEXT = `#!/bin/sh
logger -t logged "$SSH_ORIGINAL_COMMAND"
echo "$USER: $SSH_ORIGINAL_COMMAND" >>${NOTES}
exec sh -c "$SSH_ORIGINAL_COMMAND"`;

/** One that lets people in who want a shell to type at, and nobody else. */
const INTERACTIVE = "/usr/local/bin/interactive";
const INTERACTIVE_TEXT = `#!/bin/sh
[ -n "$SSH_ORIGINAL_COMMAND" ] || exec bash -l
echo "Only interactive sessions are allowed here." >&2
exit 1`;

const program = (path: string, text: string) => `cat >${path} <<'END'
${text}
END
chmod 755 ${path}`;

/** What is done to each host, and what proves that it is so. */
const SETTINGS = {
  fw: [
    `${shell("/usr/bin/fish")}
sed -i '/^MaxSt/d; /^MaxSe/d' /etc/ssh/sshd_config
${restartSshd}`,
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
${mounted("/var/lib", "noexec,nosuid,nodev")}
${program(LOGGED, LOGGED_TEXT)}
(umask 0; : >${NOTES})
echo "ForceCommand ${LOGGED}" >>/etc/ssh/sshd_config
${restartSshd}`,
    `cp /bin/true /var/lib/true; ! /var/lib/true 2>/dev/null; rm /var/lib/true; grep -q 'root: sh -s' ${NOTES}`,
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
  expect(await lab.on("rs2", `cat ${NOTES}`)).toContain("root: exec sh -s\n");
  expect(await lab.on("rs2", "journalctl --no-pager -b -t logged")).toContain("exec sh -s");
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

it("a forced command that lets only interactive sessions in is named, with what it says and how to let lvsctl in", async () => {
  await lab.ensureApplied();
  const forced = `Match User watched\n  ForceCommand ${INTERACTIVE}`;
  await lab.on(
    "dr",
    `useradd -m -s /bin/sh -p '*' watched
cp -r ~/.ssh /home/watched/; chown -R watched /home/watched
echo 'watched ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/watched
${program(INTERACTIVE, INTERACTIVE_TEXT)}
cp /etc/ssh/sshd_config /root/sshd_config
printf '${forced}\\n' >>/etc/ssh/sshd_config
${restartSshd}`,
  );
  const file = lab.variant("watched.yaml", (text) =>
    text.replace("role: director\n", "role: director\n    ssh: { user: watched, become: sudo }\n"),
  );
  for (const command of ["plan", "apply", "verify", "destroy"]) {
    const yes = ["apply", "destroy"].includes(command) ? ["--yes"] : [];
    const { status, stderr } = await lab.lvsctl(command, "-F", lab.sshConfig, ...yes, file);
    expect(status, stderr).toBe(4);
    const said = stderr.replaceAll(/\s+/g, " ");
    expect(said).toContain("LVS-CONNECT-018");
    expect(said).toContain("watched cannot become root on dr: sudo ended without a shell.");
    expect(said).toContain("Only interactive sessions are allowed here.");
    expect(said).toContain('exec sh -c "$SSH_ORIGINAL_COMMAND"');
  }
  await expectNoChange(lab);

  await lab.on(
    "dr",
    `${program(LOGGED, LOGGED_TEXT)}
(umask 0; : >${NOTES})
sed -i 's#${INTERACTIVE}#${LOGGED}#' /etc/ssh/sshd_config
${restartSshd}`,
  );
  const verified = await lab.lvsctl("verify", "-F", lab.sshConfig, file);
  expect(verified.status, verified.stderr + verified.stdout).toBe(0);
  const unchanged = await lab.lvsctl("apply", "-F", lab.sshConfig, "--yes", "--no-verify", file);
  expect(unchanged.stdout + unchanged.stderr).toContain("Nothing to change on ");
  const bare = await lab.lvsctl("destroy", "-F", lab.sshConfig, "--yes", file);
  expect(bare.status, bare.stderr + bare.stdout).toBe(0);
  expect(await lab.on("dr", `cat ${NOTES}`)).toMatch(/^watched: .*sudo.*$/m);
  await lab.on("dr", `cp /root/sshd_config /etc/ssh/sshd_config; rm /root/sshd_config ${NOTES}\n${restartSshd}`);
});

it("is destroyed without a trace", async () => {
  await lab.ensureApplied();
  await expectDestroyed(
    lab,
    before,
    / [-+] (\d+: \w+@if|:[A-Z]+ ACCEPT|COMMIT$|\*\w+$|ip_vs|\/run\/|\/var\/lib\/(systemd|private|sudo)|\/tmp\/systemd)/,
  );
});
