import { describe, expect, it } from "vitest";
import { addressFamily, canonicalAddress, contains, formatCidr, networkOf, parseCidr } from "../../src/net/address.ts";

function cidr(text: string) {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(`not an address: ${text}`);
  return parsed;
}

describe("addresses", () => {
  it.each(["010.0.0.1", "10.1", "0x0a.1", "1.2.3.4 ", "fe80::1%eth0", "", "1.2.3.256", "::1::", "1.2.3.4/24"])(
    "refuses %j",
    (text) => {
      expect(addressFamily(text)).toBeUndefined();
      expect(() => canonicalAddress(text)).toThrow(RangeError);
    },
  );

  it.each([
    ["172.16.10.1", "172.16.10.1"],
    ["2001:DB8:0:0::1", "2001:db8::1"],
    ["0:0:0:0:0:0:0:0", "::"],
  ])("writes %s as %s", (text, canonical) => {
    expect(canonicalAddress(text)).toBe(canonical);
  });
});

describe("networks", () => {
  it.each(["1.2.3.4/33", "::/129", "1.2.3.4/", "1.2.3.4/08", "1.2.3.4/-1", "1.2.3.4/24/24", "/24"])(
    "refuses %j",
    (text) => {
      expect(parseCidr(text)).toBeUndefined();
    },
  );

  it.each([
    ["172.16.10.129/24", "172.16.10.0/24"],
    ["172.16.10.129/25", "172.16.10.128/25"],
    ["255.255.255.255/1", "128.0.0.0/1"],
    ["255.255.255.255/0", "0.0.0.0/0"],
    ["192.0.2.1", "192.0.2.1/32"],
    ["2001:db8:0:ff::1/56", "2001:db8::/56"],
    ["ffff::1/0", "::/0"],
    ["2001:db8::1", "2001:db8::1/128"],
  ])("%s lies in %s", (text, network) => {
    expect(formatCidr(networkOf(cidr(text)))).toBe(network);
  });

  it.each([
    ["10.0.0.0/8", "10.255.255.255", true],
    ["10.0.0.0/8", "11.0.0.0", false],
    ["10.0.0.7/8", "10.1.0.0/16", true],
    ["10.1.0.0/16", "10.0.0.0/8", false],
    ["0.0.0.0/0", "255.255.255.255", true],
    ["0.0.0.0/0", "::1", false],
    ["2001:db8::/32", "2001:db8:ffff::1", true],
    ["2001:db8::/33", "2001:db8:ffff::1", false],
  ])("%s holds %s: %s", (network, address, answer) => {
    expect(contains(cidr(network), cidr(address))).toBe(answer);
  });
});
