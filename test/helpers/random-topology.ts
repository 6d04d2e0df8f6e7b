import fc from "fast-check";

const maybe = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(one, { nil: undefined, freq: 2 });
const pick = <const T extends readonly unknown[]>(...all: T): fc.Arbitrary<T[number]> => fc.constantFrom(...all);

const ADDRESSES = ["192.0.2.100", "192.0.2.101", "192.0.2.10", "2001:db8::100", "203.0.113.1", "10.0.2.253", "::1"];
const PORTS = [0, 20, 21, 22, 53, 80, 443, 5060, 40000];
const RANGES = [21, 80, 443, "20-21", "8000-8099", "9-1", "1-65535"];
const MODES = ["dr", "nat", "tun", "fullnat"];
const PUBLIC = ["10.0.2.1", "2001:db8:1::1", "198.51.100.9"];

const settings = {
  mode: maybe(pick(...MODES)),
  address: maybe(pick("192.0.2.20", "2001:db8::20", "192.0.2.99")),
  port: maybe(pick(80, 8080)),
  lowerThreshold: maybe(pick(0, 5)),
  upperThreshold: maybe(pick(0, 3, 9)),
};
const realServers = fc.oneof(
  fc.dictionary(
    pick("rs1", "rs2", "dr", "nobody"),
    maybe(fc.record(settings)).map((one) => one ?? null),
    { maxKeys: 3 },
  ),
  fc.array(fc.oneof(pick("rs1", "rs2"), fc.record({ host: pick("rs1", "rs2"), ...settings })), { maxLength: 3 }),
);

const vip = fc.oneof(
  pick(...ADDRESSES),
  fc.record({ address: pick(...ADDRESSES), prefix: maybe(pick(24, 32)), interface: maybe(pick("eth0", "eth1")) }),
);

const places = fc.oneof(
  fc.record({
    vip: maybe(vip),
    vips: maybe(fc.array(vip, { minLength: 1, maxLength: 3 })),
    port: maybe(pick(...PORTS)),
  }),
  fc.record({ vip, ports: fc.array(pick(...RANGES), { minLength: 1, maxLength: 3 }) }),
  fc.record({
    vips: fc.array(vip, { minLength: 1, maxLength: 3 }),
    ports: fc.array(pick(...RANGES), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    fwmark: pick(1, 2),
    match: maybe(
      fc.array(
        fc.record({
          address: pick(...ADDRESSES, "192.0.2.0/24"),
          protocol: maybe(pick("tcp", "udp")),
          ports: maybe(fc.array(pick(...RANGES), { minLength: 1, maxLength: 2 })),
        }),
        { minLength: 1, maxLength: 2 },
      ),
    ),
    ports: maybe(fc.constant([80, 443])),
  }),
);

const service = fc
  .tuple(
    places,
    fc.record({
      mode: pick(...MODES),
      protocol: maybe(pick("tcp", "udp", "sctp")),
      scheduler: maybe(pick("rr", "sh", "mh")),
      schedulerFlags: maybe(fc.constant(["sh-port"])),
      persistence: maybe(pick({}, { timeout: 60 }, { engine: "sip" }, { netmask: 24 })),
      helper: maybe(pick("ftp")),
      onePacket: maybe(fc.boolean()),
      arp: maybe(pick("arptables")),
      publish: maybe(
        fc.record({
          on: pick("fw", "dr", "nobody"),
          address: fc.oneof(pick(...PUBLIC), fc.constant(PUBLIC.slice(0, 2))),
          port: maybe(pick(80, 8080)),
        }),
      ),
      synproxy: maybe(fc.record({ on: pick("fw", "dr", "rs1"), mss: maybe(pick(1400)) })),
      tunnel: maybe(pick({}, { type: "gue" }, { port: 6080 }, { type: "gre", checksum: true })),
      mssClamp: maybe(pick(1200)),
      masquerade: maybe(fc.boolean()),
      internet: maybe(fc.boolean()),
      log: maybe(pick("web: ")),
      localAddresses: maybe(
        fc.array(pick("192.0.2.11", "2001:db8::11", "192.0.2.100", "203.0.113.2"), { maxLength: 3 }),
      ),
      testPage: maybe(fc.boolean()),
      verify: maybe(
        fc.oneof(
          pick("none", "http", "dns", "udp"),
          fc.record({
            type: maybe(pick("http", "tcp", "dns")),
            port: maybe(pick(80, 81)),
            expect: maybe(pick(200, "ok")),
          }),
        ),
      ),
      realServers: maybe(realServers),
    }),
  )
  .map(([place, rest]) => ({ ...place, ...rest }));

const gateway = (...all: unknown[]) => maybe(pick(["192.0.2.1", "2001:db8::1"], "192.0.2.10", "192.0.2.1", ...all));
const managed = maybe(pick(false));
const hosts = fc.record({
  fw: fc.constant({
    role: "firewall",
    interfaces: { eth0: ["10.0.2.1/24", "2001:db8:1::1/64"], eth1: ["192.0.2.1/24", "2001:db8::1/64"] },
  }),
  dr: fc.record({
    roles: pick(["director"], ["director", "real-server"], ["director", "firewall"]),
    interfaces: pick({ eth0: ["192.0.2.10/24", "2001:db8::10/64"] }, { eth0: "192.0.2.10/24" }),
    gateway: gateway(),
    managed,
  }),
  rs1: fc.record({
    role: pick("real-server"),
    interfaces: pick({ eth0: ["192.0.2.20/24", "2001:db8::20/64"] }, { eth0: "192.0.2.20/24" }),
    gateway: gateway(),
    managed,
  }),
  rs2: fc.record({
    roles: pick(["real-server"], ["real-server", "client"]),
    interfaces: pick({ eth0: ["192.0.2.30/24", "2001:db8::30/64"] }, { eth0: "10.0.3.30/24" }),
    gateway: gateway("10.0.3.1"),
    sysctls: maybe(pick({ "net.ipv4.conf.all.rp_filter": 1 })),
  }),
  client: fc.record({
    role: pick("client"),
    interfaces: pick({ eth0: ["10.0.2.253/24", "2001:db8:1::253/64"] }, { eth0: "192.0.2.253/24" }),
    gateway: maybe(pick("10.0.2.1", ["10.0.2.1", "2001:db8:1::1"])),
  }),
});

/** Topology files with up to three services of any shape, most of them with mistakes, as JSON, which is YAML too. */
export const randomTopology: fc.Arbitrary<string> = fc
  .record({
    version: fc.constant(1),
    name: fc.constant("random"),
    networks: fc.constant({ sw1: ["192.0.2.0/24", "2001:db8::/64"] }),
    hosts,
    services: fc.dictionary(pick("web", "shop", "media"), service, { minKeys: 1, maxKeys: 3 }),
  })
  .map((file) => JSON.stringify(file, null, 2));
