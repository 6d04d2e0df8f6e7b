import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { differences, type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest } from "../helpers/lab-under-test.ts";

const HOSTS = ["router", "lb", "rs1", "rs2", "client"];
const REAL_SERVERS = ["rs1", "rs2"];
const VIP = "1.65.15.145";

/**
 * Sources are checked strictly, somebody has loaded ipip already, and rs2 uses the tunnel device for something else. That
 * of rs1 has been up before: the first time makes the kernel add IPv6 settings that stay.
 */
const FOREIGN: Record<string, string> = {
  rs1: "modprobe ipip; ip link set tunl0 up; ip link set tunl0 down; echo 1 >/proc/sys/net/ipv4/conf/tunl0/rp_filter; echo 1 >/proc/sys/net/ipv4/conf/all/rp_filter",
  rs2: "modprobe ipip; ip link set tunl0 up; ip address add 192.0.2.8/32 dev tunl0",
  client: "iptables -S >/dev/null",
};

let lab: LabUnderTest;
let before: Snapshot;
let gue: string;
let gre: string;

beforeAll(async () => {
  lab = await LabUnderTest.up("tun.yaml", "e2e-tun", (text) => `${text}verify: { requests: 10, timeout: 2 }\n`);
  const withTunnel = (lines: string) => (text: string) => text.replace("mode: tun\n", `mode: tun\n${lines}\n`);
  gue = lab.variant("gue.yaml", withTunnel("    tunnel: { type: gue, port: 6080 }\n    mssClamp: 1400"));
  gre = lab.variant("gre.yaml", withTunnel("    tunnel: { type: gre }"));
  await Promise.all(
    Object.entries(FOREIGN).map(([host, script]) => lab.on(host, `${script}; iptables -t mangle -S >/dev/null`)),
  );
  before = await snapshot(lab, HOSTS);
});

afterAll(async () => {
  await lab?.down();
});

const on = (lab: LabUnderTest, file: string, command: string, ...flags: readonly string[]) =>
  lab.lvsctl(command, "--lab", ...flags, file);

/** Breaks one thing on each host at a time; verify has to fail and to name each of them; then all is mended. */
async function expectTwin(
  file: string,
  broken: Readonly<Record<string, { readonly take: string; readonly mend: string }>>,
  says: readonly RegExp[],
): Promise<void> {
  await Promise.all(Object.entries(broken).map(([host, { take }]) => lab.on(host, take)));
  const { status, stdout } = await on(lab, file, "verify");
  await Promise.all(Object.entries(broken).map(([host, { mend }]) => lab.on(host, mend)));
  expect(status).toBe(3);
  for (const text of says) expect(stdout.replaceAll(/\n {4,}/g, " ")).toMatch(text);
}

/** Opens a connection to each real server in turn and keeps both, each with half a request, while `look` looks. */
async function holdingConnections<T>(look: () => Promise<T>): Promise<T> {
  const open = `exec 3<>/dev/tcp/${VIP}/80 4<>/dev/tcp/${VIP}/80; echo "GET / HTTP/1.1" >&3; echo "GET / HTTP/1.1" >&4`;
  await lab.on(
    "client",
    `bash -c '${open}; echo $$ >/tmp/holder; exec sleep 30' >/dev/null 2>&1 &
    for i in 1 2 3 4 5 6; do [ -s /tmp/holder ] || sleep 0.3; done`,
  );
  try {
    return await look();
  } finally {
    await lab.on("client", "kill $(cat /tmp/holder); rm /tmp/holder");
  }
}

const setting = (path: string, value: number, was = 0) => ({
  take: `echo ${value} >/proc/sys/net/ipv4/conf/${path}`,
  mend: `echo ${was} >/proc/sys/net/ipv4/conf/${path}`,
});

describe("examples/tun.yaml: IP in IP, one real server behind a router", () => {
  it("applies over strict source checking, and requests alternate", async () => {
    const { status, stdout, stderr } = await lab.do("apply", "--yes");
    expect(stderr + stdout).toContain("Verified");
    expect(status).toBe(0);
    expect(stdout).toMatch(/rr: rs1 5, rs2 5/);
  });

  it("fills the director's table, and neither forwards nor tunnels there", async () => {
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
    const seen = await holdingConnections(() => Promise.all(REAL_SERVERS.map((host) => lab.on(host, "ss -Htna"))));
    for (const connections of seen)
      expect(connections).toMatch(/^[A-Z0-9-]+ +\d+ +\d+ +\S*1\.65\.15\.145\]?:80 +\S*1\.65\.15\.140\]?:\d+/m);
  });

  it("applies a second time without changing anything, in one exec a host", async () => {
    const { status, stdout, stderr } = await lab.do("apply", "--yes", "-v");
    expect(status).toBe(0);
    expect(stdout).toContain("Nothing to change on 5 hosts");
    expect(stderr).toContain("5 execs on 5 hosts");
  });

  it("fails with strict source checking, on the tunnel device or on all", async () => {
    await expectTwin(lab.file, { rs1: setting("tunl0/rp_filter", 1), rs2: setting("all/rp_filter", 1) }, [
      /✗ web: 0 of 10 requests/,
      /rs1: sysctl net\.ipv4\.conf\.tunl0\.rp_filter = 0 is not as it should be: value is "1"/,
      /rs2: sysctl net\.ipv4\.conf\.all\.rp_filter = 0 is not as it should be: value is "1"/,
    ]);
  });

  it("fails without the VIP on the tunnel device: on lo loose source checking drops what a bare device brings", async () => {
    const remove = `ip address del ${VIP}/32 dev tunl0`;
    const add = `ip address add ${VIP}/32 dev tunl0`;
    await expectTwin(
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
    await expectTwin(lab.file, { rs2: down }, [
      /✗ web: 5 of 10 requests .*(refused|Couldn't connect)/,
      /rs2: tunnel device tunl0 up is not as it should be: isUp is false/,
    ]);
  });

  it("goes past the director where a real server on its segment answers ARP", async () => {
    await expectTwin(
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
      [/✗ web: rr should give each of 2 real servers 5 ± 1/, /rs1: .*arp_ignore.* is not as it should be/],
    );
  });
});

