/**
 * Tunnels whose outer packets are of another address family than the requests inside, with each encapsulation. The director and
 * the real servers drop what they do not know, by both families.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dropByDefault } from "../helpers/default-drop.ts";
import { type Snapshot, snapshot, TABLES } from "../helpers/host-snapshot.ts";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import { expectDestroyed, expectNoChange, peersWhileConnected, unwrapped } from "../helpers/mode-checks.ts";
import { whoIsSilent } from "../helpers/served-page.ts";
import { emptied } from "../helpers/translation-lab.ts";

const HOSTS = ["router", "lb", "rs1", "rs2", "client"];
const REAL_SERVERS = ["rs1", "rs2"];

const ASKED = {
  "six-ipip": "[2001:db8:1::101]",
  "six-gue": "[2001:db8:1::102]",
  "six-gre": "[2001:db8:1::103]",
  "four-ipip": "192.0.2.101",
  "four-gue": "192.0.2.102",
  "four-gre": "192.0.2.103",
};

/** What is taken away on both real servers, who is silent then, and what verify says of it. */
const [noWayIn, wayIn] = emptied("filter", "INPUT", 6);
const TWINS = [
  {
    name: "sit0 up",
    take: "ip link set sit0 down",
    mend: "ip link set sit0 up",
    silent: ["six-ipip", "six-gue"],
    says: /rs1: tunnel device sit0 up differs from the topology: isUp is false/,
  },
  {
    name: "ip6tnl0 taking any packet",
    take: "ip -6 tunnel change ip6tnl0 mode ip6ip6",
    mend: "ip -6 tunnel change ip6tnl0 mode any",
    silent: ["four-ipip", "four-gue"],
    says: /rs2: tunnel device ip6tnl0 up, takes any packet differs from the topology: takes is "ipv6"/,
  },
  {
    name: "the tunnel devices of GRE up",
    take: "ip link set gre0 down; ip link set ip6gre0 down",
    mend: "ip link set gre0 up; ip link set ip6gre0 up",
    silent: ["six-gre", "four-gre"],
    says: /rs1: tunnel device ip6gre0 up differs from the topology: isUp is false/,
  },
  {
    name: "source checking off",
    take: "for one in all ip6tnl0 ip6gre0; do echo 1 >/proc/sys/net/ipv4/conf/$one/rp_filter; done",
    mend: "for one in all ip6tnl0 ip6gre0; do echo 0 >/proc/sys/net/ipv4/conf/$one/rp_filter; done",
    silent: ["four-ipip", "four-gue", "four-gre"],
    says: /rs2: sysctl net\.ipv4\.conf\.ip6tnl0\.rp_filter = 0 differs from the topology: value is "1"/,
  },
  {
    name: "the rules that let in IPv6 packets, inside tunnels and around them",
    take: noWayIn,
    mend: wayIn,
    silent: Object.keys(ASKED),
    says: /rs1: ip6tables -t filter .* -d 2001:db8:1::101\/128 -p tcp .* --dport 80 -j ACCEPT is missing/,
  },
];

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up("../test/fixtures/e2e/families.yaml", "e2e-tun-families");
  await dropByDefault(lab, ["lb", ...REAL_SERVERS], [4, 6]);
  before = await snapshot(lab, HOSTS, TABLES);
});

afterAll(() => lab?.down());

describe("tunnels between the address families", () => {
  it("carry IPv6 requests over IPv4, and IPv4 requests over IPv6, by IP in IP, GUE and GRE", async () => {
    await lab.ensureBare();
    const { status, stdout, stderr } = await lab.do("apply", "--yes");
    const text = unwrapped(stdout);
    for (const name of [...Object.keys(ASKED), "six-over-both"]) {
      expect(text, stderr).toMatch(new RegExp(`✓ ${name}: 4 of 4 requests from client`));
      expect(text).toContain(`✓ ${name}: rr: rs1 2, rs2 2`);
    }
    expect(status, stdout).toBe(0);
  });

  it("fill the director's table", async () => {
    await lab.ensureApplied();
    const table = await lab.on("lb", "ipvsadm -S -n");
    expect(table).toContain("-a -t [2001:db8:1::101]:80 -r 192.0.2.11:80 -i -w 1 --tun-type ipip\n");
    expect(table).toContain("-a -t [2001:db8:1::103]:80 -r 198.51.100.12:80 -i -w 1 --tun-type gre");
    expect(table).toContain("-a -t 192.0.2.101:80 -r [2001:db8:2::12]:80 -i -w 1 --tun-type ipip\n");
    expect(table).toContain("-a -t 192.0.2.102:80 -r [2001:db8:1::11]:80 -i -w 1 --tun-type gue --tun-port 6080");
  });

  it("are of the other family on the wire", async () => {
    await lab.ensureApplied();
    const watch = (what: string) => `timeout ${lab.seconds(8)} tcpdump -ni eth0 -c 1 ${what} 2>/dev/null`;
    const ask =
      "until [ -e /tmp/seen ]; do for one in '[2001:db8:1::101]' 192.0.2.101; do curl -s -o /dev/null --max-time 1 http://$one/ || :; done; sleep 1; done; rm /tmp/seen";
    const asking = lab.on("client", ask);
    const watching = [lab.on("rs1", watch("ip proto 41")), lab.on("rs2", watch("ip6 proto 4"))];
    const ends = await Promise.allSettled(watching);
    await lab.on("client", "touch /tmp/seen");
    await asking;
    const [six, four] = ends.map((end) => (end.status === "fulfilled" ? end.value : String(end.reason)));
    expect(six).toMatch(/IP 192\.0\.2\.5 > 192\.0\.2\.11: IP6 2001:db8:2::7\.\d+ > 2001:db8:1::101\.80: /);
    expect(four).toMatch(/IP6 2001:db8:1::5 > 2001:db8:2::12: IP 198\.51\.100\.7\.\d+ > 192\.0\.2\.101\.80: /);
  });

  it("let real servers see the client's address", async () => {
    await lab.ensureApplied();
    const addresses = Object.values(ASKED).map((address) => `${address}:80`);
    const seen = await peersWhileConnected(lab, "client", addresses, { hosts: REAL_SERVERS, port: 80 });
    expect(seen).toEqual(["198.51.100.7", "2001:db8:2::7"]);
  });

  it("apply a second time without changing anything", () => expectNoChange(lab));

  it("show no drift", async () => {
    await lab.ensureApplied();
    const { status, stdout } = await lab.do("drift");
    expect(status, stdout).toBe(0);
  });

  describe("without", () => {
    it.each(TWINS)("$name: $silent are not answered, and verify says why", async ({ take, mend, silent, says }) => {
      await lab.ensureApplied();
      for (const host of REAL_SERVERS) await lab.on(host, take);
      const quiet = await whoIsSilent(lab, "client", ASKED);
      const { status, stdout } = await lab.do("verify");
      for (const host of REAL_SERVERS) await lab.on(host, mend);
      // With a device that was down its IPv6 addresses have gone.
      const mended = await lab.do("apply", "--yes", "--no-verify");
      expect(mended.status, mended.stderr).toBe(0);
      expect([...quiet].toSorted()).toEqual(silent.toSorted());
      expect(status, stdout).toBe(3);
      expect(unwrapped(stdout)).toMatch(says);
      for (const name of silent) expect(unwrapped(stdout)).toMatch(new RegExp(`✗ ${name}: `));
      expect(await whoIsSilent(lab, "client", ASKED)).toEqual([]);
    });
  });

  it("are taken down, and every host is as it was", () => expectDestroyed(lab, before));
});
