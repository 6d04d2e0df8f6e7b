import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  destinationKey,
  formatSave,
  parseEndpoint,
  parseSave,
  type SavedService,
  serviceKey,
} from "../../src/lvs/ipvsadm.ts";
import { parseConnections, parseCounters, parseList, parseThresholds } from "../../src/lvs/ipvsadm-list.ts";
import { canonicalAddress } from "../../src/net/address.ts";

const printed = (name: string) =>
  readFileSync(new URL(`../fixtures/lvs/ipvsadm-1.31/${name}.txt`, import.meta.url), "utf8");

const address = fc.oneof(fc.ipV4(), fc.ipV6().map(canonicalAddress));
const port = fc.integer({ min: 0, max: 65535 });
const service = fc.oneof(
  fc.record({ address, port, protocol: fc.constantFrom("tcp" as const, "udp" as const, "sctp" as const) }),
  fc.record({ fwmark: fc.integer({ min: 1, max: 0xffffffff }), family: fc.constantFrom(4 as const, 6 as const) }),
);
const flags = fc.constantFrom([], ["sh-port"], ["sh-fallback", "sh-port"], ["flag-1", "flag-3"]);
const persistence = fc.record(
  { timeout: fc.integer({ min: 1, max: 2678400 }), netmask: fc.constantFrom("255.255.255.0", "64") },
  { requiredKeys: ["timeout"] },
);
const settings = fc.record(
  {
    scheduler: fc.constantFrom("rr", "wlc", "mh"),
    schedulerFlags: flags,
    persistence,
    persistenceEngine: fc.constant("sip"),
    onePacket: fc.boolean(),
  },
  { requiredKeys: ["scheduler", "schedulerFlags", "onePacket"] },
);
const tunnel = fc.record(
  {
    type: fc.constantFrom("gue" as const, "gre" as const),
    port,
    checksum: fc.constantFrom("none" as const, "checksum" as const, "remote" as const),
  },
  { requiredKeys: ["type"] },
);
const weight = fc.integer({ min: 0, max: 2147483647 });
const destination = fc.oneof(
  fc.record({ address, port, weight, method: fc.constantFrom("dr" as const, "nat" as const) }),
  fc.record(
    { address, port, weight, method: fc.constant("tun" as const), tunnel },
    { requiredKeys: ["address", "port", "weight", "method"] },
  ),
);
const saved: fc.Arbitrary<SavedService> = fc.record({
  service,
  settings,
  destinations: fc.array(destination, { maxLength: 4 }),
});
const table = fc.uniqueArray(saved, { selector: (one) => serviceKey(one.service), maxLength: 5 });

describe("ipvsadm -S -n", () => {
  test("what is written is read again", () => {
    fc.assert(
      fc.property(table, (services) => {
        expect(parseSave(formatSave(services))).toEqual(services);
      }),
    );
  });

  test("what 1.31 prints is written again, but for the tunnel that is the default", () => {
    expect(formatSave(parseSave(printed("save")))).toBe(printed("save").replace(" --tun-type ipip", ""));
  });

  test.each([
    "-A -t 172.16.10.10:80 -s rr -j enable",
    "-a -t 172.16.10.10:80 -r 172.16.10.21:80 -b",
    "-a -t 172.16.10.10:80 -r rs1:80 -g",
    "-A -t www:http -s rr",
    "-a -t 172.16.10.10:80 -r 172.16.10.21:80 -i --tun-type vxlan",
    "-X",
    "Try `ipvsadm -h' or 'ipvsadm --help' for more information.",
  ])("%s is not understood", (line) => {
    expect(() => parseSave(`-A -t 172.16.10.10:80 -s rr\n${line}\n`)).toThrow(new SyntaxError(line));
  });
});

