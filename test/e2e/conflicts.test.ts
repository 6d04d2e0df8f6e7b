/** What somebody else has in the way stops a plan and is named; what can be taken over is, and comes back at the end. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ownChain } from "../../src/resources/own-chain.ts";
import { differences, type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest, type Result, succeeded } from "../helpers/lab-under-test.ts";
import { expectNoChange, unwrapped } from "../helpers/mode-checks.ts";

const HOSTS = ["lb1", "rs1", "client"];
const NAME = "e2e-conflicts";
const CHAIN = ownChain(NAME, "PREROUTING");

/** There is an arping in one of two places. */
const HIDE_ARPING = "for p in /usr/bin/arping /usr/sbin/arping; do [ ! -e $p ] || mv $p $p.away; done";
const SHOW_ALL =
  "for p in /usr/bin/arping /usr/sbin/arping /usr/bin/busybox; do [ ! -e $p.away ] || mv $p.away $p; done; rm -f /usr/local/bin/ping";

let lab: LabUnderTest;

beforeAll(async () => {
  lab = await LabUnderTest.up("../test/fixtures/e2e/conflicts.yaml", NAME);
  await Promise.all(HOSTS.map((host) => lab.on(host, "for t in mangle filter; do iptables -t $t -S; done >/dev/null")));
});

afterAll(async () => {
  await lab?.down();
});

/** A plan's text without its breaks, and its exit status. */
async function planned(...flags: readonly string[]): Promise<{ readonly status: number; readonly text: string }> {
  const { status, stdout, stderr } = await lab.do("plan", ...flags);
  expect(stderr).not.toMatch(/LVS-(INTERNAL|FACT|CONNECT)/);
  return { status, text: unwrapped(stdout).replaceAll(/\n {2,3}/g, " ") };
}

describe("the VIP answers ARP from elsewhere", () => {
  const hardware = async (host: string) => (await lab.on(host, "cat /sys/class/net/eth0/address")).trim();

  const answering = "ip address replace 172.16.10.10/24 dev eth0";

  afterEach(async () => {
    await lab.on("client", "ip address del 172.16.10.10/24 dev eth0 2>/dev/null || :");
    await lab.on("lb1", `${SHOW_ALL}; ip neigh flush dev eth0`);
  });

  it("from a host of the topology: it is named, with its interface; nothing is changed", async () => {
    await lab.ensureBare();
    await lab.on("client", answering);
    const look =
      "ip -o address show; ip route show; cat /proc/net/ip_vs 2>/dev/null || true; ls /var/lib/lvsctl 2>&1 || true";
    const before = await lab.on("lb1", look);
    const { status, text } = await planned();
    expect(status).toBe(1);
    expect(text).toContain(
      `! lb1: address 172.16.10.10/32 dev eth0: client answers ARP requests for 172.16.10.10 already, on eth0 (${await hardware("client")}): it has the address on eth0.`,
    );
    const applied = await lab.do("apply", "--yes", "--adopt");
    expect(applied.status).toBe(1);
    expect(unwrapped(applied.stderr)).toContain("client answers ARP requests");
    expect(applied.stderr).toContain("nothing has been changed");
    expect(await lab.on("lb1", look)).toBe(before);
  });

  it.each([
    ["arping", "true"],
    ["BusyBox' arping", HIDE_ARPING],
    [
      "ping and the neighbour table",
      `${HIDE_ARPING}; mv /usr/bin/busybox /usr/bin/busybox.away; ln -s /usr/bin/busybox.away /usr/local/bin/ping`,
    ],
  ])("from a machine that nobody knows: its MAC address is said, by %s", async (_program, hide) => {
    await lab.ensureBare();
    await lab.on("client", answering);
    await lab.on("lb1", hide);
    const { status, text } = await planned("--limit", "lb1,rs1");
    expect(status).toBe(1);
    expect(text).toContain(
      `none of these hosts answers ARP requests for 172.16.10.10 already: its MAC address is ${await hardware("client")}`,
    );
  });

  it("no longer: the plan has no problem, nor for a real server that this very plan silences", async () => {
    await lab.ensureBare();
    await lab.on("rs1", "ip address add 172.16.10.10/32 dev lo");
    expect(await lab.on("lb1", "busybox arping -D -c 1 -w 1 -I eth0 172.16.10.10 || true")).toContain("reply from");
    const { status, text } = await planned();
    expect(text).not.toContain("!");
    expect(status).toBe(0);
    await lab.on("rs1", "ip address del 172.16.10.10/32 dev lo");
  });
});

