/** Other tunnels take the place of IP in IP on hosts that serve, and go without a trace. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ownChain } from "../../src/resources/own-chain.ts";
import { differences, type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { type LabUnderTest, succeeded } from "../helpers/lab-under-test.ts";
import { unwrapped } from "../helpers/mode-checks.ts";
import { expectTwin, HOSTS, holdingConnections, REAL_SERVERS, setting, upTunnels, VIP } from "../helpers/tun-lab.ts";

let lab: LabUnderTest;
let before: Snapshot;
let gue: string;
let gre: string;

beforeAll(async () => {
  ({ lab, before } = await upTunnels("e2e-tun-live"));
  const withTunnel = (lines: string) => (text: string) => text.replace("mode: tun\n", `mode: tun\n${lines}\n`);
  gue = lab.variant("gue.yaml", withTunnel("    tunnel: { type: gue, port: 6080 }\n    mssClamp: 1400"));
  gre = lab.variant("gre.yaml", withTunnel("    tunnel: { type: gre }"));
});

afterAll(() => lab?.down());

describe("GUE with smaller segments", () => {
  const longRequest = () =>
    `curl -s -o /dev/null -w '%{http_code}' --max-time ${lab.seconds(2)} -H "X: $(head -c 6000 /dev/zero | tr '\\0' x)" http://${VIP}/ || true`;

  it("takes the place of IP in IP on live hosts", async () => {
    await lab.ensureApplied();
    const { status, stdout, stderr } = await lab.lvsctl("apply", "--lab", "--yes", gue);
    expect(stderr + stdout).toContain("Verified");
    expect(status, stdout).toBe(0);
    const printed = await lab.on("lb", "ipvsadm -L -n --tun-info; ipvsadm -S -n");
    expect(printed).toMatch(/-> 1\.65\.16\.144:80 +Tunnel +gue:6080:-c +1 /);
    expect(printed).toContain(`-r 1.65.16.144:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-nocsum\n`);
  });

  it("tells clients to send smaller segments, so that uploads get through where ICMP does not", async () => {
    await lab.ensureApplied(gue);
    await lab.on("client", "iptables -A INPUT -p icmp --icmp-type fragmentation-needed -j DROP; ip route flush cache");
    const sockets = await holdingConnections(lab, () => lab.on("client", `ss -Htni dst ${VIP}`));
    expect(sockets.match(/ mss:1388 /g)).toHaveLength(2);
    expect(await lab.on("client", longRequest())).toBe("200");
    for (const host of REAL_SERVERS) await lab.on(host, `iptables -t mangle -F ${ownChain(lab.name, "OUTPUT")}`);
    expect(await lab.on("client", longRequest())).toBe("000");
    const { status, stdout } = await lab.lvsctl("verify", "--lab", gue);
    expect(status, stdout).toBe(3);
    expect(unwrapped(stdout)).toMatch(/rs2: iptables .*TCPMSS --set-mss 1400 is missing/);
    await lab.on("client", "iptables -D INPUT -p icmp --icmp-type fragmentation-needed -j DROP");
    await succeeded(lab.lvsctl("apply", "--lab", "--yes", "--no-verify", gue));
  });

  it("fails without the UDP port", async () => {
    const port = { take: "ip fou del port 6080", mend: "ip fou add port 6080 gue" };
    await expectTwin(lab, gue, { rs1: port, rs2: port }, [
      /✗ web: 0 of 10 requests/,
      /rs1: GUE on UDP port 6080 is missing/,
      /rs2: GUE on UDP port 6080 is missing/,
    ]);
  });
});

describe("GRE", () => {
  it("takes the place of GUE on live hosts", async () => {
    await lab.ensureApplied(gue);
    const { status, stdout, stderr } = await lab.lvsctl("apply", "--lab", "--yes", gre);
    expect(stderr + stdout).toContain("Verified");
    expect(status, stdout).toBe(0);
    const printed = await lab.on("lb", "ipvsadm -L -n --tun-info; ipvsadm -S -n");
    expect(printed).toMatch(/-> 1\.65\.16\.144:80 +Tunnel +gre:-c +1 /);
    expect(printed).toContain(`-r 1.65.16.144:80 -i -w 1 --tun-type gre --tun-nocsum\n`);
  });

  it("fails with strict source checking, and with the device down", async () => {
    await expectTwin(
      lab,
      gre,
      { rs1: setting("gre0/rp_filter", 1), rs2: { take: "ip link set gre0 down", mend: "ip link set gre0 up" } },
      [
        /✗ web: 0 of 10 requests/,
        /rs1: sysctl net\.ipv4\.conf\.gre0\.rp_filter = 0 differs from the topology: value is "1"/,
        /rs2: tunnel device gre0 up differs from the topology: isUp is false/,
      ],
    );
  });

  it("fails without the module", async () => {
    const mend = `modprobe ip_gre; ip link set gre0 up; ip address add ${VIP}/32 dev gre0; echo 0 >/proc/sys/net/ipv4/conf/gre0/rp_filter`;
    await expectTwin(lab, gre, { rs1: { take: "rmmod ip_gre", mend }, rs2: { take: ":", mend } }, [
      /✗ web: 0 of 10 requests/,
      /rs1: kernel module ip_gre is missing/,
      /rs2: kernel module ip_gre is missing/,
    ]);
  });

  it("destroys: a module that brings somebody's tunnel stays, and every host is as it was", async () => {
    await lab.ensureApplied(gre);
    for (const host of REAL_SERVERS) await lab.on(host, "ip tunnel add others0 mode gre remote 192.0.2.1");
    const { status, stderr } = await lab.lvsctl("destroy", "--lab", "--yes", gre);
    expect(stderr).not.toMatch(/LVS-/);
    expect(status, stderr).toBe(0);
    for (const host of REAL_SERVERS) await lab.on(host, "ip tunnel del others0");
    expect(await lab.on("rs1", "rmmod ip_gre fou; cut -d ' ' -f 1 /proc/modules")).not.toMatch(/^(fou|ip_gre)$/m);
    expect(differences(before, await snapshot(lab, HOSTS))).toEqual([]);
  });
});
