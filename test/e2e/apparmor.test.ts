/** AppArmor, on the distribution's stock kernel: what a profile denies our web server, and what it lets it do. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import { expectDestroyed, expectNoChange } from "../helpers/mode-checks.ts";

const HOSTS = ["fw", "dr", "rs1", "rs2", "client"];
const SERVER = "/usr/sbin/nginx";
const PROFILES = "/sys/kernel/security/apparmor/profiles";

/**
 * A profile for the web server, as a distribution or an administrator would have it; `more`: the rules for what is lvsctl's.
 * The kernel writes down what it denies because no rule allows it, and not what a `deny` names.
 */
const profile = (more: string) => `profile nginx ${SERVER} flags=(attach_disconnected) {
  capability,
  network,
  signal,
  unix,
  / r,
  /{dev,etc,lib,lib64,proc,run,sys,usr}/** mrwkix,
  /var/log/nginx/** w,
  ${more}
}
`;

let lab: LabUnderTest;
let before: Snapshot;

/** The kernel enforces this profile from now on, for what is started from now on. All hosts of a lab have one kernel. */
const enforce = (more: string) =>
  lab.on("rs1", `cat >/run/profile <<'END'\n${profile(more)}END\napparmor_parser -r /run/profile`);

beforeAll(async () => {
  lab = await LabUnderTest.up(
    "dr.yaml",
    "e2e-aa",
    undefined,
    [],
    ["--engine", "qemu", "--init", "systemd", "--packages", "apparmor"],
  );
  await lab.on("rs1", "mount -t securityfs securityfs /sys/kernel/security");
  await lab.on("fw", "iptables -t nat -A OUTPUT -j RETURN; iptables -t nat -D OUTPUT -j RETURN");
  before = await snapshot(lab, HOSTS);
});

afterAll(() => lab?.down());

describe("a profile for the web server", () => {
  it("that lets it read nothing of ours: the step fails, says what the kernel has denied, and all is rolled back", async () => {
    await lab.ensureBare();
    await enforce("");
    const { status, stdout, stderr } = await lab.do("apply", "--yes");
    const said = stdout + stderr;
    expect(status, said).toBe(5);
    expect(said).toContain("web server");
    expect(said.replaceAll(/\n {2}: /g, "")).toMatch(/apparmor="DENIED" .* name="\/var\/lib\/lvsctl\/e2e-aa\/web-80\//);
    for (const host of HOSTS) expect(await lab.on(host, "ls -A /var/lib/lvsctl 2>/dev/null || :")).toBe("");
    lab.forgetState();
  });

  it("that lets it do its work is enforced for ours, too, and nothing else changes", async () => {
    await lab.ensureBare();
    await enforce("/var/lib/lvsctl/** rw,");
    expect(await lab.on("rs1", `cat ${PROFILES}`)).toContain("nginx (enforce)");
    const { status, stdout } = await lab.do("apply", "--yes");
    expect(status, stdout).toBe(0);
    expect(await lab.on("rs1", "cat /var/lib/lvsctl/*/web-80/process/attr/current")).toContain("nginx (enforce)");
    await expectNoChange(lab);
  });
});

it("is destroyed without a trace", async () => {
  await lab.ensureApplied();
  await lab.on("rs1", "apparmor_parser -R /run/profile; rm /run/profile");
  await expectDestroyed(lab, before, / [-+] \/run\/systemd\//);
});
