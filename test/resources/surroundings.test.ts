import { describe, expect, it } from "vitest";
import { arpProbe } from "../../src/probes/arp.ts";
import { loginProbe } from "../../src/probes/login.ts";
import { kinds } from "../../src/resources/kinds.ts";
import { parseSurroundings, surroundingsReads } from "../../src/resources/surroundings.ts";
import type { ReadOutputs } from "../../src/shell/read-script.ts";
import { isReadOnly } from "../../src/transport/guard.ts";

function printed(login: string, arp = ""): ReadOutputs {
  const output = (stdout: string) => ({ stdout, stderr: "", status: 0 });
  return new Map([
    ["login", output(login)],
    ["arp", output(arp)],
  ]);
}

const wanted = (kind: string, state: object, services: readonly string[] = ["web"]) => ({
  kind,
  state: { ...state },
  services,
});

describe("surroundingsReads", () => {
  it("asks for virtual IPv4 addresses on interfaces with neighbours, and for who manages a table, where there will be one", () => {
    const reads = surroundingsReads(
      [
        wanted("address", { address: "172.16.10.10", device: "eth0" }),
        wanted("address", { address: "172.16.10.10", device: "lo" }),
        wanted("address", { address: "2001:db8::10", device: "eth0" }),
        wanted("address", { address: "172.16.10.5", device: "eth0" }, []),
        wanted("ipvs-service", { service: { fwmark: 7, family: 4 } }),
      ],
      kinds,
    );
    expect(reads).toEqual([
      { name: "arp", argv: ["lvsctl_arp", "eth0", "172.16.10.10"], script: arpProbe.script, early: true },
      { name: "login", argv: ["lvsctl_login", "keepalived", "ldirectord", "kube-proxy"], script: loginProbe.script },
    ]);
    expect(reads.every(({ argv }) => isReadOnly(argv))).toBe(true);
  });

  it("asks of any other host only how it is logged in", () => {
    expect(surroundingsReads([], kinds)).toEqual([
      { name: "login", argv: ["lvsctl_login"], script: loginProbe.script },
    ]);
  });
});

describe("parseSurroundings", () => {
  it("knows the connection and the way back", () => {
    const text =
      "login 192.0.2.1 50022 10.0.0.2 22\nreply 192.0.2.1 from 10.0.0.2 via 10.0.0.1 dev eth0 uid 0 \n    cache \n";
    expect(parseSurroundings(printed(text)).login).toEqual({
      family: 4,
      client: "192.0.2.1",
      clientPort: 50022,
      address: "10.0.0.2",
      port: 22,
      reply: { type: "unicast", via: "10.0.0.1", device: "eth0", options: ["from", "10.0.0.2", "uid", "0"] },
    });
  });

  it("knows it by IPv6, from a router's advertisement, and by BusyBox", () => {
    const iproute2 =
      "login 2001:DB8:1::5 50022 2001:db8::2 2222\nreply 2001:db8:1::5 from 2001:db8::2 via fe80::1 dev eth0 proto ra src 2001:db8::2 metric 1024 pref medium\n";
    expect(parseSurroundings(printed(iproute2)).login).toMatchObject({
      client: "2001:db8:1::5",
      port: 2222,
      reply: { via: "fe80::1", device: "eth0", options: expect.arrayContaining(["proto", "ra"]) },
    });
    const busybox = "login 192.0.2.1 1 10.0.0.2 22\nreply 192.0.2.1 from 10.0.0.2 via 10.0.0.1 dev e \n";
    expect(parseSurroundings(printed(busybox)).login?.reply).toMatchObject({ via: "10.0.0.1", device: "e" });
  });

  it("knows link-local ends, which sshd gives with their interface", () => {
    const text = "login fe80::1%eth0 1 fe80::2%eth0 22\nreply fe80::1 dev eth0 proto kernel src fe80::2 metric 256\n";
    expect(parseSurroundings(printed(text)).login).toMatchObject({ client: "fe80::1", address: "fe80::2", family: 6 });
  });

  it.each([
    ["", "nobody came by SSH"],
    ["login UNKNOWN 65535 UNKNOWN 65535\nreply \n", "sshd got no socket"],
    ["login 192.0.2.1 50022 10.0.0.2\n", "cut off"],
  ])("knows no connection from %j: %s", (text) => {
    expect(parseSurroundings(printed(text)).login).toBeUndefined();
  });

  it("has no way back where the host did not say", () => {
    expect(parseSurroundings(printed("login 192.0.2.1 1 10.0.0.2 22\nreply \n")).login?.reply).toBeUndefined();
  });

  it("knows interfaces and programs by their names", () => {
    const text = "hardware eth0 02:00:00:00:0A:01\nprocess 812 keepalived\nprocess 900 ldirectord\n";
    expect(parseSurroundings(printed(text))).toMatchObject({
      hardware: new Map([["02:00:00:00:0a:01", "eth0"]]),
      programs: [
        { name: "keepalived", process: 812 },
        { name: "ldirectord", process: 900 },
      ],
    });
  });

  it.each([
    [
      "iputils",
      "ARPING 10.0.0.9 from 0.0.0.0 eth0 Unicast reply from 10.0.0.9 [02:00:00:00:0A:01] 0.6ms Sent 1 probes (1 broadcast(s)) Received 1 response(s)",
      [["10.0.0.9", "02:00:00:00:0a:01"]],
    ],
    [
      "BusyBox",
      "ARPING 10.0.0.9 from 0.0.0.0 eth0 Unicast reply from 10.0.0.9 [02:00:00:00:0a:01] 0.1ms Sent 1 probe(s) (1 broadcast(s)) Received 1 response(s)",
      [["10.0.0.9", "02:00:00:00:0a:01"]],
    ],
    [
      "Thomas Habets'",
      "ARPING 10.0.0.9 42 bytes from 02:00:00:00:0A:01 (10.0.0.9): index=0 time=9.744 usec --- 10.0.0.9 statistics --- 1 packets transmitted, 1 packets received, 0% unanswered (0 extra)",
      [["10.0.0.9", "02:00:00:00:0a:01"]],
    ],
    ["a neighbour entry", "10.0.0.9 lladdr 02:00:00:00:0a:01 REACHABLE", [["10.0.0.9", "02:00:00:00:0a:01"]]],
    ["iputils, nobody", "ARPING 10.0.0.9 from 0.0.0.0 eth0 Sent 1 probes (1 broadcast(s)) Received 0 response(s)", []],
    [
      "Thomas Habets', nobody",
      "ARPING 10.0.0.9 Timeout --- 10.0.0.9 statistics --- 1 packets transmitted, 0 packets received, 100% unanswered (0 extra)",
      [],
    ],
    ["a neighbour entry, nobody", "10.0.0.9 FAILED", []],
    ["an interface that is down", "arping: Interface eth0 is not ARPable", []],
  ])("understands the answer of %s", (_program, answer, expected) => {
    expect([...parseSurroundings(printed("", `arp eth0 10.0.0.9 ${answer}\n`)).answered]).toEqual(expected);
  });
});
