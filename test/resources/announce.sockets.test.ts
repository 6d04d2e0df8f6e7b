/** Gratuitous ARP as it leaves the interface, by each arping that a host may have. */
import { afterEach, describe, expect, test } from "vitest";
import { gratuitousArp } from "../../src/resources/gratuitous-arp.ts";
import { arpingProgram, arpings } from "../helpers/arpings.ts";
import { statesOf } from "./there-and-back.ts";
import { type ThrowAwayHost, throwAwayHost } from "./throw-away-host.ts";

/** The interface has another address first: what is announced is the VIP, and not what comes first. */
const SET_UP = `set -e
/usr/bin/ip link add eth0 type veth peer name x0
/usr/bin/ip link set eth0 up
/usr/bin/ip link set x0 up
/usr/bin/ip address add 172.16.10.1/24 dev eth0
/usr/bin/ip address add 172.16.10.10/32 dev eth0`;
const [state] = statesOf(gratuitousArp, [{ address: "172.16.10.10", device: "eth0" }]);
const observed = { states: new Map(), detail: undefined };

let host: ThrowAwayHost;
afterEach(() => host.end());

async function announce() {
  if (!state) throw new Error("no state");
  return host.apply(gratuitousArp, { before: undefined, after: state }, observed);
}

/** The first ARP packet on the wire; the capture has begun when this returns. */
async function capture(): Promise<() => Promise<string>> {
  await host.run("tcpdump -U -l -n -c 1 -i x0 arp >/run/arp 2>/run/tcpdump </dev/null &");
  await host.run("until grep -q listening /run/tcpdump; do sleep 0.1; done");
  return async () => (await host.run("until [ -s /run/arp ]; do sleep 0.1; done; cat /run/arp")).stdout;
}

const OURS = /ARP, Request who-has 172\.16\.10\.10 .*tell 172\.16\.10\.10,/;

describe.each([
  ...arpings.map((arping) => ({ name: `${arping}' arping`, tools: "gnu", arping }) as const),
  { name: "BusyBox' arping", tools: "busybox", arping: undefined } as const,
])("with $name", ({ tools, arping }) => {
  test("one request goes out, which tells of the address", async () => {
    host = await throwAwayHost(tools);
    await host.run(SET_UP);
    if (arping) await host.run(`ln -s ${arpingProgram(arping)} /usr/local/sbin/arping`);
    const packet = await capture();
    expect(await announce()).toMatchObject({ status: 0, stderr: "" });
    expect(await packet()).toMatch(OURS);
  });
});

test("Habets' arping without -S would tell of the interface's first address", async () => {
  host = await throwAwayHost();
  await host.run(SET_UP);
  const packet = await capture();
  await host.run(`${arpingProgram("Habets")} -q -U -c 1 -I eth0 172.16.10.10`);
  expect(await packet()).not.toMatch(OURS);
});

test("nobody waits for an arping that lingers", async () => {
  host = await throwAwayHost();
  await host.run(SET_UP);
  // Only this test lets it go on; an announcement that waited for it would never end.
  await host.run(
    "mkfifo /run/go; printf '#!/bin/sh\\nread -r go </run/go; touch /run/gone\\n' >/usr/local/sbin/arping; chmod +x /usr/local/sbin/arping",
  );
  expect(await announce()).toMatchObject({ status: 0 });
  await host.run("echo >/run/go; until [ -e /run/gone ]; do sleep 0.1; done");
});

test("without any arping it says so and succeeds", async () => {
  host = await throwAwayHost();
  await host.run(`${SET_UP}
for program in arping busybox; do
  path=$(command -v $program) && mount --bind /dev/null $path
done`);
  const { status, stdout } = await announce();
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: "no arping on this host: neighbours learn of 172.16.10.10 when their ARP entries age\n",
  });
});