describe("ipvsadm -L -n", () => {
  test("weights and connections", () => {
    const connections = parseConnections(printed("list"));
    expect(connections.get("tcp 172.16.10.10:80 -> 172.16.10.21:80")).toEqual({ weight: 3, active: 12, inactive: 4 });
    expect(connections.get("tcp 172.16.10.10:80 -> 172.16.10.22:80")).toEqual({ weight: 1, active: 0, inactive: 7 });
    expect(connections.get("fwmark 18 IPv6 -> [fd00::21]:0")).toEqual({ weight: 1, active: 0, inactive: 0 });
    expect(connections.size).toBe(8);
  });

  test("services and forwarding words", () => {
    const services = parseList(printed("list"));
    expect(services.map(({ service: id }) => serviceKey(id))).toEqual([
      "tcp 172.16.10.10:80",
      "tcp 172.16.10.10:5060",
      "tcp 172.16.10.11:443",
      "udp 172.16.10.12:514",
      "sctp 172.16.10.10:99",
      "tcp [fd00::10]:80",
      "fwmark 17",
      "fwmark 18 IPv6",
    ]);
    expect(services[2]?.destinations.map(({ forward }) => forward)).toEqual(["Masq", "Tunnel"]);
  });

  test("--thresholds", () => {
    expect([...parseThresholds(printed("thresholds"))]).toEqual([
      ["tcp 172.16.10.10:80 -> 172.16.10.21:80", [20000, 15000]],
      ["tcp 172.16.10.10:80 -> 172.16.10.22:80", [0, 0]],
      ["tcp [fd00::10]:80 -> [fd00::21]:80", [10, 5]],
      ["fwmark 18 IPv6 -> [fd00::21]:0", [0, 0]],
    ]);
  });

  test("--stats, of services and of real servers, with the units of a list that is not exact", () => {
    const counters = parseCounters(printed("stats"));
    expect(counters.get("tcp 172.16.10.10:80")).toEqual({
      connections: 20,
      packetsIn: 120,
      packetsOut: 0,
      bytesIn: 7900,
      bytesOut: 0,
    });
    expect(counters.get("tcp 172.16.10.10:80 -> 172.16.10.22:80")?.connections).toBe(5);
    expect(counters.get("tcp 172.16.10.11:443")).toEqual({
      connections: 100_000,
      packetsIn: 2_000_000,
      packetsOut: 1_000_000_000,
      bytesIn: 3000,
      bytesOut: 4_000_000_000_000,
    });
    expect(counters.get("fwmark 18 IPv6")?.bytesOut).toBe(5);
  });

  test.each(["UDPLITE 10.0.0.1:80 rr", "TCP  www:http rr", "FWM x rr"])("%s is not understood", (line) => {
    expect(() => parseList(line)).toThrow(new SyntaxError(line));
  });

  test("a real server's line with a word where a number belongs is not understood", () => {
    const line = "  -> 172.16.10.21:80 Route x 0 0";
    expect(() => parseList(`TCP  172.16.10.10:80 rr\n${line}`)).toThrow(new SyntaxError(line));
  });
});

describe("names", () => {
  test("an endpoint is read again from a real server's name", () => {
    fc.assert(
      fc.property(service, fc.record({ address, port }), (id, endpoint) => {
        const [, text] = destinationKey(id, endpoint).split(" -> ");
        expect(parseEndpoint(text)).toEqual(endpoint);
      }),
    );
  });

  test.each(["172.16.10.21", "172.16.10.21:", "[fd00::21]", "fd00::21:80", "[fd00::21:80", ":80", ""])(
    "%s is no endpoint",
    (text) => {
      expect(parseEndpoint(text)).toBeUndefined();
    },
  );
});

describe("ipvsadm 1.26", () => {
  // Words that its print_service_entry prints without dashes: https://github.com/Distrotech/ipvsadm, ipvsadm.c at tag 1.26.
  test("says that a service takes packets one by one, or goes by the Call-ID", () => {
    const [log, sip, plain] = parseSave(
      "-A -u 172.16.10.12:514 -s wrr ops\n-A -u 172.16.10.12:5060 -s rr -p 360 pe sip\n-A -u 172.16.10.12:53 -s rr\n",
    );
    expect(log?.settings).toMatchObject({ scheduler: "wrr", onePacket: true });
    expect(sip?.settings).toMatchObject({ persistenceEngine: "sip", onePacket: false });
    expect(plain?.settings.onePacket).toBe(false);
    expect(plain?.settings).not.toHaveProperty("persistenceEngine");
  });

  test("is not understood where it says anything else", () => {
    expect(() => parseSave("-A -u 172.16.10.12:514 -s wrr opt\n")).toThrow(SyntaxError);
  });
});
