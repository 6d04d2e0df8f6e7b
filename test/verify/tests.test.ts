import { describe, expect, it } from "vitest";
import type { Service } from "../../src/topology/topology.ts";
import { formatTarget, testsOf } from "../../src/verify/tests.ts";

const web = {
  ...{ name: "web", protocol: "tcp", port: 80, testPage: false, verify: {}, match: [], family: 4 },
  vip: { address: "172.16.10.10", family: 4, prefix: 32 },
  realServers: [
    { host: "rs1", port: 80, weight: 1 },
    { host: "rs2", port: 80, weight: 1 },
  ],
} as unknown as Service;

const at = (port: number, more: Partial<Service> = {}): Service => ({
  ...web,
  port,
  realServers: web.realServers.map((server) => ({ ...server, port })),
  ...more,
});
const shown = (service: Service) => testsOf(service, 20).tests.map(formatTarget);
const only = (service: Service) => testsOf(service, 20).tests[0];

describe("the place that is tested", () => {
  it("is the published address, else the VIP", () => {
    expect(shown(web)).toEqual(["http://172.16.10.10:80/"]);
    const both = { address: "10.0.2.1", addresses: ["10.0.2.1", "10.0.2.2"], port: 8999, ports: ["8999"] };
    const publish = { on: "fw", ...both, to: "172.16.10.10", hairpin: false };
    expect(shown({ ...web, publish })).toEqual(["http://10.0.2.1:8999/", "http://10.0.2.2:8999/"]);
    expect(shown({ ...web, vip: { address: "2001:db8::1", family: 6, prefix: 128 } })).toEqual([
      "http://[2001:db8::1]:80/",
    ]);
  });

  it("is a port of a service for every port only if the file names one", () => {
    expect(testsOf(at(0), 20)).toMatchObject({ tests: [], leftOut: [expect.stringContaining("every port")] });
    expect(shown(at(0, { verify: { port: 8080 } }))).toEqual(["http://172.16.10.10:8080/"]);
  });
});

it("asks one after the other where a scheduler or a threshold counts open connections", () => {
  for (const scheduler of ["ovf", "lblc", "lblcr"]) expect(only({ ...web, scheduler })?.isInTurn).toBe(true);
  for (const scheduler of ["rr", "wlc", "fo"]) expect(only({ ...web, scheduler })?.isInTurn).toBe(false);
  const realServers = web.realServers.map((server) => ({ ...server, upperThreshold: 3 }));
  expect(only({ ...web, realServers })?.isInTurn).toBe(true);
});

describe("a test page", () => {
  const owners = { ...web.realServers[0], host: "win1", managed: false } as Service["realServers"][number];

  it("names the real server in each answer, unless one of them is not lvsctl's to name", () => {
    expect(only({ ...web, testPage: true })).toMatchObject({ isNamed: true, type: "http" });
    const mixed = { ...web, testPage: true, realServers: [...web.realServers, owners] };
    expect(only(mixed)).toMatchObject({ isNamed: false, isOwed: true, type: "http" });
  });
});

describe("a service for FTP", () => {
  const { vip: _vip, port: _port, ...unaddressed } = at(0);
  const marked = (ports: readonly string[], more: Partial<Service> = {}): Service => {
    const match = [{ address: "10.0.0.1", prefix: 32, protocol: "tcp" as const, ports }];
    return { ...unaddressed, fwmark: 1, match, ...more };
  };
  const FOR_TRANSFERS = "for FTP's data connections, and nothing listens there before a transfer";

  it("is tested where it takes logins, and says so of its other ports", () => {
    for (const more of [{}, { helper: "ftp" }] as const) {
      const passive = marked(["20", "21", "50000-50100"], more);
      expect(shown(passive)).toEqual(["tcp 10.0.0.1:21"]);
      expect(testsOf(passive, 20).leftOut).toEqual([`ports 20 and 50000-50100 are ${FOR_TRANSFERS}`]);
      expect(shown(marked(["20-21"], more))).toEqual(["tcp 10.0.0.1:21"]);
      expect(shown(marked(["21", "80", "50000-50100"], more))).toEqual(["tcp 10.0.0.1:21", "http://10.0.0.1:80/"]);
      expect(testsOf(marked(["20", "21"], more), 20).leftOut).toEqual([`port 20 is ${FOR_TRANSFERS}`]);
      expect(testsOf(marked(["21"], more), 20).leftOut).toEqual([]);
    }
  });

  it("is tested on another port than 21, where it has one, and greets where logins are not encrypted", () => {
    const ftp = { helper: "ftp" } as const;
    expect(testsOf(marked(["20", "2121", "50000-50100"], ftp), 20).tests).toMatchObject([{ port: 2121, text: "220" }]);
    const [encrypted] = testsOf(marked(["990", "50000-50100"], ftp), 20).tests;
    expect(encrypted).toMatchObject({ port: 990, type: "tcp" });
    expect(encrypted?.text).toBeUndefined();
  });

  it("is tested by the greeting on the port of a web server, unless it has one of FTP's own besides", () => {
    const ftp = { helper: "ftp" } as const;
    const greeting = { type: "tcp", text: "220" };
    expect(testsOf(marked(["80", "50000-50100"], ftp), 20).tests).toMatchObject([{ ...greeting, port: 80 }]);
    expect(testsOf(at(443, ftp), 20).tests).toMatchObject([{ ...greeting, port: 443 }]);
    const written = { ...ftp, verify: { text: "220 files" } };
    expect(testsOf(at(8080, written), 20).tests).toMatchObject([{ type: "tcp", text: "220 files" }]);
    expect(shown(at(80, { ...ftp, verify: { path: "/x" } }))).toEqual(["http://172.16.10.10:80/x"]);
    expect(shown(marked(["80", "50000-50100"]))[0]).toEqual("http://10.0.0.1:80/");
  });

  it("is tested elsewhere only if the file says so", () => {
    expect(shown(marked(["21", "50000-50100"], { verify: { port: 50000 } }))).toEqual(["tcp 10.0.0.1:50000"]);
    expect(shown(marked(["21", "8000-8099"], { verify: { type: "http" } }))).toEqual([
      "http://10.0.0.1:21/",
      "http://10.0.0.1:8000/",
    ]);
    expect(testsOf(at(20), 20)).toEqual({ tests: [], leftOut: [`port 20 is ${FOR_TRANSFERS}`] });
    expect(shown(at(20, { verify: { port: 20 } }))).toEqual(["tcp 172.16.10.10:20"]);
    expect(shown(at(20, { protocol: "udp" }))).toEqual(["udp 172.16.10.10:20"]);
    expect(shown(marked(["50000-50100"]))).toEqual(["tcp 10.0.0.1:50000"]);
    expect(shown(marked(["21", "50000-50100"], { testPage: true }))).toHaveLength(2);
  });
});

