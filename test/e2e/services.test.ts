/** Every option of a service that shows in traffic or in the director's table, in one installation by direct routing. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { differences, type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import { realServersOf, whoAnswers } from "../helpers/served-page.ts";

const HOSTS = ["fw", "lb", "rs1", "rs2", "client", "inside"];

const ASK_BY_UDP = `python3 - <<'END'
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 7777))
for i in range(4):
    s.sendto(b"x", ("172.16.10.12", 514))
    print(s.recvfrom(99)[0].decode().split()[-1])
END`;

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up("../test/fixtures/e2e/services.yaml", "e2e-services");
  await Promise.all(
    HOSTS.map((host) =>
      lab.on(host, "for t in filter nat mangle; do iptables -t $t -S; ip6tables -t $t -S; done >/dev/null"),
    ),
  );
  before = await snapshot(lab, HOSTS);
});

afterAll(async () => {
  await lab?.down();
});

describe("one installation with every kind of service", () => {
  it("names a scheduler that the kernel lacks before anything is changed", async () => {
    await lab.ensureBare();
    const file = lab.variant("twos.yaml", (text) => text.replace("scheduler: wrr", "scheduler: twos"));
    const { status, stderr, stdout } = await lab.lvsctl("apply", "--lab", "--yes", file);
    expect(status).toBe(1);
    const text = unwrapped(stderr + stdout);
    expect(text).toMatch(/lb: .*ip_vs_twos/);
    expect(text).toMatch(/ip_vs_twos is not loaded, and the kernel 6\.\S+ has none of that name/);
    expect(text).toMatch(/choose another scheduler/);
    expect(differences(new Map([["lb", before.get("lb") ?? ""]]), await snapshot(lab, ["lb"]))).toEqual([]);
  });

  it("applies, and weights, flags, persistence and IPv6 show in the distribution", async () => {
    await lab.ensureBare();
    const { status, stdout } = await lab.do("apply", "--yes");
    expect(stdout).toContain("Verified");
    expect(status, stdout).toBe(0);
    const text = unwrapped(stdout);
    expect(text).toContain("web: wrr: rs1 6, rs2 2");
    expect(text).toMatch(/shop: sh: (rs1 8, rs2 0|rs1 0, rs2 8)/);
    expect(text).toContain("v6: rr: rs1 4, rs2 4");
    expect(text).toContain("signal: rr: rs1 4, rs2 4");
    expect(text).toContain("✓ logs: 8 of 8 requests from client to udp 172.16.10.12:514 were answered");
    for (const name of ["lc", "wlc", "fo", "ovf", "lblc", "lblcr", "dh", "mh", "sed", "nq"])
      expect(text).toMatch(new RegExp(`✓ ${name}: 8 of 8 requests from client to udp`));
    expect(text).toContain("8 of 8 requests from inside to http://10.0.2.1:80/");
  });

  it("fills the director's table as the topology says", async () => {
    await lab.ensureApplied();
    expect(await lab.on("lb", "ipvsadm -S -n")).toBe(expected("services.save.txt"));
    expect(withoutCounters(await lab.on("lb", "ipvsadm -L -n"))).toBe(expected("services.list.txt"));
    expect(withoutCounters(await lab.on("lb", "ipvsadm -L -n --thresholds"))).toBe(expected("services.thresholds.txt"));
  });

  it("applies a second time without changing anything", async () => {
    await lab.ensureApplied();
    const { status, stdout } = await lab.do("apply", "--yes");
    expect(status, stdout).toBe(0);
    expect(stdout).toContain("Nothing to change on 6 hosts");
  });

  it("names a real server that answers for the IPv6 VIP too, as a host beside them sees it by NDP", async () => {
    await lab.ensureApplied();
    const alone = await lab.do("drift");
    expect(alone.status, alone.stdout).toBe(0);
    expect(alone.stdout).not.toContain("2001:db8:10::10");

    await lab.on("rs1", "ip address add 2001:db8:10::10/128 dev eth0 nodad");
    const drift = await lab.do("drift");
    const verify = await lab.do("verify");
    await lab.on("rs1", "ip address del 2001:db8:10::10/128 dev eth0");
    const said = /rs1 \(on eth0, [0-9a-f:]+\) answers for 2001:db8:10::10 too \(asked by inside\)/;
    expect(drift.status, drift.stdout).toBe(2);
    expect(unwrapped(drift.stdout)).toMatch(said);
    expect(verify.status, verify.stdout).toBe(3);
    expect(unwrapped(verify.stdout)).toMatch(said);
  });

  it("sends any address and port with the mark to the real servers, and no other", async () => {
    await lab.ensureApplied();
    const marked = ["172.16.11.7:80", "172.16.11.9:80", "172.16.11.200:8443", "172.16.11.200:8443"];
    const answers = await realServersOf(lab, "many", "client", marked);
    expect(answers.toSorted()).toEqual(["rs1", "rs1", "rs2", "rs2"]);
    expect(await whoAnswers(lab, "client", ["172.16.11.7:8080", "172.16.11.7:443"])).toEqual(["-", "-"]);
  });

  it("keeps a client with one real server on every port of a service for all ports", async () => {
    await lab.ensureApplied();
    const asked = ["172.16.10.13:80", "172.16.10.13:8443", "172.16.10.13:80"];
    const answers = await realServersOf(lab, "all", "client", asked);
    expect(new Set(answers).size).toBe(1);
  });

  it("schedules each UDP packet by itself, from one port to one port", async () => {
    await lab.ensureApplied();
    const names = (await lab.on("client", ASK_BY_UDP)).trim().split("\n");
    expect(names.slice(0, 2).sort()).toEqual(["rs1", "rs2"]);
    expect(names.slice(2)).toEqual(names.slice(0, 2));
  });

  it("shows the client's address to the real server, and the firewall's to one inside", async () => {
    await lab.ensureApplied();
    await Promise.all(["client", "inside"].map((host) => whoAnswers(lab, host, ["10.0.2.1:80"])));
    const remembered = `ss -Htna '( sport = :80 )' | awk '$1 != "LISTEN" && $4 ~ /172.16.10.10/ { print $5 }'`;
    const peers = await Promise.all(["rs1", "rs2"].map((host) => lab.on(host, remembered)));
    const addresses = peers.join("").match(/\d+\.\d+\.\d+\.\d+/g);
    expect(new Set(addresses)).toEqual(new Set(["10.0.2.253", "172.16.10.1"]));
  });

  it("sets what a host asks for itself", async () => {
    await lab.ensureApplied();
    expect(await lab.on("rs1", "cat /proc/sys/net/core/somaxconn")).toBe("1024\n");
    expect(await lab.on("fw", "ip route show 172.16.11.0/24")).toContain("via 172.16.10.5");
  });

  describe("without one of its parts", () => {
    const twins = [
      {
        name: "hairpin on the firewall",
        host: "fw",
        take: "iptables -t nat -F $(iptables -t nat -S | sed -n 's/^-N \\(LVSCTL.*-POSTROUTING\\)$/\\1/p')",
        from: "inside",
        ask: "10.0.2.1:80",
        says: /fw: iptables -t nat .*MASQUERADE is missing/,
      },
      {
        name: "the marks on the director",
        host: "lb",
        take: "iptables -t mangle -F $(iptables -t mangle -S | sed -n 's/^-N \\(LVSCTL.*-PREROUTING\\)$/\\1/p')",
        from: "client",
        ask: "172.16.11.7:80",
        says: /lb: iptables -t mangle .*--dport 80 -j MARK .* is missing/,
      },
      {
        name: "the IPv6 service's VIP on the director",
        host: "lb",
        take: "ip address del 2001:db8:10::10/128 dev eth0",
        from: "client",
        ask: "[2001:db8:10::10]:80",
        says: /lb: address 2001:db8:10::10\/128 dev eth0 is missing/,
      },
    ];

    it("the marked addresses: nobody answers without their local route, on the director or the real server", async () => {
      const route = "172.16.11.0/24 dev lo table local";
      const ask = () => whoAnswers(lab, "client", ["172.16.11.7:80", "172.16.11.7:80"]);
      await lab.ensureApplied();
      await lab.on("lb", `ip route del local ${route}`);
      expect(await ask()).toEqual(["-", "-"]);
      await lab.on("lb", `ip route add local ${route}`);
      await lab.on("rs1", `ip route del local ${route}`);
      expect((await ask()).toSorted()).toEqual(["-", "rs2"]);
      await lab.on("rs1", `ip route add local ${route}`);
    });

    it.each(twins)("$name: nobody answers", async ({ host, take, from, ask }) => {
      await lab.ensureApplied();
      expect(await whoAnswers(lab, from, [ask])).not.toEqual(["-"]);
      await lab.on(host, take);
      expect(await whoAnswers(lab, from, [ask])).toEqual(["-"]);
      lab.forgetState();
    });

    it("verify names each of them, and the threshold that somebody took away", async () => {
      await lab.ensureApplied();
      for (const { host, take } of twins) await lab.on(host, take);
      await lab.on("rs1", "ip route del local 172.16.11.0/24 dev lo table local");
      await lab.on("lb", "ipvsadm -e -t 172.16.10.10:80 -r 172.16.10.21 -g -w 3");
      lab.forgetState();
      const { status, stdout } = await lab.do("verify");
      expect(status, stdout).toBe(3);
      const text = unwrapped(stdout);
      for (const { says } of twins) expect(text).toMatch(says);
      expect(text).toMatch(/lb: real server .*172\.16\.10\.21:80 .*upperThreshold is 0, lowerThreshold is 0/);
      expect(text).toMatch(/rs1: route local 172\.16\.11\.0\/24 .* is missing/);
    });
  });

  it("destroys, and leaves every host as it was", async () => {
    await lab.ensureApplied();
    const { status, stderr } = await lab.do("destroy", "--yes");
    expect(stderr).not.toMatch(/LVS-/);
    expect(status, stderr).toBe(0);
    // Once loaded, sctp is in use by its own sockets, one a network namespace; the kernel never unloads it.
    const left = differences(before, await snapshot(lab, HOSTS)).filter(
      (line) => !line.includes("/proc/sys/net/sctp/"),
    );
    expect(left).toEqual([]);
  });
});

function expected(file: string): string {
  return readFileSync(new URL(`../fixtures/e2e/${file}`, import.meta.url), "utf8");
}

/** A listing without its first line, which is the kernel's, and without the numbers of connections. */
function withoutCounters(text: string): string {
  return text.replace(/^.*\n/, "").replaceAll(/ +\d+ +\d+ *$/gm, "");
}

/** Text as it was before it was broken into lines. */
function unwrapped(text: string): string {
  return text.replaceAll(/\n {2,}/g, " ");
}
