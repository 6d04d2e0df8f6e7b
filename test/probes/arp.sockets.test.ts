/** Who has an address, asked by each arping that a host may have. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { arpProbe, parseArp } from "../../src/probes/arp.ts";
import { arpingProgram, arpings } from "../helpers/arpings.ts";
import { type ThrowAwayHost, throwAwayHost } from "../resources/throw-away-host.ts";

/** eth0 leads to another machine, which has 172.16.10.10; nobody has 172.16.10.11. */
const SET_UP = `set -e
mkdir -p /run/netns
/usr/bin/ip netns add other
/usr/bin/ip link add eth0 type veth peer name eth0 address 02:00:00:00:00:0a netns other
/usr/bin/ip link set eth0 up
/usr/bin/ip address add 172.16.10.5/24 dev eth0
/usr/bin/ip -n other link set eth0 up
/usr/bin/ip -n other address add 172.16.10.10/24 dev eth0
tcpdump -U -l -n -i eth0 arp >/run/arp 2>/run/tcpdump </dev/null &
until grep -q listening /run/tcpdump; do sleep 0.1; done`;

const ASK = `${arpProbe.script}\nlvsctl_arp eth0 172.16.10.10 eth0 172.16.10.11`;

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

  test("a machine that has the address is found, and nobody where there is none", async () => {
    const { stdout } = await host.run(ASK);
    expect(stdout.split("\n").filter((line) => line.startsWith("arp "))).toHaveLength(2);
    const outputs = new Map([["arp", { stdout, stderr: "", status: 0 }]]);
    expect([...parseArp(outputs)]).toEqual([["172.16.10.10", "02:00:00:00:00:0a"]]);
  });

  test("the question comes from 0.0.0.0, so that nobody learns anything from it", async () => {
    await host.run(ASK);
    const { stdout } = await host.run(
      "until grep -q 'who-has 172.16.10.11' /run/arp; do sleep 0.1; done; cat /run/arp",
    );
    const asked = stdout.split("\n").filter((line) => line.includes("Request who-has"));
    expect(asked.filter((line) => !line.includes("tell 0.0.0.0"))).toEqual([]);
  });
});

test("Habets' arping with iputils' flags would ask from the host's own address, and its answer says nothing", async () => {
  const host = await throwAwayHost();
  await host.run(SET_UP);
  const { stdout } = await host.run(`${arpingProgram("Habets")} -D -c 1 -w 1 -I eth0 172.16.10.10
until grep -q 'Reply 172.16.10.10' /run/arp; do sleep 0.1; done; cat /run/arp`);
  await host.end();
  expect(stdout).toMatch(/^!/);
  expect(stdout).toContain("who-has 172.16.10.10 tell 172.16.10.5");
});
