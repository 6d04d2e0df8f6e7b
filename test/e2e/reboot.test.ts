/** What comes back when a host is restarted, and what does not; test/helpers/reboot.ts says what of it is simulated. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { differences, type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest, succeeded } from "../helpers/lab-under-test.ts";
import { isLongRun } from "../helpers/long-run.ts";
import { expectDestroyed, expectNoChange, unwrapped } from "../helpers/mode-checks.ts";
import { reboot } from "../helpers/reboot.ts";

const HOSTS = ["fw", "dr", "rs1", "rs2", "client"];
/** Somebody else's start-up on a host; it must be there afterwards byte for byte, without an end to its last line. */
const THEIR_START = "#!/bin/sh -e\\ntouch /run/theirs\\nexit 0";
/** What a restart changes by itself: the numbers of interfaces, and which empty tables of netfilter the kernel has made. */
const NOT_OURS = /: [-+] (\d+: \w+@if|\*\w+$|:[A-Z]+ ACCEPT|COMMIT$|\/run\/xtables.lock$)/;
const RESTORE = "sh /var/lib/lvsctl/e2e-reboot/restore.sh";

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up("dr.yaml", "e2e-reboot");
  await lab.on("fw", `printf '${THEIR_START}' >/etc/rc.local; chmod 0755 /etc/rc.local; touch /run/theirs`);
  // What the first listing of rules or the first connection makes the kernel load is there from the beginning.
  for (const host of HOSTS)
    await lab.on(host, "iptables -t nat -S >/dev/null; iptables -S >/dev/null; ip6tables -S >/dev/null");
  before = await snapshot(lab, HOSTS);
});

afterAll(() => lab?.down());

describe("examples/dr.yaml, on hosts that are restarted", () => {
  it("is restored on a director, a real server and a firewall, without lvsctl", async () => {
    const { status, stderr, stdout } = await lab.do("apply", "--yes");
    expect(status, stderr + stdout).toBe(0);
    const said = await reboot(lab, "dr", "rs1", "fw");
    for (const log of said) expect(log).not.toContain("FAILED");
    expect(said[0]).toContain("IPVS service tcp 172.16.10.10:80 (rr)");
    expect(said[1]).toContain("web server on port 80");
    expect(said[2]).toContain("iptables -t nat: LVSCTL-e2e");
    expect(await lab.on("fw", "ls /run/theirs")).toBe("/run/theirs\n");
    expect(await pages()).toEqual(["rs1", "rs1", "rs2", "rs2"]);
    await expectNoChange(lab);
  });

  if (isLongRun) {
    it("is not disturbed when the same is run on hosts that have it all", async () => {
      await lab.ensureApplied();
      const now = await snapshot(lab, HOSTS);
      for (const host of ["dr", "rs1", "fw"]) expect(await lab.on(host, RESTORE)).not.toContain("FAILED");
      expect(differences(now, await snapshot(lab, HOSTS))).toEqual([]);
    });

    it("is restored as it was confirmed, if the host restarts during an unconfirmed change", async () => {
      await lab.ensureApplied();
      const other = lab.variant("other.yaml", (text) => text.replace("vip: 172.16.10.10", "vip: 172.16.10.11"));
      const pending = await lab.lvsctl(
        "apply",
        "--lab",
        "--yes",
        "--no-verify",
        "--no-confirm",
        "--confirm-timeout",
        "36000",
        other,
      );
      expect(pending.status, pending.stderr + pending.stdout).toBe(0);
      expect(await lab.on("dr", "ipvsadm -S -n")).toContain("172.16.10.11:80");
      await reboot(lab, "dr", "rs1");
      expect(await lab.on("dr", "ipvsadm -S -n; ls -A /var/lib/lvsctl /run")).not.toMatch(
        /172\.16\.10\.11|transaction/,
      );
      await succeeded(lab.lvsctl("rollback", "--lab", "--yes", other));
      expect(await pages()).toEqual(["rs1", "rs1", "rs2", "rs2"]);
      await expectNoChange(lab);
    });

    it("does not come back where it is not to persist, and plan says what is missing", async () => {
      const passing = lab.variant("passing.yaml", (text) =>
        text.replace("version: 1\n", "version: 1\npersist: false\n"),
      );
      const { status, stderr, stdout } = await lab.lvsctl("apply", "--lab", "--yes", passing);
      expect(status, stderr + stdout).toBe(0);
      expect(await lab.on("dr", "ls /var/lib/lvsctl/e2e-reboot; ls /etc/rc.local 2>&1 || :")).not.toMatch(
        /restore|^\/etc/m,
      );
      await reboot(lab, "dr");
      expect(await lab.on("client", `curl -s --max-time ${lab.seconds(2)} http://10.0.2.1/ || echo nobody`)).toBe(
        "nobody\n",
      );
      const plan = await lab.lvsctl("plan", "--lab", passing);
      expect(unwrapped(plan.stdout)).toMatch(/\+ IPVS service tcp 172\.16\.10\.10:80/);
    });
  }

  it("is destroyed, with all that would bring it back", async () => {
    await lab.ensureApplied();
    // The hosts share a kernel, which takes a restarted host's old network apart in its own time; until then, its services use
    // their scheduler's module.
    await lab.on("dr", "until [ $(cat /sys/module/ip_vs_rr/refcnt) -le 1 ]; do sleep 0.5; done");
    await expectDestroyed(lab, before, NOT_OURS);
    expect(await lab.on("fw", "cat /etc/rc.local; echo .")).toBe("#!/bin/sh -e\ntouch /run/theirs\nexit 0.\n");
    expect(await lab.on("rs2", "ls /etc/rc.local 2>&1 || :")).toContain("No such file");
  });
});

/** Who answers four requests, sorted. */
async function pages(): Promise<readonly string[]> {
  const ask = 'name=$(curl -s http://10.0.2.1/ | head -n 1); echo "${name:-nobody}"';
  const names = await lab.on("client", `for i in 1 2 3 4; do ${ask}; done`);
  return names.replaceAll("real server ", "").trim().split("\n").sort();
}
