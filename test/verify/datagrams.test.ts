import { describe, expect, it } from "vitest";
import type { Service } from "../../src/topology/topology.ts";
import { isReadOnly } from "../../src/transport/guard.ts";
import { datagramCommand, parseDatagrams } from "../../src/verify/datagrams.ts";

const dns = {
  name: "dns",
  protocol: "udp",
  port: 53,
  vip: { address: "10.0.2.100", family: 4, prefix: 32 },
  testPage: true,
} as unknown as Service;

function parse(stdout: string, service = dns, stderr = "", status = 0) {
  return parseDatagrams(service, "client", 3, new Map([["datagrams dns", { stdout, stderr, status }]]));
}

describe("datagramCommand", () => {
  const argv = datagramCommand(dns, 20, 5)?.argv ?? [];

  it("ends with where, how many and how long", () => {
    expect(argv.slice(-5)).toEqual(["udp", "10.0.2.100", "53", "20", "5"]);
    expect(datagramCommand({ ...dns, protocol: "tcp" }, 20, 5)).toBeUndefined();
    expect(datagramCommand({ ...dns, port: 0 }, 20, 5)).toBeUndefined();
  });

  it("passes the guard, and nothing else for python3 does", () => {
    expect(isReadOnly(argv)).toBe(true);
    const changed = (at: number, word: string) => argv.map((old, index) => (index === at ? word : old));
    expect(isReadOnly(changed(argv.indexOf("-B"), "-i"))).toBe(false);
    expect(isReadOnly(changed(5, `${argv[5]}\nprint()`))).toBe(false);
    expect(isReadOnly(changed(7, "example.net"))).toBe(false);
    expect(isReadOnly([...argv, "1"])).toBe(false);
    expect(isReadOnly(["python3"])).toBe(false);
    expect(isReadOnly(["python3", "-c", "1"])).toBe(false);
  });
});

describe("parseDatagrams", () => {
  it("counts answers by the name in them, and reports each error once", () => {
    const traffic = parse(
      "lvsctl-probe answered real server rs1\nlvsctl-probe silent no answer\nlvsctl-probe silent no answer\n",
    );
    expect(traffic).toMatchObject({
      target: "udp 10.0.2.100:53",
      answered: 1,
      foreignAnswers: 0,
      errors: ["no answer"],
    });
    expect(traffic).toHaveProperty("byRealServer", new Map([["rs1", 1]]));
  });

  it("sees another program's answer", () => {
    expect(parse("lvsctl-probe answered hello\n")).toMatchObject({ answered: 1, foreignAnswers: 1 });
    expect(parse("lvsctl-probe answered hello\n", { ...dns, testPage: false })).toMatchObject({ foreignAnswers: 0 });
  });

  it("says why nothing was sent", () => {
    expect(parse("", dns, "", 127)).toBe("dns: no requests were sent from client: it has no python3");
    expect(parse("", dns, "the kernel module sctp is not loaded\n", 1)).toBe(
      "dns: no requests were sent from client: the kernel module sctp is not loaded",
    );
  });
});
