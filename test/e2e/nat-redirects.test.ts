import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import { unwrapped, verifyWithout } from "../helpers/mode-checks.ts";

/** One-arm NAT without masquerading: replies come in and go out by the director's only interface, on to the firewall. */
const TOPOLOGY = `version: 1
name: e2e-redir
hosts:
  fw: { role: firewall, interfaces: { eth0: 10.0.2.1/24, eth1: 172.16.10.1/24 } }
  lb: { role: director, interfaces: { eth0: 172.16.10.5/24 }, gateway: 172.16.10.1 }
  rs1: { role: real-server, interfaces: { eth0: 172.16.10.21/24 }, gateway: 172.16.10.5 }
  rs2: { role: real-server, interfaces: { eth0: 172.16.10.22/24 }, gateway: 172.16.10.5 }
  client: { role: client, interfaces: { eth0: 10.0.2.253/24 }, gateway: 10.0.2.1 }
services:
  web: { mode: nat, vip: 172.16.10.10, port: 80, scheduler: rr, realServers: { rs1: { port: 8080 }, rs2: { port: 8080 } }, testPage: true }
verify: { requests: 8, timeout: 2 }
`;

/** Prints one of the kernel's ICMP counters. */
function count(name: string): string {
  return `awk '/^Icmp: [0-9]/ { n = split(names, name); for (i = 1; i <= n; i++) if (name[i] == "${name}") print $i } { names = $0 }' /proc/net/snmp`;
}

let lab: LabUnderTest;

beforeAll(async () => {
  lab = await LabUnderTest.up("nat.yaml", "e2e-redir", () => TOPOLOGY);
}, 60_000);

afterAll(() => lab?.down());

describe("a director with one arm", () => {
  it("forwards replies where they came from, and advises nobody of a shorter way", async () => {
    const { status, stdout } = await lab.do("apply", "--yes");
    expect(unwrapped(stdout)).toContain("8 of 8 requests from client to http://172.16.10.10:80/ were answered");
    expect(status).toBe(0);
    expect(await lab.on("lb", count("OutRedirects"))).toBe("0\n");
  });

  // Whether a real server follows the advice depends on its timing and its neighbours; that it is given is certain.
  it("would advise the real servers to bypass it, which verify reports even while requests are answered", async () => {
    const flags = (value: number) =>
      ["all", "eth0"].map((name) => `echo ${value} >/proc/sys/net/ipv4/conf/${name}/send_redirects`).join("\n");
    const text = await verifyWithout(lab, "lb", flags(1), flags(0));
    expect(text).toMatch(/lb: sysctl net\.ipv4\.conf\.all\.send_redirects = 0 is not as it should be/);
    expect(text).toMatch(/lb: sysctl net\.ipv4\.conf\.eth0\.send_redirects = 0 is not as it should be/);
    expect(Number(await lab.on("lb", count("OutRedirects")))).toBeGreaterThan(0);
    expect(Number(await lab.on("rs1", count("InRedirects")))).toBeGreaterThan(0);
  });
});
