/** Who holds an address, asked by a host that has it itself too, with each arping that a host may have. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { holdersProbe, parseHolders } from "../../src/probes/holders.ts";
import { arpingProgram, arpings } from "../helpers/arpings.ts";
import { type ThrowAwayHost, throwAwayHost } from "../resources/throw-away-host.ts";

/**
 * eth0 leads to a bridge with two other machines. Both have 172.16.10.10, one has 172.16.10.11 and fd00::11 and is a router,
 * as a director is. Nobody else has 172.16.10.5 and fd00::5, which are the host's own.
 */
const SET_UP = `set -e
mkdir -p /run/netns
for n in bridge one two; do /usr/bin/ip netns add $n; done
/usr/bin/ip -n bridge link add name sw0 type bridge
/usr/bin/ip -n bridge link set sw0 up
/usr/bin/ip link add eth0 address 02:00:00:00:00:05 type veth peer name p0 netns bridge
/usr/bin/ip -n one link add eth0 address 02:00:00:00:00:0a type veth peer name p1 netns bridge
/usr/bin/ip -n two link add eth0 address 02:00:00:00:00:0b type veth peer name p2 netns bridge
for p in p0 p1 p2; do /usr/bin/ip -n bridge link set $p master sw0 up; done
/usr/bin/ip link set eth0 up
/usr/bin/ip -n one link set eth0 up
/usr/bin/ip -n two link set eth0 up
/usr/bin/ip address add 172.16.10.5/24 dev eth0
/usr/bin/ip address add fd00::5/64 dev eth0 nodad
/usr/bin/ip -n one address add 172.16.10.10/24 dev eth0
/usr/bin/ip -n two address add 172.16.10.10/24 dev eth0
/usr/bin/ip -n one address add 172.16.10.11/24 dev eth0
/usr/bin/ip -n one address add fd00::11/64 dev eth0 nodad
/usr/bin/ip netns exec one sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'`;

const [ONE, TWO] = ["02:00:00:00:00:0a", "02:00:00:00:00:0b"];

describe.each([
  ...arpings.map((arping) => ({ name: `${arping}' arping`, tools: "gnu", arping }) as const),
  { name: "BusyBox' arping", tools: "busybox", arping: undefined } as const,
])("with $name", ({ tools, arping }) => {
  let host: ThrowAwayHost;

  beforeAll(async () => {
    host = await throwAwayHost(tools);
    expect(await host.run(SET_UP)).toMatchObject({ status: 0 });
    if (arping) await host.run(`ln -s ${arpingProgram(arping)} /usr/local/sbin/arping`);
  });
  afterAll(() => host.end());

  async function ask(...words: readonly string[]) {
    const { stdout, stderr } = await host.run(`${holdersProbe.script}\nlvsctl_holders ${words.join(" ")}`);
    return Object.fromEntries(parseHolders(new Map([["holders", { stdout, stderr, status: 0 }]])));
  }

  test("a machine that answers is found, the first one if there are two, and nobody where there is none", async () => {
    const found = await ask("eth0 172.16.10.10", "eth0 172.16.10.11", "eth0 172.16.10.12");
    const both = found["172.16.10.10"] ?? [];
    expect(both.toSorted()).toEqual(arping === "Habets" ? [ONE, TWO] : [both[0]]);
    expect([ONE, TWO]).toContain(both[0]);
    expect(found).toMatchObject({
      "172.16.10.11": [ONE],
      "172.16.10.12": [],
    });
  });

  test("the host's own address: only others count", async () => {
    expect(await ask("eth0 172.16.10.5")).toEqual({ "172.16.10.5": [] });
    await host.run("/usr/bin/ip -n two address add 172.16.10.5/24 dev eth0");
    const found = await ask("eth0 172.16.10.5");
    await host.run("/usr/bin/ip -n two address del 172.16.10.5/24 dev eth0");
    expect(found).toEqual({ "172.16.10.5": [TWO] });
  });

  test("IPv6, by NDP: the holder is found; a host cannot ask about an address of its own", async () => {
    expect(await ask("eth0 fd00::11", "eth0 fd00::5")).toEqual({ "fd00::11": [ONE] });
  });

  test("IPv6: a second holder is found, whatever the cache says, and an entry that somebody has set stays", async () => {
    await host.run("/usr/bin/ip -n two address add fd00::11/64 dev eth0 nodad");
    const both = (await ask("eth0 fd00::11"))["fd00::11"] ?? [];
    await host.run(
      `/usr/bin/ip -n two address del fd00::11/64 dev eth0
      /usr/bin/ip neigh replace fd00::11 lladdr ${TWO} dev eth0 nud permanent`,
    );
    const set = await ask("eth0 fd00::11");
    const { stdout } = await host.run("/usr/bin/ip neigh show to fd00::11 dev eth0");
    await host.run("/usr/bin/ip neigh del fd00::11 dev eth0");
    expect(tools === "busybox" ? both : both.toSorted()).toEqual(tools === "busybox" ? [both[0]] : [ONE, TWO]);
    expect(set).toEqual({ "fd00::11": [TWO] });
    expect(stdout).toContain("PERMANENT");
    expect(await ask("eth0 fd00::11")).toEqual({ "fd00::11": [ONE] });
  });

  test("IPv6: a router keeps the entry that it is using, so that no traffic turns elsewhere, and asks anew for an old one", async () => {
    const entry = async (nud: string, forwarding: string) => {
      await host.run(
        `echo ${forwarding} >/proc/sys/net/ipv6/conf/all/forwarding
        /usr/bin/ip neigh replace fd00::11 lladdr ${TWO} dev eth0 nud ${nud}`,
      );
      return (await ask("eth0 fd00::11"))["fd00::11"];
    };
    const found = [await entry("reachable", "1"), await entry("stale", "1"), await entry("reachable", "0")];
    await host.run("/usr/bin/ip neigh flush to fd00::11");
    expect(found).toEqual([[TWO], [ONE], [ONE]]);
  });

  test("an interface without neighbours cannot ask", async () => {
    expect(await ask("lo 172.16.10.10")).toEqual({});
  });

  test("nor can one that is down: that is not the same as nobody", async () => {
    await host.run("/usr/bin/ip link set eth0 down");
    const found = await ask("eth0 172.16.10.10", "eth0 172.16.10.12");
    await host.run("/usr/bin/ip link set eth0 up");
    expect(found).toEqual({});
  });
});
