import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import { unwrapped, verifyWithout } from "../helpers/mode-checks.ts";
import { whoAnswers } from "../helpers/served-page.ts";

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

/** Makes a host learn the router's MAC address, and waits for it. */
const KNOW_ROUTER = `until ip neigh show 172.16.10.1 | grep -q lladdr; do
curl -s --max-time 2 http://172.16.10.1/ || :
sleep 0.2
done`;

const REAL_SERVERS = ["rs1", "rs2"];

/**
 * Each request comes in two parts. A kernel ignores advice for a connection while its program is sending on it, as it still is
 * on the lab's one processor when the advice for an answer arrives. The acknowledgement of the first part has no such program.
 */
const ASKING = `import socket, time
try:
    one = socket.create_connection(("172.16.10.10", 80), SECONDS)
except socket.timeout:
    print("unconnected")
    raise SystemExit
for _ in range(TIMES):
    one.sendall(b"GET / HTTP/1.1\\r\\n")
    time.sleep(0.5)
    one.sendall(b"Host: x\\r\\n\\r\\n")
    try:
        print("answered" if b"real server rs" in one.recv(999) else "strange", end=" ")
    except socket.timeout:
        print("silent")
        break
    time.sleep(0.5)
`;

let lab: LabUnderTest;

beforeAll(async () => {
  lab = await LabUnderTest.up("nat.yaml", "e2e-redir", () => TOPOLOGY);
});

afterAll(() => lab?.down());

describe("a director with one arm", () => {
  it("forwards replies where they came from, and advises nobody of a shorter way", async () => {
    await lab.ensureBare();
    const { status, stdout } = await lab.do("apply", "--yes");
    expect(unwrapped(stdout)).toContain("8 of 8 requests from client to http://172.16.10.10:80/ were answered");
    expect(status, stdout).toBe(0);
    expect(await lab.on("lb", count("OutRedirects"))).toBe("0\n");
  });

  it("keeps a connection on which a client asks again and again", async () => {
    await lab.ensureApplied();
    expect(await askAgain()).toBe("answered answered answered answered answered answered");
  });

  // A kernel follows the advice for a connection that is established, once it knows the other router's MAC address.
  it("would advise the real servers to bypass it, which breaks connections and outlives the mistake", async () => {
    await lab.ensureApplied();
    const flags = (value: number) =>
      ["all", "eth0"].map((name) => `echo ${value} >/proc/sys/net/ipv4/conf/${name}/send_redirects`).join("\n");
    const ways = () => Promise.all(REAL_SERVERS.map((host) => lab.on(host, "ip route get 10.0.2.253")));
    await lab.on("lb", flags(1));
    expect(await untilAdvised(ways)).toEqual(REAL_SERVERS.map(() => expect.stringMatching(/silent$/)));
    expect(Number(await lab.on("lb", count("OutRedirects")))).toBeGreaterThan(0);

    const text = await verifyWithout(lab, "lb", ":", flags(0));
    expect(text).toContain("✗ web: 0 of 8 requests");
    expect(text).toMatch(/lb: sysctl net\.ipv4\.conf\.all\.send_redirects = 0 differs from the topology/);
    expect(text).toMatch(/lb: sysctl net\.ipv4\.conf\.eth0\.send_redirects = 0 differs from the topology/);

    expect(await whoAnswers(lab, "client", ["172.16.10.10:80"])).toEqual(["-"]);
    for (const host of REAL_SERVERS) await lab.on(host, "ip route flush cache");
    for (const way of await ways()) expect(way).toMatch(/via 172\.16\.10\.5 /);
    expect(await askAgain()).toBe("answered answered answered answered answered answered");
  });
});

/**
 * Asks until each real server has followed the advice; returns what clients got whose connections broke. Advice that comes
 * while the router's MAC address is not known is lost, and after nine pieces of it the director keeps quiet until nothing has
 * been there to advise for 20 s (net.ipv4.route.redirect_number and redirect_silence).
 */
async function untilAdvised(ways: () => Promise<readonly string[]>): Promise<readonly string[]> {
  const broken: string[] = [];
  for (let tries = 0; tries < 10; tries++) {
    if ((await ways()).every((way) => /via 172\.16\.10\.1 .*<redirected>/s.test(way))) return broken;
    for (const host of REAL_SERVERS) await lab.on(host, KNOW_ROUTER);
    const got = await askAgain(20);
    if (got.endsWith("silent")) broken.push(got);
    else await lab.on("client", "sleep 25");
  }
  throw new Error(`Not every real server has followed the advice; broken: ${broken.join("; ")}`);
}

/** What a client gets that asks this often on one connection, until the first silence. */
async function askAgain(times = 6): Promise<string> {
  const script = ASKING.replace("SECONDS", String(lab.seconds(3))).replace("TIMES", String(times));
  return (await lab.on("client", `python3 - <<'END'\n${script}END`)).trim();
}
