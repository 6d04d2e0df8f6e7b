/** Hosts whose PID 1 is systemd: arming, what runs at boot, restarts, and what is left afterwards. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noteFault } from "../helpers/fault-outcomes.ts";
import { type Snapshot, snapshot, TABLES } from "../helpers/host-snapshot.ts";
import { HOSTS, InitHosts, OURS, UNTIL_ENDED } from "../helpers/init-hosts.ts";
import { LabUnderTest, succeeded } from "../helpers/lab-under-test.ts";
import { isLongRun } from "../helpers/long-run.ts";
import { expectDestroyed, expectNoChange } from "../helpers/mode-checks.ts";
import { rebootByInit } from "../helpers/reboot.ts";

const UNIT = "lvsctl-e2e-systemd.service";
/** Every unit of ours that systemd knows, with its state. */
const UNITS = `systemctl list-units --all --plain --no-legend "lvsctl*" | tr -s " " | cut -d " " -f 1-4`;
const UP = `${UNIT} loaded active exited`;
/** The web servers of the real servers are services of systemd as well. */
const WEB = "lvsctl-e2e-systemd_web-80.service loaded active running";
/**
 * As in the test of reboots without an init, and what systemd keeps for itself. A module that is still loaded after a restart,
 * because the hosts' kernel goes on, counts as somebody else's.
 */
const NOT_OURS =
  /: [-+] (\d+: \w+@if|ip_vs_\w+$|\*\w+$|:[A-Z]+ ACCEPT|COMMIT$|\/run\/(xtables.lock|systemd|log|credentials|lock)|\/var\/lib\/(systemd|private)|\/tmp\/systemd-private)/;

let lab: LabUnderTest;
let hosts: InitHosts;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up("dr.yaml", "e2e-systemd", undefined, [], ["--init", "systemd"]);
  hosts = await InitHosts.planted("systemd", lab);
  before = await snapshot(lab, HOSTS, TABLES);
});

afterAll(() => lab?.down());

describe("examples/dr.yaml on hosts with systemd", () => {
  it("is armed by systemd, and its unit counts as started although no boot has started it", async () => {
    const { status, stderr, stdout } = await lab.do("apply", "--yes");
    expect(status, stderr + stdout).toBe(0);
    for (const host of OURS) {
      expect(await units(host)).toEqual(host.startsWith("rs") ? [UP, WEB] : [UP]);
      const journal = await lab.on(host, "journalctl --no-pager -b");
      expect(journal).toMatch(/Started lvsctl-undo-\w+\.service/);
      expect(journal).toMatch(/lvsctl-undo-\w+\.service: Deactivated successfully/);
    }
    await expectNoChange(lab);
  });

  it("comes back when the hosts are restarted, and when somebody starts the unit again", async () => {
    await lab.ensureApplied();
    await rebootByInit("systemd", lab, ...OURS);
    for (const host of OURS) expect(await units(host)).toEqual(host.startsWith("rs") ? [UP, WEB] : [UP]);
    expect(await lab.on("dr", `journalctl --no-pager -b -u ${UNIT}`)).toContain(
      "IPVS service tcp 172.16.10.10:80 (rr)",
    );
    const verified = await lab.do("verify");
    expect(verified.status, verified.stdout).toBe(0);
    await expectNoChange(lab);

    await lab.on("dr", "ipvsadm -C");
    expect((await lab.do("verify")).status).toBe(3);
    await lab.on("dr", `systemctl restart ${UNIT}`);
    const mended = await lab.do("verify");
    expect(mended.status, mended.stdout).toBe(0);
    await expectNoChange(lab);
  });

  if (isLongRun) {
    it("is rolled back by systemd's service when lvsctl is gone, and leaves no unit", async () => {
      await lab.ensureBare();
      const timeout = ["--confirm-timeout", String(lab.seconds(20))];
      const pending = await lab.do("apply", "--yes", "--no-verify", "--no-confirm", ...timeout);
      expect(pending.status, pending.stderr + pending.stdout).toBe(0);
      expect(await units("dr")).toEqual([
        UP,
        expect.stringMatching(/^lvsctl-undo-\w+\.service loaded active running$/),
      ]);
      await lab.on("dr", "systemctl daemon-reload");
      await lab.on("rs1", "systemctl daemon-reexec");
      for (const host of OURS) await lab.on(host, UNTIL_ENDED);
      await hosts.expectIn("nothing");
      noteFault("systemd.test.ts", {
        ...{
          fault: "apply --no-confirm, then nothing; systemd is reloaded, and executed again",
          init: "systemd",
          during: "apply",
        },
        ...{ ended: "before", by: "systemd's service on each host", exit: "0" },
      });
    });

    it("is rolled back at boot, if the host restarts before the run is confirmed", async () => {
      await lab.ensureBare();
      const timeout = ["--confirm-timeout", "36000"];
      const pending = await lab.do("apply", "--yes", "--no-verify", "--no-confirm", ...timeout);
      expect(pending.status, pending.stderr + pending.stdout).toBe(0);
      await rebootByInit("systemd", lab, "dr", "rs1");
      expect(await lab.on("dr", "ipvsadm -S -n; ls -A /var/lib/lvsctl 2>/dev/null || :")).toBe("");
      for (const host of ["dr", "rs1"]) expect(await units(host)).toEqual([]);
      await succeeded(lab.do("rollback", "--yes"));
      await hosts.expectIn("nothing");
      noteFault("systemd.test.ts", {
        ...{ fault: "the hosts restart before the run is confirmed", init: "systemd", during: "apply" },
        ...{ ended: "before", by: "the hosts, at boot", exit: "0" },
      });
    });
  }

  it("is destroyed without a trace, also after a restart", async () => {
    await lab.ensureApplied();
    await rebootByInit("systemd", lab, "rs1");
    await expectDestroyed(lab, before, NOT_OURS);
    for (const host of OURS) {
      expect(await units(host)).toEqual([]);
      expect(await lab.on(host, "systemctl is-system-running")).toBe("running\n");
      expect(await lab.on(host, "find /etc/systemd /run/systemd -name '*lvsctl*' -o -name '*.service.d'")).toBe("");
    }
  });
});

async function units(host: string): Promise<readonly string[]> {
  return (await lab.on(host, UNITS)).split("\n").filter(Boolean).sort();
}
