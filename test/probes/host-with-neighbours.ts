/** A host with neighbours on its network, which asks them who has an address. */
import { holdersProbe, parseHolders } from "../../src/probes/holders.ts";
import { type ThrowAwayHost, type Tools, throwAwayHost } from "../resources/throw-away-host.ts";

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

/** The hardware addresses of the two. */
export const [ONE, TWO] = ["02:00:00:00:00:0a", "02:00:00:00:00:0b"] as const;

/** The host, with these two on its network. Whoever makes it ends it. */
export async function hostWithNeighbours(tools: Tools): Promise<ThrowAwayHost> {
  const host = await throwAwayHost(tools);
  const { status, stderr } = await host.run(SET_UP);
  if (status !== 0) throw new Error(stderr);
  return host;
}

/** Who answers the host, by the address; each question is `DEVICE ADDRESS`. */
export async function askFrom(host: ThrowAwayHost, questions: readonly string[]) {
  const { stdout, stderr } = await host.run(`${holdersProbe.script}\nlvsctl_holders ${questions.join(" ")}`);
  return Object.fromEntries(parseHolders(new Map([["holders", { stdout, stderr, status: 0 }]])));
}
