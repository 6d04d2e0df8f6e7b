/** Addresses and routes of somebody else's that lvsctl removes or replaces: what comes back is what was there. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type AddressState, address } from "../../src/resources/address.ts";
import { observedAfter, type State } from "../../src/resources/resource.ts";
import { route } from "../../src/resources/route.ts";
import type { RouteState } from "../../src/resources/route-state.ts";
import { everyNth, shareOf } from "../helpers/long-run.ts";
import { statesOf } from "./there-and-back.ts";
import { context, type ThrowAwayHost, throwAwayHost } from "./throw-away-host.ts";

/** iproute2, also on a host whose own `ip` is BusyBox'. */
const IP = "/usr/bin/ip";
const SET_UP = `set -e
${IP} link add eth0 type veth peer name x0
for device in eth0 x0; do ${IP} link set $device addrgenmode none up; done
echo 0 > /proc/sys/net/ipv6/conf/eth0/dad_transmits
until ${IP} -6 route show table all | grep -q "^multicast ff00::/8 dev eth0 "; do sleep 0.05; done`;
const CLEAN = `${IP} address flush dev eth0; ${IP} nexthop flush; ${IP} route flush table main; ${IP} -6 route flush 2001:db8::/32`;
const SHOWN = `while ${IP} address show dev eth0 | grep -q tentative; do sleep 0.05; done; ${IP} -o address show dev eth0`;

const ACK = { status: 0, stderr: "" };

/** Lines without lifetimes, and the lifetimes. */
function apart(shown: string) {
  const times = [...shown.matchAll(/(?:valid_lft|preferred_lft|expires) (\d+)sec/g)].map(([, time]) => Number(time));
  return {
    lines: shown
      .replaceAll(/\d+sec/g, "")
      .split("\n")
      .toSorted(),
    times,
  };
}

function expectSame(shown: string, before: string): void {
  const [now, then] = [apart(shown), apart(before)];
  expect(now.lines).toEqual(then.lines);
  expect(now.times.map((time, at) => time <= (then.times[at] ?? 0) && time > (then.times[at] ?? 0) - 60)).toEqual(
    then.times.map(() => true),
  );
}

const TOOLS = ["gnu", "busybox"] as const;

