import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dropByDefault } from "../helpers/default-drop.ts";
import { type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import { expectDestroyed, expectNoChange, flagTaken, unwrapped, verifyWithout } from "../helpers/mode-checks.ts";

const HOSTS = ["lb", "rs1", "rs2", "client"];

/** Besides the example's web and dns: time by UDP, where nobody answers, and signalling by SCTP. */
const MORE = `
    testPage: true
  time: { mode: nat, vip: 10.0.2.100, port: 123, protocol: udp, scheduler: wrr, realServers: { rs1: { weight: 3 }, rs2: {} } }
  signal: { mode: nat, vip: 10.0.2.100, port: 2905, protocol: sctp, scheduler: rr, testPage: true }
verify: { requests: 8, timeout: 2 }
`;

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up("nat-two-arm.yaml", "e2e-udp", (text) => text.trimEnd() + MORE);
  await dropByDefault(lab, ["lb", "rs1", "rs2"]);
  before = await snapshot(lab, HOSTS);
});

afterAll(() => lab?.down());

describe("services that are not HTTP", () => {
  it("are verified by a responder's answers, and by what the director counts where nobody answers", async () => {
    await lab.ensureBare();
    const { status, stdout } = await lab.do("apply", "--yes");
    const text = unwrapped(stdout);
    expect(text).toContain("✓ dns: 8 of 8 requests from client to udp 10.0.2.100:53 were answered");
    expect(text).toContain("✓ dns: rr: rs1 4, rs2 4");
    expect(text).toContain("✓ signal: 8 of 8 requests from client to sctp 10.0.2.100:2905 were answered");
    expect(text).toContain("✓ signal: rr: rs1 4, rs2 4");
    expect(text).toContain("✓ time: 8 connections passed the directors for 8 requests");
    expect(text).toContain("✓ time: wrr: rs1 6, rs2 2");
    expect(text).not.toContain("time: 0 of 8");
    expect(status, stdout).toBe(0);
  });

  it("are on the director with their protocols", async () => {
    await lab.ensureApplied();
    const save = await lab.on("lb", "ipvsadm -S -n");
    expect(save).toContain("-A -u 10.0.2.100:123 -s wrr\n-a -u 10.0.2.100:123 -r 192.168.57.11:123 -m -w 3");
    expect(save).toContain("-A --sctp-service 10.0.2.100:2905 -s rr");
  });

  it("are answered from the very address that was asked, also where a host has several", async () => {
    await lab.ensureApplied();
    const ask = (address: string) =>
      `python3 -c "import socket; s = socket.socket(type=socket.SOCK_DGRAM); s.sendto(b'?', ('${address}', 53)); print(s.recvfrom(99))"`;
    expect(await lab.on("client", ask("10.0.2.100"))).toMatch(/^\(b'real server rs[12]\\n', \('10\.0\.2\.100', 53\)\)/);
    // What is no request for the service, no rule of lvsctl's lets in.
    const letIn = (change: "-A" | "-D") => `iptables ${change} INPUT -s 192.168.57.0/24 -p udp -j ACCEPT`;
    await lab.on("rs1", `ip addr add 192.168.57.111/24 dev eth0; ${letIn("-A")}`);
    const answer = await lab.on("lb", `${letIn("-A")}; ${ask("192.168.57.111")}; ${letIn("-D")}`);
    await lab.on("rs1", `ip addr del 192.168.57.111/24 dev eth0; ${letIn("-D")}`);
    expect(answer).toBe("(b'real server rs1\\n', ('192.168.57.111', 53))\n");
  });

  it("change nothing when they are applied again", () => expectNoChange(lab));

  it("fail when replies are not forwarded, and where nobody answers anyhow the director still counts", async () => {
    const text = await verifyWithout(lab, "lb", ...flagTaken("net/ipv4/ip_forward"));
    expect(text).toContain("✗ dns: 0 of 8 requests from client to udp 10.0.2.100:53 were answered (no answer)");
    expect(text).toContain("✗ signal: 0 of 8 requests");
    expect(text).toContain("✓ time: 8 connections passed the directors");
    expect(text).toMatch(/lb: sysctl net\.ipv4\.ip_forward = 1 differs from the topology/);
  });

  it("fail when the director does not know them", async () => {
    const text = await verifyWithout(
      lab,
      "lb",
      "ipvsadm -S -n >/run/ipvs; ipvsadm -D -u 10.0.2.100:123; ipvsadm -d -u 10.0.2.100:53 -r 192.168.57.12:53",
      "ipvsadm -C; ipvsadm -R </run/ipvs; rm /run/ipvs",
    );
    expect(text).toContain("✗ time: the directors counted only 0 connections for 8 requests");
    expect(text).toContain("✗ dns: rr should give each of 2 real servers 4 ± 1, but it was rs1 8, rs2 0");
    expect(text).toMatch(/lb: IPVS service udp 10\.0\.2\.100:123 .* is missing/);
  });

  it("fail when a responder has ended", async () => {
    const text = await verifyWithout(
      lab,
      "rs2",
      "kill $(basename $(readlink /var/lib/lvsctl/e2e-udp/udp-53/process))",
      "setsid sh /var/lib/lvsctl/e2e-udp/udp-53/start </dev/null >/dev/null 2>&1 &",
    );
    expect(text).toMatch(/✗ dns: [4-7] of 8 requests/);
    expect(text).toMatch(
      /rs2: responder on udp port 53: "real server rs2" differs from the topology: running is false/,
    );
  });

  // Once loaded, sctp is in use by its own sockets, one a network namespace; the kernel never unloads it.
  it("leave nothing behind", () => expectDestroyed(lab, before, /\/proc\/sys\/net\/sctp\//));
});
