/** Addresses, routes and sysctls on this kernel, with the tools of GNU systems and with BusyBox'. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { address } from "../../src/resources/address.ts";
import { route } from "../../src/resources/route.ts";
import { sysctl } from "../../src/resources/sysctl.ts";
import { statesOf, thereAndBack } from "./there-and-back.ts";
import { type ThrowAwayHost, throwAwayHost } from "./throw-away-host.ts";

/** iproute2, also on a host whose own `ip` is BusyBox'. */
const IP = "/usr/bin/ip";
/**
 * The kernel makes routes of its own for a device some time after it has become ready, and once more when it has found its
 * link-local address to be unique: without such an address, and with the last of these routes there, none comes later.
 */
const SET_UP = `set -e
${IP} link add eth0 type veth peer name x0
${IP} link add et.1 type veth peer name x1
for device in eth0 x0 et.1 x1; do ${IP} link set $device addrgenmode none up; done
for device in eth0 x0 et.1 x1; do
  until ${IP} -6 route show table all | grep -q "^multicast ff00::/8 dev $device "; do sleep 0.05; done
done
${IP} address add 172.16.10.5/24 dev eth0
${IP} -6 address add fd00:1::5/64 dev eth0 nodad
${IP} route add default via 172.16.10.254
${IP} route add 10.8.0.0/16 via 172.16.10.254 metric 50
${IP} -6 route add default via fd00:1::fe
echo 0 > /proc/sys/net/ipv4/conf/all/accept_redirects`;

describe.each(["gnu", "busybox"] as const)("with %s tools", (tools) => {
  let host: ThrowAwayHost;
  beforeAll(async () => {
    host = await throwAwayHost(tools);
    expect(await host.run(SET_UP)).toMatchObject({ status: 0, stderr: "" });
  });
  afterAll(() => host.end());

  test("addresses", async () => {
    const written = [
      { address: "172.16.10.10", prefix: 32, device: "lo" },
      { address: "172.16.10.10", prefix: 32, device: "eth0" },
      { address: "172.16.20.1", prefix: 24, device: "et.1" },
      { address: "fd00::10", device: "lo" },
      { address: "fd00:1::6", prefix: 64, device: "eth0" },
      ...(tools === "gnu" ? [{ address: "fd00:1::10", prefix: 128, device: "eth0" }] : []),
    ];
    await thereAndBack(host, address, written, `${IP} address show | grep inet | grep -v fe80 | sort`);
  });

  test("another prefix of an address of our own", async () => {
    expect(
      await host.run(`${IP} address add 172.16.10.11/24 dev lo; ${IP} address add fd00::11/64 dev lo
while ${IP} address show dev lo | grep -q tentative; do sleep 0.05; done`),
    ).toMatchObject({ status: 0 });
    const written = [
      { address: "172.16.10.11", prefix: 32, device: "lo" },
      { address: "fd00::11", prefix: 128, device: "lo" },
    ];
    await thereAndBack(host, address, written, `${IP} address show dev lo`);
  });

  test("an address that goes takes no other of its subnet with it", async () => {
    const written = [{ address: "172.16.30.1", prefix: 24, device: "et.1" }];
    const [state] = statesOf(address, written);
    const observed = await host.observe(address, state ? [state] : []);
    const shown = `${IP} -4 -o address show dev et.1; cat /proc/sys/net/ipv4/conf/et.1/promote_secondaries`;
    await host.run(`echo 0 >/proc/sys/net/ipv4/conf/et.1/promote_secondaries`);
    await host.apply(address, { before: undefined, after: state }, observed);
    await host.run(`${IP} address add 172.16.30.2/24 dev et.1`);
    expect(await host.apply(address, { before: state, after: undefined }, observed)).toMatchObject({ status: 0 });
    const { stdout } = await host.run(`${shown}; ${IP} address del 172.16.30.2/24 dev et.1`);
    expect(stdout).toMatch(/inet 172\.16\.30\.2\/24 /);
    expect(stdout).not.toContain("172.16.30.1/24");
    expect(stdout).toMatch(/\n0\n$/);
  });

  test("routes, the default gateway among them", async () => {
    const written = [
      { to: "default", via: "172.16.10.1" },
      { to: "10.8.0.0/16", via: "172.16.10.1", metric: 50 },
      { to: "10.9.0.0/16", via: "172.16.10.1", device: "eth0" },
      { to: "203.0.113.0/24", type: "blackhole" },
      { to: "192.0.2.0/24", type: "local", device: "lo", table: 100 },
      { to: "default", via: "fd00:1::1" },
      { to: "2001:db8::/32", via: "fd00:1::1", metric: 7 },
    ];
    await thereAndBack(host, route, written, `${IP} route show table all | sort; ${IP} -6 route show table all | sort`);
  });

  test("sysctls", async () => {
    const written = [
      { key: "net.ipv4.ip_forward", value: 1 },
      { key: "net.ipv4.conf.all.arp_ignore", value: 1 },
      { key: "net.ipv4.conf.et/1.rp_filter", value: 2 },
      { key: "net/ipv4/conf/et.1/arp_announce", value: "2" },
      { key: "net.ipv4.tcp_rmem", value: "4096 65536 4194304" },
    ];
    await thereAndBack(host, sysctl, written, "grep -r '' /proc/sys/net/ipv4 2>/dev/null | sort");
  });

  test.each([
    ["a value that the kernel refuses", { key: "net.ipv4.conf.all.arp_ignore", value: "1x" }],
    ["a parameter that does not exist", { key: "net.ipv4.vs.conntrack", value: 1 }],
  ])("%s fails and says why", async (_name, written) => {
    const [after] = statesOf(sysctl, [written]);
    if (!after) throw new Error("no state");
    const { status, stderr } = await host.apply(
      sysctl,
      { before: undefined, after },
      await host.observe(sysctl, [after]),
    );
    expect(status).toBe(1);
    expect(stderr).toContain(`${written.key}: the kernel refused ${written.value}`);
  });
});
