/** Real servers that are silenced by ARP rules in place of kernel settings, with arptables-legacy, on hosts that drop what they do not know. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dropByDefault } from "../helpers/default-drop.ts";
import { differences, type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import { unwrapped } from "../helpers/mode-checks.ts";

const HOSTS = ["fw", "dr", "rs1", "rs2", "client"];
const ARP_RULES = "arptables -L -n";

let lab: LabUnderTest;
let before: Snapshot;
let rulesBefore: string;

beforeAll(async () => {
  lab = await LabUnderTest.up("dr.yaml", "e2e-arptables", (text) =>
    text.replace("scheduler: rr", "scheduler: rr\n    arp: arptables"),
  );
  await Promise.all(
    HOSTS.map((host) => lab.on(host, "iptables -t nat -S >/dev/null; iptables -S >/dev/null; ip6tables -S >/dev/null")),
  );
  await lab.on("rs1", "arptables -N OTHERS; arptables -A OTHERS -s 192.0.2.7 -j DROP; arptables -A INPUT -j OTHERS");
  await dropByDefault(lab, ["fw", "dr", "rs1", "rs2"]);
  rulesBefore = await lab.on("rs1", ARP_RULES);
  before = await snapshot(lab, HOSTS);
});

afterAll(async () => {
  await lab?.down();
});

describe("arp: arptables", () => {
  it("applies, and requests alternate, with the kernel's ARP settings as they were", async () => {
    await lab.ensureBare();
    const { status, stdout } = await lab.do("apply", "--yes");
    expect(stdout).toContain("Verified");
    expect(status, stdout).toBe(0);
    expect(stdout).toMatch(/rr: rs1 10, rs2 10/);
    expect(
      await lab.on("rs1", "cat /proc/sys/net/ipv4/conf/all/arp_ignore /proc/sys/net/ipv4/conf/all/arp_announce"),
    ).toBe("0\n0\n");
    const rules = (await lab.on("rs1", ARP_RULES)).split("\n").map((line) => line.trim());
    expect(rules).toContain("-j DROP -d 172.16.10.10");
    expect(rules).toContain("-j mangle -s 172.16.10.10 --mangle-ip-s 172.16.20.20");
    expect(rules).toContain("-j OTHERS");
  });

  it("applies a second time without changing anything", async () => {
    await lab.ensureApplied();
    const { status, stdout } = await lab.do("apply", "--yes");
    expect(status, stdout).toBe(0);
    expect(stdout).toContain("Nothing to change on 5 hosts");
  });

  it("fails without the rules, and says so; apply mends it", async () => {
    await lab.ensureApplied();
    await Promise.all(["rs1", "rs2"].map((host) => lab.on(host, "arptables -F")));
    // The director answers late, so that it is no matter of luck whose answer the firewall takes.
    await lab.on("dr", "modprobe sch_netem; tc qdisc add dev eth0 root netem delay 300ms");
    await lab.on("fw", "ip neigh flush dev eth1");
    const { status, stdout } = await lab.do("verify");
    expect(status, stdout).toBe(3);
    const text = unwrapped(stdout);
    expect(text).toMatch(/✗ web: rr should give each of 2 real servers 10 ± 1/);
    expect(text).toMatch(/rs1: arptables -A \S+ -d 172\.16\.10\.10 -j DROP is missing/);
    await lab.on("dr", "tc qdisc del dev eth0 root");
    const mended = await lab.do("apply", "--yes");
    expect(mended.stdout).toContain("Verified");
    expect(mended.status).toBe(0);
  });

  it("destroys, and leaves every host as it was, but for what a flush took from others", async () => {
    await lab.ensureApplied();
    const { status, stderr } = await lab.do("destroy", "--yes");
    expect(stderr).not.toMatch(/LVS-/);
    expect(status, stderr).toBe(0);
    expect(differences(before, await snapshot(lab, HOSTS))).toEqual([]);
    await lab.on("rs1", "arptables -A OTHERS -s 192.0.2.7 -j DROP; arptables -A INPUT -j OTHERS");
    expect(await lab.on("rs1", ARP_RULES)).toBe(rulesBefore);
    expect(await lab.on("rs2", ARP_RULES)).not.toContain("LVSCTL");
  });
});