describe("GUE with smaller segments", () => {
  const longRequest = `curl -s -o /dev/null -w '%{http_code}' --max-time 2 -H "X: $(head -c 6000 /dev/zero | tr '\\0' x)" http://${VIP}/ || true`;

  it("takes the place of IP in IP on live hosts", async () => {
    const { status, stdout, stderr } = await on(lab, gue, "apply", "--yes");
    expect(stderr + stdout).toContain("Verified");
    expect(status).toBe(0);
    const printed = await lab.on("lb", "ipvsadm -L -n --tun-info; ipvsadm -S -n");
    expect(printed).toMatch(/-> 1\.65\.16\.144:80 +Tunnel +gue:6080:-c +1 /);
    expect(printed).toContain(`-r 1.65.16.144:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-nocsum\n`);
  });

  it("tells clients to send smaller segments, so that uploads get through where ICMP does not", async () => {
    await lab.on("client", "iptables -A INPUT -p icmp --icmp-type fragmentation-needed -j DROP; ip route flush cache");
    const sockets = await holdingConnections(() => lab.on("client", `ss -Htni dst ${VIP}`));
    expect(sockets.match(/ mss:1388 /g)).toHaveLength(2);
    expect(await lab.on("client", longRequest)).toBe("200");
    for (const host of REAL_SERVERS) await lab.on(host, "iptables -t mangle -F LVSCTL-e2e-tun-OUTPUT");
    expect(await lab.on("client", longRequest)).toBe("000");
    const { status, stdout } = await on(lab, gue, "verify");
    expect(status).toBe(3);
    expect(stdout.replaceAll(/\n {4,}/g, " ")).toMatch(/rs2: iptables .*TCPMSS --set-mss 1400 is missing/);
    await lab.on("client", "iptables -D INPUT -p icmp --icmp-type fragmentation-needed -j DROP");
  });

  it("fails without the UDP port", async () => {
    const port = { take: "ip fou del port 6080", mend: "ip fou add port 6080 gue" };
    await expectTwin(gue, { rs1: port, rs2: port }, [
      /✗ web: 0 of 10 requests/,
      /rs1: GUE on UDP port 6080 is missing/,
      /rs2: GUE on UDP port 6080 is missing/,
    ]);
  });
});

describe("GRE", () => {
  it("takes the place of GUE on live hosts", async () => {
    const { status, stdout, stderr } = await on(lab, gre, "apply", "--yes");
    expect(stderr + stdout).toContain("Verified");
    expect(status).toBe(0);
    const printed = await lab.on("lb", "ipvsadm -L -n --tun-info; ipvsadm -S -n");
    expect(printed).toMatch(/-> 1\.65\.16\.144:80 +Tunnel +gre:-c +1 /);
    expect(printed).toContain(`-r 1.65.16.144:80 -i -w 1 --tun-type gre --tun-nocsum\n`);
  });

  it("fails with strict source checking, and with the device down", async () => {
    await expectTwin(
      gre,
      { rs1: setting("gre0/rp_filter", 1), rs2: { take: "ip link set gre0 down", mend: "ip link set gre0 up" } },
      [
        /✗ web: 0 of 10 requests/,
        /rs1: sysctl net\.ipv4\.conf\.gre0\.rp_filter = 0 is not as it should be: value is "1"/,
        /rs2: tunnel device gre0 up is not as it should be: isUp is false/,
      ],
    );
  });

  it("fails without the module", async () => {
    const mend = `modprobe ip_gre; ip link set gre0 up; ip address add ${VIP}/32 dev gre0; echo 0 >/proc/sys/net/ipv4/conf/gre0/rp_filter`;
    await expectTwin(gre, { rs1: { take: "rmmod ip_gre", mend }, rs2: { take: ":", mend } }, [
      /✗ web: 0 of 10 requests/,
      /rs1: kernel module ip_gre is missing/,
      /rs2: kernel module ip_gre is missing/,
    ]);
  });

  it("destroys: a module that brings somebody's tunnel stays, and every host is as it was", async () => {
    for (const host of REAL_SERVERS) await lab.on(host, "ip tunnel add others0 mode gre remote 192.0.2.1");
    const { status, stderr } = await on(lab, gre, "destroy", "--yes");
    expect(stderr).not.toMatch(/LVS-/);
    expect(status).toBe(0);
    for (const host of REAL_SERVERS) await lab.on(host, "ip tunnel del others0");
    expect(await lab.on("rs1", "rmmod ip_gre; cut -d ' ' -f 1 /proc/modules")).not.toMatch(/^(fou|ip_gre)$/m);
    expect(differences(before, await snapshot(lab, HOSTS))).toEqual([]);
  });
});