describe("the type of test", () => {
  it.each([
    [80, "http"],
    [8080, "http"],
    [443, "https"],
    [8443, "https"],
    [53, "dns"],
    [3306, "tcp"],
    [6379, "tcp"],
    [9100, "tcp"],
    [25, "tcp"],
  ])("for TCP port %i is %s", (port, type) => expect(only(at(port))?.type).toBe(type));

  it("for other protocols is a datagram, or a question to a name server", () => {
    expect(only(at(53, { protocol: "udp" }))?.type).toBe("dns");
    expect(only(at(123, { protocol: "udp" }))?.type).toBe("udp");
    expect(only(at(80, { protocol: "udp" }))?.type).toBe("udp");
    expect(only(at(2905, { protocol: "sctp" }))?.type).toBe("sctp");
  });

  it("goes by the real servers' port where the service's own says nothing", () => {
    const mapped = (port: number) => ({ ...at(port), port: 8999 });
    expect(only(mapped(80))?.type).toBe("http");
    expect(only(mapped(5432))?.type).toBe("tcp");
    expect(only({ ...mapped(8080), port: 443 })?.type).toBe("https");
  });

  it("is what the test page answers, on any port", () => {
    expect(only(at(3306, { testPage: true }))).toMatchObject({ type: "http", isNamed: true, requests: 20 });
    expect(only(at(443, { testPage: true }))).toMatchObject({ type: "http", isNamed: true });
    expect(only(at(53, { testPage: true, protocol: "udp" }))).toMatchObject({ type: "udp", isNamed: true });
    expect(only(at(80, { testPage: true, verify: { type: "tcp" } }))).toMatchObject({ type: "tcp", isNamed: false });
  });

  it("is the greeting for FTP, on its control port alone, and OPTIONS for SIP", () => {
    const ftp = { helper: "ftp" } as const;
    expect(only(at(21, ftp))).toMatchObject({ type: "tcp", text: "220" });
    expect(only(at(21))?.text).toBeUndefined();
    expect(only(at(21, { ...ftp, verify: { text: "230" } }))).toMatchObject({ type: "tcp", text: "230" });
    expect(only(at(21, { ...ftp, verify: { type: "tcp" } }))?.text).toBeUndefined();
    const match = [{ address: "10.0.0.1", prefix: 32, protocol: "tcp" as const, ports: ["20-21", "10000-10100"] }];
    const { vip: _vip, port: _port, ...unaddressed } = at(0);
    expect(shown({ ...unaddressed, fwmark: 1, match, ...ftp })).toEqual(["tcp 10.0.0.1:21"]);
    expect(shown(at(0, ftp))).toEqual(["tcp 172.16.10.10:21"]);
    const encrypted = [
      { ...match[0], address: "10.0.0.1", protocol: "tcp" as const, ports: ["989", "990", "10000-10100"] },
    ];
    expect(shown({ ...unaddressed, fwmark: 1, match: encrypted })).toEqual(["tcp 10.0.0.1:990"]);
    const other = [
      { ...match[0], address: "10.0.0.1", protocol: "tcp" as const, ports: ["989", "991", "10000-10100"] },
    ];
    expect(shown({ ...unaddressed, fwmark: 1, match: other })).toHaveLength(3);

    const persistence = { timeout: 300, engine: "sip" } as const;
    expect(only(at(5060, { protocol: "udp" }))).toMatchObject({ type: "sip", isOwed: true, isNamed: false });
    expect(only(at(5080, { protocol: "udp", persistence }))?.type).toBe("sip");
    expect(only(at(5080, { protocol: "udp", persistence, testPage: true }))).toMatchObject({
      type: "sip",
      isNamed: true,
    });
    expect(only(at(5060, { protocol: "udp", testPage: true }))?.type).toBe("udp");
  });

  it("follows from the settings, which only some types have", () => {
    expect(only(at(9000, { verify: { path: "/health" } }))?.type).toBe("http");
    expect(only(at(9000, { verify: { status: 204 } }))?.type).toBe("http");
    expect(only(at(9000, { verify: { tls: { verify: true } } }))?.type).toBe("https");
    expect(only(at(443, { verify: { path: "/health" } }))?.type).toBe("https");
    expect(only(at(22, { verify: { text: "SSH-2.0" } }))?.type).toBe("tcp");
    expect(only(at(53, { verify: { host: "example.net" } }))?.type).toBe("dns");
  });

  it("can be none", () => {
    expect(testsOf({ ...web, verify: { type: "none" } }, 20)).toEqual({
      tests: [],
      leftOut: ["its `verify` says `none`"],
    });
  });
});

