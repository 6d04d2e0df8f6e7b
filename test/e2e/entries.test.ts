/** Several entries for one host, names with dots and capitals, IPVS timeouts, and a service without real servers yet: up, apply, apply, edit, destroy. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { differences, type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest, succeeded } from "../helpers/lab-under-test.ts";
import { expectNoChange, unwrapped } from "../helpers/mode-checks.ts";
import { reboot } from "../helpers/reboot.ts";
import { whoIsSilent } from "../helpers/served-page.ts";

const hosts = ["LVS_MASTER", "rs1", "web02.example.com", "client"];
const touch = "for t in filter nat mangle; do iptables -t $t -S; ip6tables -t $t -S; done >/dev/null";

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up("../test/fixtures/e2e/entries.yaml", "e2e-entries");
  await Promise.all(hosts.map((host) => lab.on(host, touch)));
  await lab.on("LVS_MASTER", "modprobe ip_vs; ipvsadm --set 800 110 310");
  before = await snapshot(lab, hosts);
});
afterAll(() => lab?.down());

describe("several entries for one host, and IPVS timeouts", () => {
  it("share requests out by entries, and set the timeouts; a second apply changes nothing", async () => {
    await lab.ensureBare();
    const { stdout, status } = await lab.do("apply", "--yes");
    expect(stdout).toContain("9 of 9 requests from client to http://10.0.2.10:80/ were answered");
    expect(stdout).toMatch(/ports: rr: rs1 6, web02\.example\.com 3/);
    expect(stdout).toMatch(/addresses: rr: rs1 6, web02\.example\.com 3/);
    expect(stdout).toContain("later: no requests were sent: it has no real servers yet");
    expect(status, stdout).toBe(0);
    expect(await timeouts()).toBe("7200 120 30");
    expect((await lab.do("apply", "--yes")).stdout).toContain("Nothing to change");
  });

  it("refuses connections to the service that has no real server", async () => {
    await lab.ensureApplied();
    expect(await whoIsSilent(lab, "client", { later: "10.0.2.12:80", ports: "10.0.2.10:80" })).toEqual(["later"]);
  });

  it("notices timeouts that somebody has changed, and sets them again", async () => {
    await lab.ensureApplied();
    await lab.on("LVS_MASTER", "ipvsadm --set 100 0 0");
    lab.forgetState();
    const { status, stdout } = await lab.do("verify");
    expect(status, stdout).toBe(3);
    expect(unwrapped(stdout)).toMatch(/IPVS timeouts .* differs from the topology: tcp is 100/);
    await lab.ensureApplied();
    expect(await timeouts()).toBe("7200 120 30");
  });

  it("goes without a trace, and the timeouts are those from before", async () => {
    await lab.ensureSomething();
    await succeeded(lab.do("destroy", "--yes"));
    expect(differences(before, await snapshot(lab, hosts))).toEqual([]);
    expect(await timeouts()).toBe("800 110 310");
  });

  it("has its timeouts again after the director's restart", async () => {
    await lab.ensureApplied();
    const [said] = await reboot(lab, "LVS_MASTER");
    expect(said).toContain("IPVS timeouts");
    expect(said).not.toContain("FAILED");
    expect(await timeouts()).toBe("7200 120 30");
    await expectNoChange(lab);
  });
});

async function timeouts(): Promise<string> {
  return (await lab.on("LVS_MASTER", "ipvsadm -L --timeout | sed -n 's/^Timeout.*: //p'")).trim();
}
