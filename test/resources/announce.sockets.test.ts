/** Gratuitous ARP as it leaves the interface, by each arping that a host may have. */
import { afterEach, expect, test } from "vitest";
import { gratuitousArp } from "../../src/resources/gratuitous-arp.ts";
import { statesOf } from "./there-and-back.ts";
import { type ThrowAwayHost, throwAwayHost } from "./throw-away-host.ts";

const SET_UP = `set -e
/usr/bin/ip link add eth0 type veth peer name x0
/usr/bin/ip link set eth0 up
/usr/bin/ip link set x0 up
/usr/bin/ip address add 172.16.10.10/32 dev eth0`;
const [state] = statesOf(gratuitousArp, [{ address: "172.16.10.10", device: "eth0" }]);
const observed = { states: new Map(), detail: undefined };

let host: ThrowAwayHost;
afterEach(() => host.end());

async function announce() {
  if (!state) throw new Error("no state");
  const started = performance.now();
  const result = await host.apply(gratuitousArp, { before: undefined, after: state }, observed);
  return { ...result, ms: performance.now() - started };
}

/** The first ARP packet on the wire; the capture has begun when this returns. */
async function capture(): Promise<() => Promise<string>> {
  await host.run("timeout 10 tcpdump -U -l -n -c 1 -i x0 arp >/run/arp 2>/run/tcpdump </dev/null &");
  await host.run("for i in 1 2 3 4 5 6 7 8 9; do grep -q listening /run/tcpdump && break; sleep 0.2; done");
  return async () =>
    (await host.run("for i in 1 2 3 4 5 6 7 8 9; do [ -s /run/arp ] && break; sleep 0.2; done; cat /run/arp")).stdout;
}

test.each(["gnu", "busybox"] as const)("with %s tools one request goes out, and nobody waits for it", async (tools) => {
  host = await throwAwayHost(tools);
  await host.run(SET_UP);
  const packet = await capture();
  expect(await announce()).toMatchObject({ status: 0, stderr: "" });
  expect(await packet()).toMatch(/ARP, Request who-has 172\.16\.10\.10 .*tell 172\.16\.10\.10/);
});

test("iputils' second of lingering is not ours", async () => {
  host = await throwAwayHost();
  await host.run(SET_UP);
  expect((await announce()).ms).toBeLessThan(900);
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
