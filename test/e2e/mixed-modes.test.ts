/** One service with a forwarding mode for each real server: up, apply, apply, one part missing, a mode changed, destroy. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dropByDefault } from "../helpers/default-drop.ts";
import { differences, type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest, succeeded } from "../helpers/lab-under-test.ts";
import { unwrapped } from "../helpers/mode-checks.ts";

const hosts = ["gw", "lb", "near", "behind", "far", "client"];
const touch = "for t in filter nat mangle; do iptables -t $t -S; ip6tables -t $t -S; done >/dev/null";

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up("../test/fixtures/e2e/mixed-modes.yaml", "e2e-mixed-modes");
  await Promise.all(hosts.map((host) => lab.on(host, touch)));
  await dropByDefault(lab, ["lb", "near", "behind", "far"]);
  before = await snapshot(lab, hosts);
});
afterAll(() => lab?.down());

describe("a mode for each real server", () => {
  it("reaches each of them in its own way, and a second apply changes nothing", async () => {
    await lab.ensureBare();
    const { stdout, stderr, status } = await lab.do("apply", "--yes");
    expect(stdout, stderr).toMatch(/web: wrr: near 6, behind 3, far 3/);
    expect(stdout).toMatch(/hidden: rr: near 6, behind 6/);
    expect(status, stdout).toBe(0);
    const table = await lab.on("lb", "ipvsadm -S -n");
    expect(table).toContain("-a -t 10.0.2.100:80 -r 10.0.2.11:80 -g -w 2");
    expect(table).toContain("-a -t 10.0.2.100:80 -r 10.0.4.11:8080 -m -w 1");
    expect(table).toContain("-a -t 10.0.2.100:80 -r 10.0.3.11:80 -i -w 1");
    expect((await lab.do("apply", "--yes")).stdout).toContain("Nothing to change");
  });

  it("gives the VIP only to those who have to take it", async () => {
    await lab.ensureApplied();
    const has = async (host: string) => (await lab.on(host, "ip -br address show")).includes("10.0.2.100/32");
    expect(await Promise.all(["near", "far", "behind"].map(has))).toEqual([true, true, false]);
  });

  it("without the tunnel's device only the far real server is silent, and verify says why", async () => {
    await lab.ensureApplied();
    await lab.on("far", "ip link set tunl0 down");
    lab.forgetState();
    const { status, stdout } = await lab.do("verify");
    expect(status, stdout).toBe(3);
    expect(stdout).toMatch(/✗ web: 9 of 12 requests/);
    expect(stdout).toMatch(/✓ hidden: 12 of 12 requests/);
    expect(unwrapped(stdout)).toMatch(/far: .*tunl0/);
  });

  it("changes the mode of one real server, and the others go on as they were", async () => {
    await lab.ensureApplied();
    const file = lab.variant("moved.yaml", (text) => text.replace("far: { mode: tun }", "far: { mode: nat }"));
    const refused = await lab.lvsctl("validate", file);
    expect(refused.status).toBe(64);
    expect(refused.stderr + refused.stdout).toContain("LVS-CONFIG-037");
    const nearOnly = lab.variant("near.yaml", (text) =>
      text.replace("hidden:\n    mode: dr", "hidden:\n    mode: tun"),
    );
    const { status, stdout } = await lab.lvsctl("apply", "--lab", "--yes", nearOnly);
    lab.forgetState();
    expect(stdout).toMatch(/hidden: rr: near 6, behind 6/);
    expect(stdout).toMatch(/web: wrr: near 6, behind 3, far 3/);
    expect(status, stdout).toBe(0);
  });

  it("goes without a trace", async () => {
    await lab.ensureSomething();
    await succeeded(lab.do("destroy", "--yes"));
    expect(differences(before, await snapshot(lab, hosts))).toEqual([]);
  });
});