describe("the number of requests", () => {
  it("is small where a program may count connections that end early", () => {
    expect(only(at(3306))?.requests).toBe(4);
    expect(only(at(3306, { realServers: at(3306).realServers.slice(1) }))?.requests).toBe(2);
    const many = Array.from({ length: 24 }, () => ({ ...web.realServers[0], port: 3306 }) as Service["realServers"][0]);
    expect(only(at(3306, { realServers: many }))?.requests).toBe(10);
    expect(testsOf(at(3306), 1).tests[0]?.requests).toBe(1);
    expect(only(at(80))?.requests).toBe(20);
  });
});

describe("whether an answer is owed", () => {
  it("is so but for datagrams of which nobody says what is in the answer", () => {
    expect(only(at(3306))?.isOwed).toBe(true);
    expect(only(at(53, { protocol: "udp" }))?.isOwed).toBe(true);
    expect(only(at(123, { protocol: "udp" }))?.isOwed).toBe(false);
    expect(only(at(7, { protocol: "udp", verify: { text: "lvsctl" } }))?.isOwed).toBe(true);
  });
});

describe("a firewall-mark service", () => {
  const { vip: _vip, port: _port, ...rest } = web;
  const marked = (match: Service["match"], verify: Service["verify"] = {}): Service => ({
    ...rest,
    ...{ fwmark: 80, match, verify },
    realServers: web.realServers.map((server) => ({ ...server, port: 0 })),
  });
  const entry = (address: string, ports: readonly string[], protocol: "tcp" | "udp" = "tcp") => {
    return { address, ports, protocol };
  };

  it("is tested on each address and port, by what each suggests, and shares the requests among them", () => {
    const shop = marked([entry("192.0.2.100", ["80", "443"])]);
    expect(shown(shop)).toEqual(["http://192.0.2.100:80/", "https://192.0.2.100:443/"]);
    expect(testsOf(shop, 20).tests.map(({ requests }) => requests)).toEqual([10, 10]);
  });

  it("is tested on the first port of a range and on the first host of a network", () => {
    expect(shown(marked([entry("172.16.11.0/24", ["10000-20000"])]))).toEqual(["tcp 172.16.11.1:10000"]);
    expect(shown(marked([entry("172.16.11.0/31", ["21"])]))).toEqual(["tcp 172.16.11.0:21"]);
    expect(shown(marked([entry("2001:db8::/64", ["53"], "udp")]))).toEqual(["dns [2001:db8::1]:53"]);
  });

  it("is tested on one port if the file names it", () => {
    const match = [entry("192.0.2.100", ["80", "8000-8099"]), entry("192.0.2.101", [])];
    expect(shown(marked(match, { port: 8050, type: "http" }))).toEqual([
      "http://192.0.2.100:8050/",
      "http://192.0.2.101:8050/",
    ]);
    expect(testsOf(marked([entry("192.0.2.101", [])]), 20).leftOut).toEqual([expect.stringContaining("every port")]);
  });

  it("says which protocol its test leaves out, and how many places", () => {
    const both = marked([entry("192.0.2.100", ["443"]), entry("192.0.2.100", ["443"], "udp")], { type: "https" });
    expect(testsOf(both, 20)).toMatchObject({
      tests: [{}],
      leftOut: ["its `verify` says `https`, which does not go over UDP"],
    });
    const many = Array.from({ length: 25 }, (_, index) => entry(`192.0.2.${index}`, ["80"]));
    expect(testsOf(marked(many), 20)).toMatchObject({
      leftOut: ["5 more of its addresses and ports are too many"],
    });
    expect(testsOf(marked(many), 20).tests).toHaveLength(20);
  });
});
