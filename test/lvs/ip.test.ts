import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAddresses, parseLinks } from "../../src/lvs/ip.ts";
import { parseRoutes, type Route, routeArguments } from "../../src/lvs/ip-route.ts";
import { canonicalAddress, formatCidr, networkOf } from "../../src/net/address.ts";

const ofFamily = (family: 4 | 6) => {
  const address = family === 4 ? fc.ipV4() : fc.ipV6().map(canonicalAddress);
  const network = fc
    .tuple(address, fc.integer({ min: 1, max: family === 4 ? 32 : 128 }))
    .map(([text, prefix]) => formatCidr(networkOf({ address: text, prefix, family })));
  return fc.record<Route, "family" | "to" | "type">(
    {
      family: fc.constant(family),
      to: fc.oneof(fc.constant("default"), network),
      type: fc.constantFrom("unicast", "local", "blackhole"),
      via: address,
      device: fc.constantFrom("eth0", "lo", "et.1"),
      metric: fc.integer({ min: 1, max: 1000 }),
      options: fc.constantFrom(["proto", "static"], ["src", "10.0.0.1", "mtu", "1400"], ["onlink"]),
    },
    { requiredKeys: ["family", "to", "type"] },
  );
};

describe("routes", () => {
  test.each([4, 6] as const)("what puts an IPv%s route back is read as the same route", (family) => {
    fc.assert(
      fc.property(ofFamily(family), (route) => {
        expect(parseRoutes(`${routeArguments(route, "main").join(" ")} \n`, family)).toEqual([route]);
      }),
    );
  });

  test.each(["default", "default proto static metric 5"])("all hops stay with the route %s", (route) => {
    const text = `${route} \n\tnexthop via 10.0.0.1 dev eth0 \n    nexthop via 10.0.0.2 dev eth0 \n10.9.0.0/16 dev eth1\n`;
    const hops = ["nexthop", "via", "10.0.0.1", "dev", "eth0", "nexthop", "via", "10.0.0.2", "dev", "eth0"];
    const [found, other] = parseRoutes(text, 4);
    expect(found?.options?.slice(-10)).toEqual(hops);
    expect(found).not.toHaveProperty("via");
    expect(other).toMatchObject({ to: "10.9.0.0/16", device: "eth1" });
  });

  test("a gateway of the other family", () => {
    const [route] = parseRoutes("10.0.0.0/8 via inet6 fe80::1 dev eth0 \n", 4);
    expect(route).toMatchObject({ via: "fe80::1", device: "eth0" });
    expect(route && routeArguments(route, "7").join(" ")).toBe("10.0.0.0/8 via inet6 fe80::1 dev eth0 table 7");
  });

  test.each([
    [
      "several hops after other words",
      "10.0.0.0/8 nhid 10 proto static \n\tnexthop via 10.1.0.1 dev eth0 weight 1 \n\tnexthop via 10.1.0.2 dev eth0 weight 1 ",
      {
        nhid: "10",
        options: "proto static nexthop via 10.1.0.1 dev eth0 weight 1 nexthop via 10.1.0.2 dev eth0 weight 1",
      },
    ],
    ["a nexthop object", "10.0.0.0/8 nhid 5 via 10.1.0.1 dev eth0 ", { nhid: "5", via: "10.1.0.1", device: "eth0" }],
    [
      "an end",
      "default via fe80::1 dev eth0 proto ra metric 1024 expires 1790sec pref medium",
      { via: "fe80::1", device: "eth0", validFor: 1790, options: "proto ra pref medium" },
    ],
    [
      "an end as BusyBox has it",
      "default via fe80::1 dev eth0  metric 1024  expires 0sec",
      { via: "fe80::1", device: "eth0" },
    ],
  ])("%s", (_name, line, expected) => {
    const [found] = parseRoutes(`${line}\n`, line.includes("::") ? 6 : 4);
    const { family: _, to: __, type: ___, options, ...rest } = found ?? {};
    expect({ ...rest, ...(options ? { options: options.join(" ") } : {}) }).toEqual(expected);
  });

  test("lines without a network are passed over", () => {
    expect(parseRoutes("\nError: something\nRTNETLINK answers: no\n", 4)).toEqual([]);
  });
});