describe("foreign things in the way", () => {
  /** Everything here is somebody else's, and wanted otherwise by the topology. */
  const FOREIGN: Readonly<Record<string, string>> = {
    lb1: `
      modprobe -a ip_vs ip_vs_rr ip_vs_wlc
      ipvsadm -A -t 172.16.10.10:80 -s wlc -p 60
      ipvsadm -a -t 172.16.10.10:80 -r 172.16.10.21:80 -g -w 3
      ipvsadm -a -t 172.16.10.10:80 -r 172.16.10.77:80 -g -w 0
      ipvsadm -A -t 172.16.10.5:25 -s rr
      iptables -t mangle -A POSTROUTING -s 192.0.2.8 -j ACCEPT`,
    rs1: `
      ip route replace 198.51.100.0/24 via 172.16.10.99 proto static
      ip address add 172.16.10.10/24 dev lo
      echo 1 >/proc/sys/net/ipv4/conf/all/arp_ignore`,
  };
  let before: Snapshot;
  let found: { readonly status: number; readonly text: string };
  let applied: Result;

  const chain = `iptables -t mangle -N ${CHAIN}; iptables -t mangle -A ${CHAIN} -s 192.0.2.7 -j ACCEPT`;

  /** Programs are in the way, too. */
  async function ensureBusy(): Promise<void> {
    const keepalived = "cp /bin/sleep /run/keepalived; setsid /run/keepalived 36000 </dev/null >/dev/null 2>&1 &";
    await lab.on("lb1", `pgrep -x keepalived >/dev/null || { ${keepalived}\n}`);
    const web = "setsid python3 -m http.server -d /var/empty 80 </dev/null >/dev/null 2>&1 &";
    await lab.on("rs1", `pgrep -f 'http.server [-]d' >/dev/null || { ${web}\n}`);
    await lab.on("rs1", "until ss -Hltn 'sport = :80' | grep -q 80; do sleep 0.1; done");
  }

  /** They are gone, and so is what we took over: only what was foreign is there. */
  async function ensureForeign(): Promise<void> {
    await lab.on("lb1", "pkill -x keepalived || :; rm -f /run/keepalived");
    await lab.on("rs1", "pkill -f 'http.server [-]d' || :");
    await lab.ensureBare();
    await lab.on("lb1", `iptables -t mangle -S ${CHAIN} >/dev/null 2>&1 || { ${chain}; }`);
  }

  async function ensureAdopted(): Promise<void> {
    await ensureForeign();
    const { status, stdout } = await lab.do("apply", "--yes", "--adopt");
    expect(stdout).toMatch(/\d+ to take over/);
    expect(stdout).toContain("Verified");
    expect(status, stdout).toBe(0);
  }

  beforeAll(async () => {
    await lab.ensureBare();
    for (const [host, script] of Object.entries(FOREIGN)) await lab.on(host, script);
    await lab.on("lb1", chain);
    before = await snapshot(lab, HOSTS);
    await ensureBusy();
    const busy = await snapshot(lab, HOSTS);
    found = await planned();
    applied = await lab.do("apply", "--yes");
    expect(differences(busy, await snapshot(lab, HOSTS))).toEqual([]);
  });

  it.each([
    [
      "a program that manages the table",
      /! lb1: IPVS table: keepalived \(process \d+\) runs here, and the table holds tcp 172\.16\.10\.5:25/,
    ],
    [
      "a service of other settings",
      /! lb1: IPVS service tcp 172\.16\.10\.10:80 \(rr\): The service .* \(wlc, persistent 60 s\), and lvsctl did not make it.*--adopt/,
    ],
    [
      "a real server of another weight",
      /! lb1: real server .*172\.16\.10\.21:80.* exists with other settings \(weight\).*--adopt/,
    ],
    [
      "a chain of our name",
      /! lb1: iptables -t mangle .* There is a chain LVSCTL-e2e_.* It holds -s 192\.0\.2\.7\/32 -j ACCEPT.*--adopt/,
    ],
    [
      "a route",
      /! rs1: route 198\.51\.100\.0\/24 via 172\.16\.10\.5: The host already has another route to it, added by the network configuration: route 198\.51\.100\.0\/24 via 172\.16\.10\.99 dev eth0\..*--adopt/,
    ],
    [
      "an address of another prefix",
      /! rs1: address 172\.16\.10\.10\/32 dev lo: lo has 172\.16\.10\.10\/24, which lvsctl did not make.*--adopt/,
    ],
    ["a web server", /! rs1: web server on port 80 .* Port 80 is taken by python3/],
  ])("%s stops the plan and is named", (_what, text) => {
    expect(
      found.text
        .split("! ")
        .map((part) => `! ${part}`)
        .filter((part) => text.test(part)),
    ).toHaveLength(1);
  });

  it("the plan says so by its exit status, and apply changes nothing", () => {
    expect(found.status).toBe(1);
    expect(applied.status).toBe(1);
    expect(applied.stderr).toContain("nothing has been changed");
  });

  it("what cannot be taken over stops it with --adopt as well", async () => {
    await ensureForeign();
    await ensureBusy();
    const { status, text } = await planned("--adopt");
    expect(status).toBe(1);
    expect(text).toContain("keepalived (process");
    expect(text).toContain("Port 80 is taken by python3");
    expect(text).not.toContain("There is a chain");
    await ensureForeign();
    expect((await planned()).status).toBe(1);
  });

  it("--adopt takes the rest over: it is applied, verified, and found as it should be a second time", async () => {
    await ensureAdopted();
    expect(await lab.on("lb1", "ipvsadm -S -n")).toBe(
      [
        "-A -t 172.16.10.5:25 -s rr",
        "-A -t 172.16.10.10:80 -s rr",
        "-a -t 172.16.10.10:80 -r 172.16.10.21:80 -g -w 1",
        "-a -t 172.16.10.10:80 -r 172.16.10.77:80 -g -w 0",
        "",
      ].join("\n"),
    );
    await expectNoChange(lab);
    await succeeded(lab.do("plan", "--adopt", "--detailed-exitcode"));
  });

  it("destroy gives it back as it was; only the chain of our name goes", async () => {
    if ((await planned("--adopt", "--detailed-exitcode")).status !== 0) await ensureAdopted();
    const { status, stderr } = await lab.do("destroy", "--yes");
    expect(stderr).not.toMatch(/LVS-/);
    expect(status, stderr).toBe(0);
    expect(differences(before, await snapshot(lab, HOSTS))).toEqual([
      `lb1: - :${CHAIN} - `,
      `lb1: - -A ${CHAIN} -s 192.0.2.7/32 -j ACCEPT`,
    ]);
  });
});
