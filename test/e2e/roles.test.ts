/** Hosts with several roles, and several directors: up, apply, apply, break, destroy. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { differences, type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest, succeeded } from "../helpers/lab-under-test.ts";
import { unwrapped } from "../helpers/mode-checks.ts";
import { whoAnswers } from "../helpers/served-page.ts";

const installations = [
  {
    file: "gateway.yaml",
    about: "a machine that is firewall and director, by NAT",
    hosts: ["gw", "rs1", "rs2", "client"],
    shares: /web: rr: rs1 4, rs2 4/,
    break: { host: "gw", script: "echo 0 >/proc/sys/net/ipv4/ip_forward" },
    ask: "10.0.2.10",
    says: /gw: sysctl net\.ipv4\.ip_forward = 1 differs from the topology/,
  },
  {
    file: "serves-itself.yaml",
    about: "a director that is a real server of its own service",
    hosts: ["fw", "lb1", "rs1", "client"],
    shares: /web: rr: (lb1 4, rs1 4|rs1 4, lb1 4)/,
    break: { host: "lb1", script: "ip address del 172.16.10.10/32 dev eth0" },
    ask: "172.16.10.10",
    says: /lb1: address 172\.16\.10\.10\/32 dev eth0 is missing/,
  },
  {
    file: "serves-itself-nat.yaml",
    about: "a director that is a real server of its own services, by NAT and FullNAT",
    hosts: ["lb1", "rs1", "client"],
    shares: /full: rr: (lb1 4, rs1 4|rs1 4, lb1 4)/,
    break: { host: "lb1", script: "ip address del 10.0.2.10/32 dev eth0" },
    ask: "10.0.2.10",
    says: /lb1: address 10\.0\.2\.10\/32 dev eth0 is missing/,
  },
  {
    file: "serves-itself-tun.yaml",
    about: "a director that is a real server of its own services, by tunnel",
    hosts: ["fw", "lb1", "rs1", "client"],
    shares: /gue: rr: (lb1 4, rs1 4|rs1 4, lb1 4)/,
    break: { host: "lb1", script: "ip address del 172.16.10.10/32 dev eth0" },
    ask: "172.16.10.10",
    says: /lb1: address 172\.16\.10\.10\/32 dev eth0 is missing/,
  },
];

describe.each(installations)("$about", ({ file, hosts, shares, ask, says, ...installation }) => {
  let lab: LabUnderTest;
  let before: Snapshot;

  beforeAll(async () => {
    lab = await labOf(file, hosts);
    before = await snapshot(lab, hosts);
  });
  afterAll(async () => {
    await lab?.down();
  });

  it("works, a second time without changes, and not without one of its parts", async () => {
    await lab.ensureBare();
    const first = await lab.do("apply", "--yes");
    expect(first.stdout).toContain("Verified");
    expect(first.stdout).toMatch(shares);
    expect((await lab.do("apply", "--yes")).stdout).toContain("Nothing to change");
    await lab.on(installation.break.host, installation.break.script);
    expect(await whoAnswers(lab, "client", [ask])).toEqual(["-"]);
    const { status, stdout } = await lab.do("verify");
    expect(status, stdout).toBe(3);
    expect(unwrapped(stdout)).toMatch(says);
  });

  it("goes without a trace", async () => {
    await lab.ensureSomething();
    await succeeded(lab.do("destroy", "--yes"));
    expect(differences(before, await snapshot(lab, hosts))).toEqual([]);
  });
});

describe("directors that are each other's real servers", () => {
  const hosts = ["fw", "cp1", "cp2", "client"];
  let lab: LabUnderTest;
  let before: Snapshot;

  beforeAll(async () => {
    lab = await labOf("serve-each-other.yaml", hosts);
    before = await snapshot(lab, hosts);
  });
  afterAll(async () => {
    await lab?.down();
  });

  it("serve through either, with sh in mode dr and with masquerading in mode nat", async () => {
    await lab.ensureBare();
    const { status, stdout } = await lab.do("apply", "--yes");
    expect(stdout).toContain("Verified");
    expect(status, stdout).toBe(0);
    expect((await lab.do("apply", "--yes")).stdout).toContain("Nothing to change");
    for (const via of ["172.16.10.6", "172.16.10.5"]) {
      await lab.on("fw", `ip route replace 198.51.100.10/32 via ${via} proto 198`);
      const asked = (port: number) => Array.from({ length: 16 }, () => `198.51.100.10:${port}`);
      for (const port of [80, 81]) {
        const answers = await whoAnswers(lab, "client", asked(port));
        expect([...new Set(answers)].toSorted()).toEqual(["cp1", "cp2"]);
      }
    }
  });

  it("go without a trace", async () => {
    await lab.ensureSomething();
    await succeeded(lab.do("destroy", "--yes"));
    expect(differences(before, await snapshot(lab, hosts))).toEqual([]);
  });
});

describe("two directors with the same services", () => {
  const hosts = ["fw", "lb1", "lb2", "rs1", "rs2", "client"];
  let lab: LabUnderTest;
  let before: Snapshot;

  beforeAll(async () => {
    lab = await labOf("two-directors.yaml", hosts);
    before = await snapshot(lab, hosts);
  });
  afterAll(async () => {
    await lab?.down();
  });

  it("have the same table, and whichever the route leads to serves", async () => {
    await lab.ensureBare();
    const { status, stdout } = await lab.do("apply", "--yes");
    expect(stdout).toContain("Verified");
    expect(status, stdout).toBe(0);
    expect((await lab.do("apply", "--yes")).stdout).toContain("Nothing to change");
    const tables = await Promise.all(["lb1", "lb2"].map((host) => lab.on(host, "ipvsadm -S -n")));
    expect(tables[0]).toContain("-A -t 198.51.100.11:8443 -s sh -b sh-port\n");
    expect(tables[1]).toBe(tables[0]);
    for (const [via, gone] of [
      ["172.16.10.6", "lb1"],
      ["172.16.10.5", "lb2"],
    ] as const) {
      await lab.on(gone, "ip neigh flush dev eth0; arptables -P INPUT DROP");
      await lab.on("fw", `ip neigh flush dev eth1; ip route replace 198.51.100.10/32 via ${via} proto 198`);
      const answers = await whoAnswers(lab, "client", ["198.51.100.10", "198.51.100.10"]);
      expect(answers.toSorted()).toEqual(["rs1", "rs2"]);
      await lab.on(gone, "arptables -P INPUT ACCEPT");
    }
  });

  it("go without a trace", async () => {
    await lab.ensureSomething();
    await succeeded(lab.do("destroy", "--yes"));
    expect(differences(before, await snapshot(lab, hosts))).toEqual([]);
  });
});

async function labOf(file: string, hosts: readonly string[]): Promise<LabUnderTest> {
  const lab = await LabUnderTest.up(`../test/fixtures/e2e/${file}`, `e2e-${file.replace(".yaml", "")}`);
  const touch = "for t in filter nat mangle; do iptables -t $t -S; ip6tables -t $t -S; done >/dev/null";
  await Promise.all(hosts.map((host) => lab.on(host, touch)));
  return lab;
}
