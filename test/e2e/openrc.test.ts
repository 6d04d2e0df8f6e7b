/** Hosts whose PID 1 is OpenRC's: what runs at boot, restarts, and what is left afterwards. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noteFault } from "../helpers/fault-outcomes.ts";
import { type Snapshot, snapshot, TABLES } from "../helpers/host-snapshot.ts";
import { HOSTS, InitHosts, OURS } from "../helpers/init-hosts.ts";
import { LabUnderTest, succeeded } from "../helpers/lab-under-test.ts";
import { expectDestroyed, expectNoChange } from "../helpers/mode-checks.ts";
import { rebootByInit } from "../helpers/reboot.ts";

const SERVICE = "lvsctl-e2e-openrc";
/** As in the test of systemd. */
const NOT_OURS = /: [-+] (\d+: \w+@if|ip_vs_\w+$|\*\w+$|:[A-Z]+ ACCEPT|COMMIT$|\/run\/(xtables.lock|openrc|mount))/;

let lab: LabUnderTest;
let hosts: InitHosts;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up("dr.yaml", "e2e-openrc", undefined, [], ["--init", "openrc"]);
  // On Debian the file systems are mounted by other services, and nothing is called localmount.
  await lab.on(
    "rs1",
    "rm /etc/init.d/localmount /etc/runlevels/boot/localmount; sed -i s/localmount// /etc/init.d/sshd",
  );
  hosts = await InitHosts.planted("openrc", lab);
  before = await snapshot(lab, HOSTS, TABLES);
});

afterAll(() => lab?.down());

describe("examples/dr.yaml on hosts with OpenRC", () => {
  it("counts as started after an apply, and comes back when the hosts are restarted", async () => {
    const { status, stderr, stdout } = await lab.do("apply", "--yes");
    expect(status, stderr + stdout).toBe(0);
    for (const host of OURS) expect(await state(host)).toBe("started");
    await rebootByInit("openrc", lab, ...OURS);
    for (const host of OURS) expect(await state(host)).toBe("started");
    const verified = await lab.do("verify");
    expect(verified.status, verified.stdout).toBe(0);
    await expectNoChange(lab);
  });

  it("comes back when somebody restarts the service", async () => {
    await lab.ensureApplied();
    await lab.on("dr", "ipvsadm -C");
    expect((await lab.do("verify")).status).toBe(3);
    await lab.on("dr", `rc-service ${SERVICE} restart`);
    const mended = await lab.do("verify");
    expect(mended.status, mended.stdout).toBe(0);
  });

  it("is rolled back at boot, if the host restarts before the run is confirmed", async () => {
    await lab.ensureBare();
    const pending = await lab.do("apply", "--yes", "--no-verify", "--no-confirm", "--confirm-timeout", "36000");
    expect(pending.status, pending.stderr + pending.stdout).toBe(0);
    await rebootByInit("openrc", lab, "dr", "rs1");
    expect(await lab.on("dr", "ipvsadm -S -n; ls -A /var/lib/lvsctl 2>/dev/null || :")).toBe("");
    for (const host of ["dr", "rs1"]) expect(await state(host)).toContain("does not exist");
    await succeeded(lab.do("rollback", "--yes"));
    await hosts.expectIn("nothing");
    noteFault("openrc.test.ts", {
      ...{ fault: "the hosts restart before the run is confirmed", init: "openrc", during: "apply" },
      ...{ ended: "before", by: "the hosts, at boot", exit: "0" },
    });
  });

  it("is destroyed without a trace", async () => {
    await lab.ensureApplied();
    await expectDestroyed(lab, before, NOT_OURS);
    for (const host of OURS) {
      expect(await state(host)).toContain("does not exist");
      expect(await lab.on(host, "ls -A /etc/runlevels/default")).toBe("others\nsshd\n");
    }
  });
});

/** Of our service: `started`, or that there is none. */
async function state(host: string): Promise<string> {
  const said = await lab.on(host, `rc-service ${SERVICE} status 2>&1 || :`);
  return /status: (\w+)/.exec(said)?.[1] ?? said;
}
