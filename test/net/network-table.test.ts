import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cidr, contains, formatCidr, networkOf, parseCidr } from "../../src/net/address.ts";
import { NetworkTable } from "../../src/net/network-table.ts";

function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(`not an address: ${text}`);
  return parsed;
}

function table(...networks: string[]): NetworkTable<string> {
  return new NetworkTable(networks.map((text) => [cidr(text), text]));
}

const octet = fc.integer({ min: 0, max: 255 });
const anyCidr = fc
  .tuple(fc.constantFrom("10", "172"), octet, fc.constantFrom("0", "1"), octet, fc.integer({ min: 0, max: 32 }))
  .map(([a, b, c, d, prefix]) => `${a}.${b}.${c}.${d}/${prefix}`);

describe("a table of networks", () => {
  const networks = table("10.0.0.0/8", "10.1.0.0/16", "10.1.2.3/24", "10.1.2.0/24", "0.0.0.0/0", "2001:db8::/32");

  it.each([
    ["10.1.2.200", ["10.1.2.3/24", "10.1.0.0/16", "10.0.0.0/8", "0.0.0.0/0"]],
    ["10.1.0.0/16", ["10.1.0.0/16", "10.0.0.0/8", "0.0.0.0/0"]],
    ["192.0.2.1", ["0.0.0.0/0"]],
    ["2001:db8::1", ["2001:db8::/32"]],
    ["2001:db9::1", []],
  ])("finds what holds %s", (address, found) => {
    expect([...networks.holding(cidr(address))]).toEqual(found);
    expect(networks.smallest(cidr(address))).toBe(found[0]);
  });

  it("finds what looking at each network finds", () => {
    fc.assert(
      fc.property(fc.array(anyCidr, { maxLength: 20 }), anyCidr, (all, address) => {
        const distinct = [...new Map(all.map((text) => [formatCidr(networkOf(cidr(text))), text])).values()];
        const expected = distinct
          .filter((text) => contains(cidr(text), cidr(address)))
          .toSorted((one, other) => cidr(other).prefix - cidr(one).prefix);
        expect([...table(...distinct).holding(cidr(address))]).toEqual(expected);
      }),
    );
  });
});