describe.each(TOOLS)("with %s tools", (tools) => {
  let host: ThrowAwayHost;
  beforeAll(async () => {
    host = await throwAwayHost(tools);
    expect(await host.run(SET_UP)).toMatchObject(ACK);
  });
  beforeEach(async () => {
    await host.run(CLEAN);
  });
  afterAll(() => host.end());

  async function run(script: string): Promise<string> {
    const { stdout, ...ended } = await host.run(script);
    expect(ended).toMatchObject(ACK);
    return stdout;
  }

  /** Adds an address as somebody else, and finds it. */
  async function foreign(added: string, wanted: State) {
    await run(`${IP} address add ${added} dev eth0`);
    const before = await run(SHOWN);
    const [desired] = statesOf(address, [wanted]);
    const observed = await host.observe(address, desired ? [desired] : []);
    const found = desired && observed.states.get(address.key(desired));
    if (!desired || !found) throw new Error(`not found: ${added}`);
    return { before, desired, found, observed };
  }

  const everywhere = [
    ["plain", "172.16.10.5/24"],
    ["alone in its network", "172.16.10.5/32"],
    ["with a broadcast address and a label", "172.16.10.5/24 brd + label eth0:1"],
    ["of another scope", "172.16.10.5/24 scope link"],
    ["of the host alone", "127.8.0.1/24"],
    ["point to point", "10.9.0.1 peer 10.9.0.2/32"],
    ["point to point, to a network", "10.9.0.1 peer 10.9.0.2/24 label eth0:p"],
    ["from DHCP", "172.16.10.5/24 brd + noprefixroute valid_lft 3600 preferred_lft 1800"],
    ["no source any more", "172.16.10.5/24 valid_lft 3600 preferred_lft 0"],
    ["plain, of IPv6", "fd00:1::5/64"],
    ["of IPv6, alone in its network", "fd00:1::5/128"],
    ["of IPv6, with an end", "fd00:1::5/64 noprefixroute valid_lft 3600 preferred_lft 1800"],
    ["of IPv6, no source soon", "fd00:1::5/64 preferred_lft 1800"],
  ] as const;
  /** What BusyBox's `ip` neither shows nor takes. */
  const withIproute2 = [
    ["with a metric", "172.16.10.5/24 metric 50 brd + label eth0:1 noprefixroute valid_lft 3600 preferred_lft 1800"],
    ["with an anycast address", "172.16.10.5/24 brd + anycast 172.16.10.9"],
    ["of IPv6, without detection", "fd00:1::5/64 nodad"],
    ["of IPv6, with all flags", "fd00:1::5/64 metric 77 nodad home mngtmpaddr valid_lft 3600 preferred_lft 1800"],
    ["of IPv6, point to point", "fd00:1::5 peer fd00:1::6/64 nodad"],
  ] as const;
  const cases = [...shareOf(everywhere, tools, TOOLS), ...(tools === "gnu" ? withIproute2 : [])];
  const wantedOf = (added: string) => {
    const [, text = "", prefix] = /^([0-9a-f.:]+)(?:\/(\d+))?/.exec(added) ?? [];
    return { address: text, device: "eth0", ...(prefix === undefined ? {} : { prefix: Number(prefix) }) };
  };

  test.each(cases)("an address %s comes back as it was", async (_name, added) => {
    const { before, found, observed } = await foreign(added, wantedOf(added));
    expect(await host.apply(address, { before: found, after: undefined }, observed)).toMatchObject(ACK);
    expect(await run(SHOWN)).toBe("");
    expect(await host.apply(address, { before: undefined, after: found }, observed)).toMatchObject(ACK);
    expectSame(await run(SHOWN), before);
  });

  test.each(cases)("an address %s that was replaced by another prefix comes back as it was", async (_name, added) => {
    const prefix = /^[0-9a-f]+:/.test(added) ? 80 : 25;
    const { before, found, desired, observed } = await foreign(added, { ...wantedOf(added), prefix });
    expect(address.diff(found, desired)).toEqual(["prefix"]);
    expect(await host.apply(address, { before: found, after: desired }, observed)).toMatchObject(ACK);
    const replaced = await run(SHOWN);
    expect(replaced).toMatch(new RegExp(`^\\d+: eth0 +inet6? [^ ]+/${prefix} .*\n$`));
    expect(replaced).not.toMatch(/ peer | metric | brd | label |\d+sec/);
    expect(await host.apply(address, { before: desired, after: found }, observed)).toMatchObject(ACK);
    expectSame(await run(SHOWN), before);
  });

  test.each(
    everyNth(
      cases.filter(([name]) => !/plain|host alone|alone in/.test(name)),
      3,
    ),
  )("an address %s comes back plain from what an older lvsctl has written of it", async (_name, added) => {
    const { before, found, observed } = await foreign(added, wantedOf(added));
    const older: AddressState = { address: found.address, prefix: found.prefix, device: found.device };
    await host.apply(address, { before: found, after: undefined }, observed);
    expect(await host.apply(address, { before: undefined, after: older }, observed)).toMatchObject(ACK);
    expect(apart(await run(SHOWN)).lines).not.toEqual(apart(before).lines);
  });

  test("an address that is to be no source, and then may be one again", async () => {
    const wanted = { address: "fd00:1::5", prefix: 64, device: "eth0", asSource: false };
    const { before, found, desired, observed } = await foreign(
      "fd00:1::5/64 noprefixroute valid_lft 3600 preferred_lft 1800",
      wanted,
    );
    expect(await host.apply(address, { before: found, after: desired }, observed)).toMatchObject(ACK);
    expect(await run(SHOWN)).toMatch(/ deprecated noprefixroute .*valid_lft forever preferred_lft 0sec/);
    expect(await host.apply(address, { before: desired, after: found }, observed)).toMatchObject(ACK);
    expectSame(await run(SHOWN), before);
  });

  test("an address whose time has run out meanwhile is there no longer, another one is", async () => {
    const { found, observed } = await foreign("172.16.10.5/24 valid_lft 3600 preferred_lft 1800", {
      ...{ address: "172.16.10.5", prefix: 24, device: "eth0" },
    });
    expect(address.isOver?.(found, observed)).toBe(false);
    const ended = (observed.detail.clock ?? 0) - 5;
    const over = { ...found, validUntil: ended, preferredUntil: ended };
    expect(address.isOver?.(over, observed)).toBe(true);
    await host.apply(address, { before: found, after: undefined }, observed);
    expect(await host.apply(address, { before: undefined, after: over }, observed)).toMatchObject(ACK);
    await run(`until [ -z "$(${IP} -o address show dev eth0)" ]; do sleep 0.1; done`);
  });

  test("an address that a DHCP client has put back keeps what the client has set", async () => {
    const { found, observed, desired } = await foreign("172.16.10.5/24 valid_lft 600 preferred_lft 600", {
      ...{ address: "172.16.10.5", prefix: 25, device: "eth0" },
    });
    await host.apply(address, { before: found, after: desired }, observed);
    await run(`${IP} address add 172.16.10.5/24 dev eth0 valid_lft 7200 preferred_lft 7200`);
    const renewed = (await run(SHOWN)).split("\n").filter((line) => line.includes("/24"));
    expect(await host.apply(address, { before: desired, after: found }, observed)).toMatchObject(ACK);
    expectSame(await run(SHOWN), `${renewed.join("\n")}\n`);
  });

  const ROUTES = `${IP} route show table main; ${IP} -6 route show 2001:db8::/32`;
  const NETWORK = `${IP} address add 172.16.10.5/24 dev eth0; ${IP} address add fd00:1::5/64 dev eth0 nodad`;
  const NEXTHOPS = `${IP} nexthop add id 5 via 172.16.10.254 dev eth0; ${IP} nexthop add id 6 via fd00:1::fe dev eth0
${IP} nexthop add id 7 dev eth0; ${IP} nexthop add id 8 via 172.16.10.253 dev eth0; ${IP} nexthop add id 10 group 5/8`;

  async function foreignRoute(to: string, added: string) {
    await run(`${NETWORK}\n${NEXTHOPS}\n${IP} route add ${to} ${added}`);
    const [desired] = statesOf(route, [{ to, via: to.includes(":") ? "fd00:1::1" : "172.16.10.1", device: "eth0" }]);
    const before = await run(ROUTES);
    const observed = await host.observe(route, desired ? [desired] : []);
    const found = desired && observed.states.get(route.key(desired));
    if (!desired || !found) throw new Error(`not found: ${to}`);
    return { before, desired, found, observed };
  }

  const [v4, v6] = ["10.8.0.0/16", "2001:db8::/32"];
  const lastingRoutes = [
    ["plain", v4, "via 172.16.10.254"],
    ["plain, of IPv6", v6, "via fd00:1::fe"],
  ] as const;
  const routes = [
    ["with an end", v6, "via fd00:1::fe dev eth0 proto static expires 600"],
    ["by a nexthop object", v4, "nhid 5 proto static"],
    ["by an object of an interface alone", v4, "nhid 7"],
    ["by an object of several hops", v4, "nhid 10 proto static"],
    ["of several hops", v4, "proto static nexthop via 172.16.10.254 weight 2 nexthop via 172.16.10.253"],
    ["by an object of IPv6, with an end", v6, "nhid 6 proto static expires 600"],
  ] as const;

  test.each([...lastingRoutes, ...(tools === "gnu" ? routes : [])])(
    "a route %s comes back as it was, after its removal and its replacement",
    async (_name, to, added) => {
      const { before, desired, found, observed } = await foreignRoute(to, added);
      expect(await host.apply(route, { before: found, after: undefined }, observed)).toMatchObject(ACK);
      expect(await run(ROUTES)).not.toContain(to);
      expect(await host.apply(route, { before: undefined, after: found }, observed)).toMatchObject(ACK);
      expectSame(await run(ROUTES), before);
      expect(await host.apply(route, { before: found, after: desired }, observed)).toMatchObject(ACK);
      expect(await run(ROUTES)).toMatch(/via (172\.16\.10|fd00:1:):?\.?1 dev eth0/);
      expect(await host.apply(route, { before: desired, after: found }, observed)).toMatchObject(ACK);
      expectSame(await run(ROUTES), before);
    },
  );

  test.each([
    ["is gone", "nhid 5", `${IP} nexthop del id 5`, `${v4} via 172.16.10.254 dev eth0`],
    [
      "leads elsewhere now",
      "nhid 5",
      `${IP} nexthop replace id 5 via 172.16.10.9 dev eth0`,
      `${v4} via 172.16.10.254 dev eth0`,
    ],
    ["of an interface is gone", "nhid 7", `${IP} nexthop del id 7`, `${v4} dev eth0 scope link`],
    [
      "of several hops is gone",
      "nhid 10",
      `${IP} nexthop del id 10`,
      `${v4} \n\tnexthop via 172.16.10.254 dev eth0 weight 1 \n\tnexthop via 172.16.10.253 dev eth0 weight 1`,
    ],
  ])("a route whose nexthop object %s comes back without it", async (_name, object, lost, expected) => {
    const { found, observed } = await foreignRoute(v4, object);
    // BusyBox cannot add a route with several hops.
    if (tools === "busybox" && object === "nhid 10") return;
    if (tools === "busybox") expect(found.nhid).toBeUndefined();
    await run(`${IP} route del ${v4} ${object}\n${lost}`);
    expect(await host.apply(route, { before: undefined, after: found }, observed)).toMatchObject(ACK);
    expect((await run(`${IP} route show ${v4}`)).replaceAll(/ +\n/g, " \n").trim()).toBe(expected);
  });

  const allRoutes = `${IP} route show table main; ${IP} -6 route show table main | grep -v fe80`;
  const proto = tools === "gnu" ? "proto static" : "";

  test.each([
    [
      "172.16.10.10/32",
      `${IP} route add ${v4} via 172.16.10.254 ${proto} src 172.16.10.10 metric 7; ${IP} route add 10.9.0.0/16 via 172.16.10.254 src 172.16.10.10`,
    ],
    ["fd00:1::10/128", `${IP} route add ${v6} via fd00:1::fe ${proto} src fd00:1::10`],
  ])("routes with %s as their source are there again when it is", async (cidr, added) => {
    const others = `${IP} route add 10.10.0.0/16 via 172.16.10.254; ${IP} route add 10.11.0.0/16 via 172.16.10.254 src 172.16.10.5`;
    await run(`set -e\n${NETWORK}\n${IP} address add ${cidr} dev eth0\n${SHOWN}\n${added}\n${others}`);
    const before = await run(allRoutes);
    const [own] = statesOf(address, [{ ...wantedOf(cidr) }]);
    if (!own) throw new Error("no state");
    const observed = await host.observe(address, [own]);
    const gone = { kind: "address", key: address.key(own), before: own, after: undefined };
    expect(await host.apply(address, gone, observed)).toMatchObject(ACK);
    expect(await run(allRoutes)).not.toContain(`src ${own.address}`);
    const later = observedAfter(address, [gone], observed);
    expect(await host.apply(address, { before: undefined, after: own }, later)).toMatchObject(ACK);
    expect(await run(allRoutes)).toBe(before);
    await run(`${IP} -6 route flush ${v6}`);
  });

  test("routes keep their IPv6 source when its prefix is replaced, and when it comes back", async () => {
    const added = `${IP} route add ${v6} via fd00:1::fe ${proto} src fd00:1::5; ${IP} route add 2001:db9::/32 via fd00:1::fe`;
    await run(`set -e\n${NETWORK}\n${added}`);
    const [desired] = statesOf(address, [{ address: "fd00:1::5", prefix: 80, device: "eth0" }]);
    const observed = await host.observe(address, desired ? [desired] : []);
    const found = desired && observed.states.get(address.key(desired));
    const shown = `${IP} -6 route show 2001:db8::/31`;
    const before = await run(shown);
    for (const change of [
      { before: found, after: desired },
      { before: desired, after: found },
    ]) {
      expect(await host.apply(address, change, observed)).toMatchObject(ACK);
      expect(await run(shown)).toBe(before);
    }
    await run(`${IP} -6 route flush ${v6}; ${IP} -6 route flush 2001:db9::/32`);
  });

  test("an address that is added or replaced touches no routes that do not suffer", async () => {
    await run(`set -e\n${NETWORK}\n${IP} route add ${v4} via 172.16.10.254 src 172.16.10.5`);
    const [own, other] = statesOf(address, [
      { address: "172.16.10.5", prefix: 25, device: "eth0" },
      { address: "172.16.10.5", prefix: 32, device: "lo" },
    ]);
    if (!own || !other) throw new Error("no state");
    const observed = await host.observe(address, [own, other]);
    expect(observed.detail.sourced).toHaveLength(1);
    const scripts = [
      { before: observed.states.get(address.key(own)), after: own },
      { before: undefined, after: other },
    ].flatMap((change) => address.commands([{ kind: "address", key: "", ...change }], observed, context));
    expect(scripts.map(({ script }) => script).join("\n")).not.toContain("ip -4 route");
  });

  test("a route whose time has run out meanwhile is over, one with time left or without an end is not", async () => {
    const { found, observed } = await foreignRoute(v6, "via fd00:1::fe dev eth0 proto static expires 600");
    const ends = (validUntil: number): RouteState => ({ ...found, validUntil });
    const clock = observed.detail ?? 0;
    expect(clock).toBeGreaterThan(1_700_000_000);
    expect([ends(clock - 1), ends(clock + 60), found].map((one) => route.isOver?.(one, observed))).toEqual([
      true,
      false,
      false,
    ]);
    await run(`${IP} route del ${v6}`);
    expect(await host.apply(route, { before: undefined, after: ends(clock + 60) }, observed)).toMatchObject(ACK);
    expect(await run(`${IP} -6 route show ${v6}`)).toMatch(tools === "gnu" ? / expires \d+sec / : /^(?!.*expires)/);
  });
});
