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

function found(stdout: string, asked: readonly string[] = []) {
  const { answered, unasked } = parseArp(new Map([["arp", { stdout, stderr: "", status: 0 }]]), asked);
  return { answered: Object.fromEntries(answered), unasked: Object.fromEntries(unasked) };
}

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
    expect(found(stdout)).toEqual({ answered: { "172.16.10.10": "02:00:00:00:00:0a" }, unasked: {} });
  });

  test("an interface that is down, that is not there, or that has no neighbours cannot ask, which is not the same as nobody", async () => {
    await host.run("/usr/bin/ip link set eth0 down");
    const { stdout } = await host.run(`${ASK} lo 172.16.10.12 eth9 172.16.10.13`);
    await host.run("/usr/bin/ip link set eth0 up");
    const unfit = "its interface is not there, or no Ethernet interface";
    const failed = expect.stringMatching(/^asking failed: .*(down|unreachable|flags|not)/i);
    expect(found(stdout)).toEqual({
      answered: {},
      unasked: {
        ...{ "172.16.10.10": failed, "172.16.10.11": failed },
        ...{ "172.16.10.12": unfit, "172.16.10.13": unfit },
      },
    });
  });

  test("an address of its own is no question", async () => {
    const { stdout } = await host.run(`${arpProbe.script}\nlvsctl_arp eth0 172.16.10.5`);
    expect(found(stdout, ["172.16.10.5"])).toEqual({ answered: {}, unasked: {} });
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

describe("without arping", () => {
  let host: ThrowAwayHost;

  /** With ip and perhaps ping, and nothing else. */
  const only = (...programs: readonly "ping"[]) => `rm -rf /run/bin; mkdir /run/bin
ln -s "$(command -v ip)" /run/bin/
for p in ${programs.join(" ")}; do ln -s "$(command -v busybox)" /run/bin/$p; done
PATH=/run/bin
`;

  beforeAll(async () => {
    host = await throwAwayHost();
    expect(await host.run(SET_UP)).toMatchObject({ status: 0 });
  });
  afterAll(() => host.end());

  test("ping asks", async () => {
    const { stdout } = await host.run(`${only("ping")}${ASK}`);
    expect(found(stdout)).toEqual({ answered: { "172.16.10.10": "02:00:00:00:00:0a" }, unasked: {} });
  });

  test("ping by an interface that is down cannot ask", async () => {
    await host.run("/usr/bin/ip link set eth0 down");
    const { stdout } = await host.run(`${only("ping")}${ASK}`);
    await host.run("/usr/bin/ip link set eth0 up");
    const why = "asking failed: ping: sendto: Network is unreachable";
    expect(found(stdout)).toEqual({ answered: {}, unasked: { "172.16.10.10": why, "172.16.10.11": why } });
  });

  test("and without ping nobody is asked", async () => {
    const { stdout } = await host.run(`${only()}${ASK}`);
    const why = "the host has neither arping nor ping";
    expect(found(stdout)).toEqual({ answered: {}, unasked: { "172.16.10.10": why, "172.16.10.11": why } });
  });

  test("what has no result at all was not asked", () => {
    const why = "the question had no result";
    expect(found("", ["172.16.10.10"])).toEqual({ answered: {}, unasked: { "172.16.10.10": why } });
  });
});