describe("addresses", () => {
  test("devices with suffixes, labels and peers", () => {
    const found = parseAddresses(
      [
        "7: eth0.100@eth0: <BROADCAST> mtu 1500",
        "    link/ether 36:17:1c:81:c7:ab brd ff:ff:ff:ff:ff:ff link-netnsid 0",
        "    inet 10.9.0.1 peer 10.9.0.2/32 scope global eth0.100:1",
        "    inet6 fd00:0::5/64 scope global tentative ",
        "8: tunl0@NONE: <NOARP> mtu 1480",
        "    link/ipip 0.0.0.0 brd 0.0.0.0",
      ].join("\n"),
    );
    expect(found.devices).toEqual(["eth0.100", "tunl0"]);
    expect(found.addresses).toEqual([
      {
        ...{ address: "10.9.0.1", prefix: 32, family: 4, device: "eth0.100" },
        options: ["peer", "10.9.0.2/32", "label", "eth0.100:1"],
      },
      { address: "fd00::5", prefix: 64, family: 6, device: "eth0.100" },
    ]);
  });

  test("an address that is not to be used as a source says so", () => {
    const line = (flags: string) => `3: eth0: <UP> mtu 1500\n    inet6 fd00::10/128 scope global ${flags} \n`;
    expect(parseAddresses(line("deprecated nodad")).addresses[0]).toMatchObject({ isDeprecated: true });
    expect(parseAddresses(line("nodad")).addresses[0]).not.toHaveProperty("isDeprecated");
  });
});

describe("what `ip address add` has to be told again", () => {
  const words = (line: string, lifetimes = "forever preferred_lft forever") => {
    const text = `3: eth0: <UP> mtu 1500\n    ${line}\n       valid_lft ${lifetimes}\n`;
    const [{ options = [], validFor, preferredFor, isDeprecated } = {}] = parseAddresses(text).addresses;
    return [options.join(" "), validFor, preferredFor, isDeprecated].map((one) => one ?? "");
  };

  test.each([
    ["nothing", "inet 10.0.0.5/24 scope global eth0", ""],
    ["nothing on loopback", "inet 127.0.0.1/8 scope host eth0", ""],
    [
      "of iproute2 6.1",
      "inet 10.0.0.5/24 metric 50 brd 10.0.0.255 scope global noprefixroute eth0:1",
      "metric 50 brd 10.0.0.255 noprefixroute label eth0:1",
    ],
    [
      "of 3.10 and BusyBox",
      "inet 10.0.0.5/24 brd 10.0.0.255 scope link secondary eth0:1",
      "brd 10.0.0.255 scope link label eth0:1",
    ],
    ["an anycast address", "inet 10.0.0.5/24 any 10.0.0.9 scope global eth0", "anycast 10.0.0.9"],
    ["a peer", "inet 10.9.0.1 peer 10.9.0.2/32 scope global eth0", "peer 10.9.0.2/32"],
    ["the label of an interface that was renamed", "inet 10.0.0.5/24 scope global ens3", ""],
    [
      "of IPv6",
      "inet6 fd00::5/64 metric 77 scope global deprecated nodad home mngtmpaddr noprefixroute ",
      "metric 77 nodad home mngtmpaddr noprefixroute",
    ],
    ["who made it", "inet6 fe80::5/64 scope link proto kernel_ll ", "proto kernel_ll"],
    ["a temporary address", "inet6 fd00::5/64 scope global temporary dynamic ", ""],
    ["one that somebody else has", "inet6 fd00::5/64 scope global dadfailed tentative ", ""],
    ["flags of BusyBox", "inet6 fd00::5/64 scope global flags 112 ", "nodad"],
    ["other flags of BusyBox", "inet6 fd00::5/64 scope global flags 110 ", ""],
    ["flags of IPv4", "inet 10.0.0.5/24 scope global flags 02 eth0", ""],
  ])("%s", (_name, line, expected) => {
    expect(words(line)[0]).toBe(expected);
  });

  test.each([
    ["forever preferred_lft forever", "", "", ""],
    ["86022sec preferred_lft 3600sec", 86022, 3600, ""],
    ["86022sec preferred_lft 0sec", 86022, "", true],
    ["forever preferred_lft 10sec", "", 10, ""],
    ["forever preferred_lft 0sec", "", "", true],
  ])("valid_lft %s", (lifetimes, ...expected) => {
    expect(words("inet6 fd00::5/64 scope global ", lifetimes).slice(1)).toEqual(expected);
  });
});

describe("links", () => {
  test("are up when their flags say so, whatever their state", () => {
    const found = parseLinks(
      [
        "3: eth0@if12: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP mode DEFAULT",
        "    link/ether 02:00:00:00:03:01 brd ff:ff:ff:ff:ff:ff link-netnsid 0",
        "4: tunl0@NONE: <NOARP,UP,LOWER_UP> mtu 1480 qdisc noqueue state UNKNOWN mode DEFAULT",
        "5: gre0@NONE: <NOARP> mtu 1476 qdisc noop state DOWN mode DEFAULT",
        "6: UP0: <NO-CARRIER,BROADCAST> mtu 1500",
      ].join("\n"),
    );
    expect([...found]).toEqual([
      ["eth0", true],
      ["tunl0", true],
      ["gre0", false],
      ["UP0", false],
    ]);
  });
});
