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

  test("a gateway of the other family", () => {
    const [route] = parseRoutes("10.0.0.0/8 via inet6 fe80::1 dev eth0 \n", 4);
    expect(route).toMatchObject({ via: "fe80::1", device: "eth0" });
    expect(route && routeArguments(route, "7").join(" ")).toBe("10.0.0.0/8 via inet6 fe80::1 dev eth0 table 7");
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
      { address: "10.9.0.1", prefix: 32, family: 4, device: "eth0.100" },
      { address: "fd00::5", prefix: 64, family: 6, device: "eth0.100" },
    ]);
  });

  test("an address that is not to be used as a source says so", () => {
    const line = (flags: string) => `3: eth0: <UP> mtu 1500\n    inet6 fd00::10/128 scope global ${flags} \n`;
    expect(parseAddresses(line("deprecated nodad")).addresses[0]).toMatchObject({ isDeprecated: true });
    expect(parseAddresses(line("nodad")).addresses[0]).not.toHaveProperty("isDeprecated");
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
