import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import {
  fingerprint,
  formatKnownHost,
  hostKeyType,
  knownHostName,
  matchesHost,
  parseKnownHosts,
} from "../../src/transport/known-hosts.ts";

/** A public key of a type: its name and 32 bytes, as RFC 8709 has it. */
function key(fill: number, type = "ssh-ed25519"): Buffer {
  const name = Buffer.from(type);
  const parts = [Buffer.alloc(4), name, Buffer.from([0, 0, 0, 32]), Buffer.alloc(32, fill)];
  parts[0]?.writeUInt32BE(name.length);
  return Buffer.concat(parts);
}

const text = (fill: number) => `ssh-ed25519 ${key(fill).toString("base64")}`;

describe("parseKnownHosts", () => {
  it("reads names, markers and keys, and counts lines", () => {
    const file = ["# comment", "", `a,b ${text(1)} note`, `@revoked * ${text(2)}`, `  @cert-authority *.x ${text(3)}`];
    expect(parseKnownHosts(file.join("\n"), "/kh")).toEqual([
      { file: "/kh", line: 3, names: "a,b", keyType: "ssh-ed25519", key: key(1) },
      { file: "/kh", line: 4, names: "*", keyType: "ssh-ed25519", key: key(2), marker: "revoked" },
      { file: "/kh", line: 5, names: "*.x", keyType: "ssh-ed25519", key: key(3), marker: "cert-authority" },
    ]);
  });

  test.each([
    "a",
    "a ssh-ed25519",
    "a ssh-ed25519 !!!!",
    `a ssh-rsa ${key(1).toString("base64")}`,
    `@unknown a ${text(1)}`,
    "a 1024 35 123456789",
    "\0\0\0",
  ])("passes over %j", (line) => {
    expect(parseKnownHosts(line, "f")).toEqual([]);
  });

  it("takes any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (any) => {
        expect(parseKnownHosts(any, "f")).toBeInstanceOf(Array);
      }),
    );
  });
});

describe("matchesHost", () => {
  const cases: readonly (readonly [names: string, host: string, matches: boolean])[] = [
    ["fw1", "fw1", true],
    ["fw1", "fw11", false],
    ["FW1", "fw1", true],
    ["a,fw1,b", "fw1", true],
    ["rs?", "rs1", true],
    ["rs?", "rs10", false],
    ["*.example.org", "rs1.example.org", true],
    ["*.example.org", "example.org", false],
    ["*,!fw1", "fw1", false],
    ["!fw1,*", "fw1", false],
    ["!fw1", "rs1", false],
    ["*", "anything", true],
    ["10.0.0.*", "10.0.0.1", true],
    ["10.0.0.1", "10x0y0z1", false],
    ["[fw1]:2222", "[fw1]:2222", true],
    ["[fw1]:2222", "fw1", false],
    ["fw1", "[fw1]:2222", false],
    ["[*]:2222", "[fw1]:2222", true],
    ["[fd00::1]:2222", "[fd00::1]:2222", true],
    ["(a|b)+", "a", false],
    ["|1|bad", "fw1", false],
    ["|1||", "fw1", false],
  ];
  test.each(cases)("%s and %s: %s", (names, host, matches) => {
    expect(matchesHost({ file: "f", line: 1, names, keyType: "x", key: Buffer.alloc(0) }, host)).toBe(matches);
  });

  it("comes to an end with hostile patterns, which a matcher that goes back to every star would not", () => {
    const names = `${"*a".repeat(30)}${"*".repeat(1_000)}b`;
    expect(matchesHost({ file: "f", line: 1, names, keyType: "x", key: Buffer.alloc(0) }, "a".repeat(60))).toBe(false);
  });
});

describe("formatKnownHost", () => {
  it("writes what is read back, hashed or not", () => {
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,20}$/);
    fc.assert(
      fc.property(name, fc.integer({ min: 1, max: 65_535 }), fc.boolean(), (host, port, isHashed) => {
        const known = knownHostName(host, port);
        const line = formatKnownHost(known, key(7), isHashed ? Buffer.alloc(20, 9) : undefined);
        const [parsed, ...more] = parseKnownHosts(line, "f");
        expect(more).toEqual([]);
        expect(parsed).toMatchObject({ keyType: "ssh-ed25519", key: key(7) });
        expect(parsed && matchesHost(parsed, known)).toBe(true);
        expect(parsed && matchesHost(parsed, `${known}x`)).toBe(false);
        expect(line.includes(host) && isHashed && host.length > 8).toBe(false);
      }),
    );
  });
});

describe("names and keys", () => {
  it("names hosts as known_hosts does", () => {
    expect(knownHostName("FW1", 22)).toBe("fw1");
    expect(knownHostName("fw1", 2222)).toBe("[fw1]:2222");
    expect(knownHostName("fd00::1", 22)).toBe("fd00::1");
  });

  it("reads a key's type, and none from what is no key", () => {
    expect(hostKeyType(key(1, "ecdsa-sha2-nistp256"))).toBe("ecdsa-sha2-nistp256");
    for (const bad of [
      Buffer.alloc(0),
      Buffer.alloc(3),
      Buffer.from([255, 255, 255, 255, 1]),
      Buffer.from([0, 0, 0, 9, 1]),
    ]) {
      expect(hostKeyType(bad)).toBe("");
    }
  });

  it("shows fingerprints as ssh-keygen does", () => {
    expect(fingerprint(key(1))).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  });
});
