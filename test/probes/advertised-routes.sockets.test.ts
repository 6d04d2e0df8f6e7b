/** What this kernel does with default routes by advertisements when it is to forward, and whether we know which ones go. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sysctl } from "../../src/resources/sysctl.ts";
import { statesOf } from "../resources/there-and-back.ts";
import { type ThrowAwayHost, throwAwayHost } from "../resources/throw-away-host.ts";

/** A router at fe80::1 on eth0, which says so by `router` whenever it is asked to; eth1 leads to nobody. */
const SET_UP = `set -e
mkdir -p /run/netns
/usr/bin/ip netns add router
/usr/bin/ip link add eth0 type veth peer name x0 netns router
/usr/bin/ip link add eth1 type veth peer name x1
echo 0 >/proc/sys/net/ipv6/conf/eth0/router_solicitations
echo 0 >/proc/sys/net/ipv6/conf/eth0/accept_dad
/usr/bin/ip -n router link set x0 addrgenmode none up
/usr/bin/ip -n router address add fe80::1/64 dev x0 nodad
/usr/bin/ip link set eth0 up
/usr/bin/ip link set eth1 up
cat >/run/router.py <<'END'
import socket, struct
place = ("ff02::1", 9, 0, socket.if_nametoindex("x0"))
out = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
out.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
prefix = struct.pack("!BBBBIII", 3, 4, 64, 0xC0, 7200, 3600, 0) + socket.inet_pton(socket.AF_INET6, "2001:db8:1::")
advertisement = struct.pack("!BBHBBHII", 134, 0, 0, 64, 0, 1800, 0, 0) + prefix
out.sendto(advertisement, ("ff02::1", 0, 0, place[3]))
socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendto(b"behind it", place)
END
cat >/run/advertise.py <<'END'
import socket, subprocess
behind = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
behind.bind(("::", 9))
behind.settimeout(0.5)
heard = False
while not heard:
    subprocess.run(["/usr/bin/ip", "netns", "exec", "router", "python3", "/run/router.py"], check=True)
    try:
        heard = behind.recv(100) != b""
    except socket.timeout:
        pass
END`;
/** The next advertisement; the host has handled it when a datagram behind it has come. A link that is new may lose both. */
const ADVERTISE = "python3 /run/advertise.py";
const DEFAULTS = "/usr/bin/ip -6 route show default | sed 's/ metric .*//'";
const ROUTE = "default via fe80::1 dev eth0 proto ra\n";
const ACK = { status: 0, stderr: "" };

const [SWITCH] = statesOf(sysctl, [{ key: "net.ipv6.conf.all.forwarding", value: 1 }]);

describe.each(["gnu", "busybox"] as const)("with %s tools", (tools) => {
  let host: ThrowAwayHost;
  beforeEach(async () => {
    host = await throwAwayHost(tools);
    expect(await host.run(SET_UP)).toMatchObject(ACK);
    await run(`until /usr/bin/ip -6 route show default | grep -q .; do ${ADVERTISE}; done`);
    expect(await run(DEFAULTS)).toBe(ROUTE);
  });
  afterEach(() => host.end());

  async function run(script: string): Promise<string> {
    const { stdout, ...ended } = await host.run(script);
    expect(ended).toMatchObject(ACK);
    return stdout;
  }

  async function warnings() {
    const states = SWITCH ? [SWITCH] : [];
    const observed = await host.observe(sysctl, states);
    const network = { addresses: [], routes: [], marks: [], silent: [] };
    return states.flatMap(
      (state) => sysctl.caveats?.(state, observed, { states, network, isBroughtBack: false }) ?? [],
    );
  }

  const set = (key: string, value: number) => `echo ${value} >/proc/sys/net/ipv6/conf/${key}`;

  test("the route goes, and comes back with the first advertisement after forwarding has ended", async () => {
    expect(await warnings()).toEqual([
      expect.objectContaining({ message: expect.stringContaining("default route via fe80::1 dev eth0,") }),
    ]);
    await run(set("all/forwarding", 1));
    expect(await run(DEFAULTS)).toBe("");
    await run(ADVERTISE);
    expect(await run(DEFAULTS)).toBe("");
    await run(set("all/forwarding", 0));
    expect(await run(DEFAULTS)).toBe("");
    await run(ADVERTISE);
    expect(await run(DEFAULTS)).toBe(ROUTE);
  });

  test.each([
    ["accept_ra 2 there", "eth0/accept_ra", 2, true],
    ["accept_ra 2 under all", "all/accept_ra", 2, false],
    ["accept_ra 2 elsewhere", "eth1/accept_ra", 2, false],
    ["accept_ra 0 there", "eth0/accept_ra", 0, false],
  ])("with %s", async (_what, key, value, stays) => {
    await run(set(key, value));
    expect(await warnings()).toHaveLength(stays ? 0 : 1);
    await run(set("all/forwarding", 1));
    expect(await run(DEFAULTS)).toBe(stays ? ROUTE : "");
  });

  test("forwarding on another interface makes it go, too, and the next advertisement is heard", async () => {
    await run(set("default/forwarding", 1));
    expect(await run(DEFAULTS)).toBe(ROUTE);
    await run(set("eth1/forwarding", 1));
    expect(await run(DEFAULTS)).toBe("");
    await run(ADVERTISE);
    expect(await run(DEFAULTS)).toBe(ROUTE);
  });

  test("a network manager's route is not the kernel's: it stays, and nobody is warned", async () => {
    await run("/usr/bin/ip -6 route flush default; /usr/bin/ip -6 route add default via fe80::1 dev eth0 proto ra");
    expect(await warnings()).toEqual([]);
    await run(set("all/forwarding", 1));
    expect(await run(DEFAULTS)).toBe(ROUTE);
  });
});
