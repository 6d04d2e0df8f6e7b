import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Snapshot } from "../helpers/host-snapshot.ts";
import type { LabUnderTest } from "../helpers/lab-under-test.ts";
import { isLongRun } from "../helpers/long-run.ts";
import { expectDestroyed } from "../helpers/mode-checks.ts";
import { expectTwin, holdingConnections, REAL_SERVERS, setting, upTunnels, VIP } from "../helpers/tun-lab.ts";

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  ({ lab, before } = await upTunnels("e2e-tun"));
});

afterAll(() => lab?.down());

describe("examples/tun.yaml: IP in IP, one real server behind a router", () => {
  it("applies over strict source checking, and requests alternate", async () => {
    await lab.ensureBare();
    const { status, stdout, stderr } = await lab.do("apply", "--yes");
    expect(stderr + stdout).toContain("Verified");
    expect(status, stdout).toBe(0);
    expect(stdout).toMatch(/rr: rs1 5, rs2 5/);
  });

  it("fills the director's table, and neither forwards nor tunnels there", async () => {
    await lab.ensureApplied();
    const printed = await lab.on(
      "lb",
      "ipvsadm -L -n --thresholds; ipvsadm -L -n --tun-info; ipvsadm -S -n; cat /proc/sys/net/ipv4/ip_forward; ip -br link show tunl0",
    );
    for (const address of ["1.65.15.143", "1.65.16.144"]) {
      expect(printed).toMatch(new RegExp(`-> ${address}:80 +0 +0 +`));
      expect(printed).toMatch(new RegExp(`-> ${address}:80 +Tunnel +ipip +1 `));
      expect(printed).toContain(`-a -t ${VIP}:80 -r ${address}:80 -i -w 1 --tun-type ipip\n`);
    }
    expect(printed).toContain(`-A -t ${VIP}:80 -s rr\n`);
    expect(printed).toMatch(/^0\ntunl0@NONE +DOWN /m);
  });

  it("lets real servers see the client's address, and the VIP as their own", async () => {
    await lab.ensureApplied();
    const seen = await holdingConnections(lab, () => Promise.all(REAL_SERVERS.map((host) => lab.on(host, "ss -Htna"))));
    for (const connections of seen)
      expect(connections).toMatch(/^[A-Z0-9-]+ +\d+ +\d+ +\S*1\.65\.15\.145\]?:80 +\S*1\.65\.15\.140\]?:\d+/m);
  });

  it("applies a second time without changing anything, in one exec a host", async () => {
    await lab.ensureApplied();
    const { status, stdout, stderr } = await lab.do("apply", "--yes", "-v");
    expect(status, stdout).toBe(0);
    expect(stdout).toContain("Nothing to change on 5 hosts");
    expect(stderr).toContain("Ran 5 remote commands on 5 hosts.");
  });

  it("fails with strict source checking, on the tunnel device or on all", async () => {
    await expectTwin(lab, lab.file, { rs1: setting("tunl0/rp_filter", 1), rs2: setting("all/rp_filter", 1) }, [
      /✗ web: 0 of 10 requests/,
      /rs1: sysctl net\.ipv4\.conf\.tunl0\.rp_filter = 0 differs from the topology: value is "1"/,
      /rs2: sysctl net\.ipv4\.conf\.all\.rp_filter = 0 differs from the topology: value is "1"/,
    ]);
  });

  if (isLongRun) {
    it("fails where a filter does not let in requests, on the director or out of the tunnel, or the tunnel's packets", async () => {
      const ours = `LVSCTL-${lab.name}-INPUT`;
      const without = (rule: string) => ({
        take: `iptables -D ${ours} ${rule}`,
        mend: `iptables -I ${ours} ${rule}`,
      });
      const request = `-d ${VIP}/32 -p tcp --dport 80 -j ACCEPT`;
      await expectTwin(lab, lab.file, { lb: without(request) }, [
        /✗ web: 0 of 10 requests/,
        /lb: iptables .*INPUT -d 1\.65\.15\.145\/32 .* is missing/,
      ]);
      const both = { rs1: without("-d 1.65.15.143/32 -p 4 -j ACCEPT"), rs2: without(request) };
      await expectTwin(lab, lab.file, both, [
        /✗ web: 0 of 10 requests/,
        /rs1: iptables .*INPUT -d 1\.65\.15\.143\/32 -p ipencap -j ACCEPT is missing/,
        /rs2: iptables .*INPUT -d 1\.65\.15\.145\/32 .* is missing/,
      ]);
    });

    it("fails without the VIP on the tunnel device: on lo loose source checking drops what a bare device brings", async () => {
      const remove = `ip address del ${VIP}/32 dev tunl0`;
      const add = `ip address add ${VIP}/32 dev tunl0`;
      await expectTwin(
        lab,
        lab.file,
        {
          rs1: {
            take: `${remove}; ip address add ${VIP}/32 dev lo; echo 2 >/proc/sys/net/ipv4/conf/tunl0/rp_filter`,
            mend: `ip address del ${VIP}/32 dev lo; ${add}; echo 0 >/proc/sys/net/ipv4/conf/tunl0/rp_filter`,
          },
          rs2: { take: remove, mend: add },
        },
        [
          /✗ web: 0 of 10 requests/,
          /rs1: .*1\.65\.15\.145\/32 is on lo, where lvsctl did not put it/,
          /rs1: address 1\.65\.15\.145\/32 dev tunl0 is missing/,
          /rs2: address 1\.65\.15\.145\/32 dev tunl0 is missing/,
        ],
      );
    });

    it("fails where the tunnel device is down: the client is refused", async () => {
      const down = { take: "ip link set tunl0 down", mend: "ip link set tunl0 up" };
      await expectTwin(lab, lab.file, { rs2: down }, [
        /✗ web: 5 of 10 requests .*(refused|Couldn't connect)/,
        /rs2: tunnel device tunl0 up differs from the topology: isUp is false/,
      ]);
    });

    it("goes past the director where a real server on its segment answers ARP", async () => {
      await expectTwin(
        lab,
        lab.file,
        {
          rs1: {
            take: "cd /proc/sys/net/ipv4/conf/all; echo 0 >arp_ignore; echo 0 >arp_announce",
            mend: "cd /proc/sys/net/ipv4/conf/all; echo 1 >arp_ignore; echo 2 >arp_announce",
          },
          lb: {
            take: "modprobe sch_netem; tc qdisc add dev eth0 root netem delay 300ms",
            mend: "tc qdisc del dev eth0 root",
          },
          client: { take: "ip neigh flush dev eth0", mend: "ip neigh flush dev eth0" },
        },
        [/✗ web: rr should give each of 2 real servers 5 ± 1/, /rs1: .*arp_ignore.* differs from the topology/],
      );
    });
  }

  it("destroys everything, on all hosts", () => expectDestroyed(lab, before));
});
