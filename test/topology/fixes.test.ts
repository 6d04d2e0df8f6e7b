/** What a hint advises is possible: applied to the file, it does not lead to the next error. */
import { describe, expect, it } from "vitest";
import { loadTopology } from "../helpers/load-topology.ts";

const DIRECT = `version: 1
name: fixes
hosts:
  lb: { role: director, interfaces: { e0: 10.0.2.5/24 } }
  rs1: { role: real-server, interfaces: { e0: 10.0.2.11/24 } }
  pc: { role: client, interfaces: { e0: 10.0.2.101/24 } }
services:
  web: { mode: dr, vip: 10.0.2.200, port: 80 }
`;
const ROUTED = `version: 1
name: fixes
hosts:
  fw: { role: firewall, interfaces: { e0: 10.0.1.1/24, e1: 10.0.2.1/24 } }
  lb: { role: director, interfaces: { e0: 10.0.1.5/24, e1: 10.0.4.5/24 }, gateway: 10.0.1.1 }
  rs1: { role: real-server, interfaces: { e0: 10.0.2.11/24 }, gateway: 10.0.2.1 }
  pc: { role: client, interfaces: { e0: 10.0.4.101/24 } }
services:
  web: { mode: nat, masquerade: true, vip: 10.0.4.200, port: 80 }
`;
const BESIDE = DIRECT.replace(
  "  rs1: {",
  "  far: { role: firewall, interfaces: { e0: 10.9.0.1/24 } }\n  rs1: { gateway: 10.9.0.1,",
);

/** The real server is on a subnet of the director, and the client behind the firewall. */
const NEAR = `version: 1
name: fixes
hosts:
  fw: { role: firewall, interfaces: { e0: 10.0.1.1/24, e1: 10.0.9.1/24 } }
  lb: { role: director, interfaces: { e0: 10.0.1.5/24, e1: 10.0.4.5/24 }, gateway: 10.0.1.1 }
  rs1: { role: real-server, interfaces: { e0: 10.0.4.11/24 }, gateway: 10.0.4.5 }
  pc: { role: client, interfaces: { e0: 10.0.9.101/24 }, gateway: 10.0.9.1 }
services:
  web: { mode: nat, vip: 10.0.1.200, port: 80 }
`;

/** The clients are hidden behind an address of the director's subnet. */
const HIDDEN = `version: 1
name: fixes
hosts:
  fw: { role: firewall, interfaces: { e0: 10.0.1.1/24, e1: 10.0.2.1/24 } }
  lb: { role: director, interfaces: { e0: 10.0.1.5/24 }, gateway: 10.0.1.1 }
  rs1: { role: real-server, interfaces: { e0: 10.0.2.11/24 }, gateway: 10.0.2.1 }
  pc: { role: client, interfaces: { e0: 10.0.1.101/24 } }
services:
  web: { mode: fullnat, localAddresses: [10.0.1.7], vip: 10.0.1.200, port: 80 }
`;

/** A fix: what it makes of the file. */
type Change = readonly [from: string, to: string];

const SIP: Change = [
  "port: 80",
  "port: 5060, protocol: udp, persistence: { engine: sip }, scheduler: rr, verify: { type: http, path: /x }",
];
/** The director gets an address on the real server's subnet, which becomes its gateway. */
const DIRECTOR_NEARBY: readonly Change[] = [
  ["e1: 10.0.4.5/24 }", "e1: 10.0.4.5/24, e2: 10.0.2.5/24 }"],
  ["gateway: 10.0.2.1", "gateway: 10.0.2.5"],
];
const SIP_TCP = (more: string): Change => [
  "port: 80",
  `port: 5070, scheduler: rr, persistence: { engine: sip }${more}`,
];
const UDP: Change = ["port: 5070", "port: 5070, protocol: udp"];
const ONE_PACKET: Change = ["port: 80", "port: 80, onePacket: true"];
const INTERNET: Change = ["port: 80", "port: 80, internet: true"];
const MASQUERADE = "nat with `masquerade: true`";
const MASQUERADING: readonly Change[] = [["mode: dr", "mode: nat, masquerade: true"]];

describe("what a hint advises", () => {
  it.each<[code: string, file: string, mistake: Change, advice: string, fixes: readonly Change[]]>([
    [
      "048",
      NEAR.replace("role: director", "roles: [director, firewall]"),
      [
        "mode: nat, vip: 10.0.1.200, port: 80",
        "mode: dr, vip: 10.0.1.200, port: 80, publish: { on: lb, address: 10.0.1.5 }",
      ],
      "use the mode nat with the director as the real servers' gateway",
      [["mode: dr", "mode: nat"]],
    ],
    [
      "035",
      DIRECT,
      ["10.0.2.11/24 }", "10.0.3.11/24 }, routes: [{ to: 10.0.2.0/24, device: e0 }]"],
      'list 10.0.2.0/24 and 10.0.3.0/24 under one name in `networks` and give "lb" the route `{ to: 10.0.3.0/24, device: e0 }`',
      [
        ["hosts:", "networks: { lan: [10.0.2.0/24, 10.0.3.0/24] }\nhosts:"],
        ["10.0.2.5/24 }", "10.0.2.5/24 }, routes: [{ to: 10.0.3.0/24, device: e0 }]"],
      ],
    ],
    ["034", DIRECT, ["port: 80", "port: 80, realServers: { rs1: { port: 8080 } }"], MASQUERADE, MASQUERADING],
    ["027", DIRECT, ["10.0.2.200", "10.0.2.5"], MASQUERADE, MASQUERADING],
    ["043", DIRECT, ["port: 80", "port: 80, synproxy: { on: lb }"], MASQUERADE, MASQUERADING],
    [
      "044",
      DIRECT,
      ["port: 80", "port: 80, schedulerFlags: [sh-port]"],
      "Delete `schedulerFlags`, or set `scheduler: sh`.",
      [["port: 80", "port: 80, scheduler: sh"]],
    ],
    [
      "044",
      DIRECT,
      ["port: 80", "port: 80, scheduler: mh, schedulerFlags: [mh-port, sh-port]"],
      "Write `schedulerFlags: [mh-port]`.",
      [["mh-port, sh-port", "mh-port"]],
    ],
    [
      "045",
      DIRECT,
      ["port: 80", "port: 80, realServers: { rs1: { lowerThreshold: 5 } }"],
      "Add `upperThreshold: N`, more than `lowerThreshold`",
      [["lowerThreshold: 5", "lowerThreshold: 5, upperThreshold: 6"]],
    ],
    [
      "023",
      DIRECT,
      ["real-server", "client"],
      "write `realServers: []` if there are none yet",
      [["port: 80", "port: 80, realServers: []"]],
    ],
    ["041", DIRECT, ONE_PACKET, "set `protocol: udp`", [["port: 80", "port: 80, protocol: udp"]]],
    [
      "028",
      DIRECT,
      ["10.0.2.11/24 }", "10.0.2.11/24 }, gateway: 10.9.0.1"],
      "add `{ to: 10.9.0.1, device: e0 }`",
      [["gateway: 10.9.0.1", "gateway: 10.9.0.1, routes: [{ to: 10.9.0.1, device: e0 }]"]],
    ],
    [
      "028",
      BESIDE,
      ["port: 80", "port: 80"],
      "list the networks of both under one name in `networks`, and add `{ to: 10.9.0.1, device: e0 }`",
      [
        ["gateway: 10.9.0.1", "gateway: 10.9.0.1, routes: [{ to: 10.9.0.1, device: e0 }]"],
        ["hosts:", "networks: { lan: [10.0.2.0/24, 10.9.0.0/24] }\nhosts:"],
      ],
    ],
    [
      "066",
      DIRECT,
      SIP,
      "Write `sip`, `none`, or leave it out. And delete `path`.",
      [["type: http, path: /x", "type: sip"]],
    ],
    ["075", DIRECT, SIP_TCP(""), "Set `protocol: udp`; or delete", [UDP]],
    [
      "075",
      DIRECT,
      SIP_TCP(", verify: http"),
      "Set `protocol: udp`, set `verify: sip`; or",
      [UDP, ["verify: http", "verify: sip"]],
    ],
    ["075", DIRECT, SIP_TCP(", verify: none"), "Set `protocol: udp`; or delete", [UDP]],
    [
      "075",
      DIRECT,
      SIP_TCP(", verify: { type: https, path: /x, expect: 200, tls: { verify: true } }"),
      "Set `protocol: udp`, set `type: sip` under `verify`, delete `path` and `tls` there; or delete `engine`.",
      [UDP, ["type: https, path: /x, expect: 200, tls: { verify: true }", "type: sip, expect: 200"]],
    ],
    [
      "075",
      DIRECT,
      SIP_TCP(", verify: { host: a.example }"),
      "Set `protocol: udp`, delete `host` there; or delete `engine`.",
      [UDP, [", verify: { host: a.example }", ""]],
    ],
    ["075", ROUTED, SIP_TCP(", synproxy: { on: lb }"), "Delete `engine`.", [["engine: sip", ""]]],
    ["075", DIRECT, SIP_TCP(", protocol: udp, verify: udp"), "Set `verify: sip`.", [["verify: udp", "verify: sip"]]],
    [
      "075",
      DIRECT,
      SIP_TCP(", protocol: udp, verify: { type: dns, host: a.example }"),
      "Set `type: sip` under `verify`, delete `host` there.",
      [["type: dns, host: a.example", "type: sip"]],
    ],
    ["072", ROUTED, INTERNET, 'Give "lb" an interface on a subnet of "rs1"', DIRECTOR_NEARBY],
    [
      "037",
      ROUTED,
      ["masquerade: true, ", ""],
      'Give "fw" the route `{ to: 10.0.4.0/24, via: 10.0.1.5 }`',
      [["e1: 10.0.2.1/24 }", "e1: 10.0.2.1/24 }, routes: [{ to: 10.0.4.0/24, via: 10.0.1.5 }]"]],
    ],
    [
      "037",
      ROUTED,
      ["masquerade: true, ", ""],
      "set `masquerade: true`",
      [["mode: nat", "mode: nat, masquerade: true"]],
    ],
    [
      "037",
      NEAR,
      ["gateway: 10.0.4.5", "gateway: 10.0.4.5, routes: [{ to: 10.0.9.101/32, via: 10.0.4.9 }]"],
      "Write `via: 10.0.4.5` here.",
      [["via: 10.0.4.9", "via: 10.0.4.5"]],
    ],
    [
      "037",
      NEAR,
      ["gateway: 10.0.4.5", "gateway: 10.0.4.9"],
      "write `e1: [10.0.4.5/24, 10.0.4.9/24]`",
      [["e1: 10.0.4.5/24 }", "e1: [10.0.4.5/24, 10.0.4.9/24] }"]],
    ],
    [
      "057",
      ROUTED,
      [", gateway: 10.0.1.1 }", " }"],
      'Give "lb" the route `{ to: 10.0.2.0/24, via: 10.0.1.1 }`',
      [["10.0.4.5/24 }", "10.0.4.5/24 }, routes: [{ to: 10.0.2.0/24, via: 10.0.1.1 }]"]],
    ],
    [
      "057",
      NEAR,
      ["gateway: 10.0.1.1", "gateway: 10.0.1.1, routes: [{ to: 10.0.4.11/32, via: 10.0.1.1 }]"],
      'Delete this route: "lb" is on 10.0.4.0/24 itself.',
      [[", routes: [{ to: 10.0.4.11/32, via: 10.0.1.1 }]", ""]],
    ],
    [
      "057",
      ROUTED,
      [", e1: 10.0.2.1/24", ""],
      'Give "fw" a route to 10.0.2.0/24',
      [["e0: 10.0.1.1/24 }", "e0: 10.0.1.1/24, e1: 10.0.2.1/24 }"]],
    ],
    [
      "047",
      DIRECT,
      ["10.0.2.101/24", '"2001:db8::1/64"'],
      'Give "pc" an IPv4 address',
      [['"2001:db8::1/64"', "10.0.2.101/24"]],
    ],
    [
      "047",
      NEAR,
      [", gateway: 10.0.9.1 }", " }"],
      'Give "pc" a `gateway`, or a route to 10.0.1.200',
      [["e0: 10.0.9.101/24 }", "e0: 10.0.9.101/24 }, gateway: 10.0.9.1"]],
    ],
    [
      "047",
      NEAR.replace("10.0.1.200", "10.0.7.200"),
      ["e1: 10.0.9.1/24 }", "e1: [10.0.9.1/24, 10.0.7.1/24] }"],
      'give "fw" the route `{ to: 10.0.7.200, via: 10.0.1.5 }`',
      [
        [
          "e1: [10.0.9.1/24, 10.0.7.1/24] }",
          "e1: [10.0.9.1/24, 10.0.7.1/24] }, routes: [{ to: 10.0.7.200, via: 10.0.1.5 }]",
        ],
      ],
    ],
    [
      "056",
      NEAR,
      ["vip: 10.0.1.200", "vip: { address: 10.0.9.200, prefix: 24 }"],
      "without `prefix`, or with `prefix: 32`",
      [
        ["prefix: 24", "prefix: 32"],
        ["10.0.9.1/24 }", "10.0.9.1/24 }, routes: [{ to: 10.0.9.200, via: 10.0.1.5 }]"],
        ["10.0.9.101/24 }", "10.0.9.101/24 }, routes: [{ to: 10.0.9.200, via: 10.0.9.1 }]"],
      ],
    ],
    [
      "056",
      HIDDEN,
      ["10.0.1.7]", "10.7.0.1]"],
      'Choose local addresses in 10.0.1.0/24, or give "fw" the route `{ to: 10.7.0.1/32, via: 10.0.1.5 }`.',
      [["10.7.0.1]", "10.0.1.8]"]],
    ],
    [
      "056",
      HIDDEN,
      ["10.0.1.7]", "10.7.0.1]"],
      'give "fw" the route `{ to: 10.7.0.1/32, via: 10.0.1.5 }`',
      [["e1: 10.0.2.1/24 }", "e1: 10.0.2.1/24 }, routes: [{ to: 10.7.0.1/32, via: 10.0.1.5 }]"]],
    ],
    [
      "081",
      DIRECT,
      ["10.0.2.11/24 }", "10.0.2.11/24, ppp0: 100.64.0.7/32 }, routes: [{ to: 0.0.0.0/0, device: ppp0 }]"],
      "`gateway: 100.64.0.1` and `routes: [{ to: 100.64.0.1/32, device: ppp0 }]`",
      [["routes: [{ to: 0.0.0.0/0", "gateway: 100.64.0.1, routes: [{ to: 100.64.0.1/32"]],
    ],
    [
      "040",
      HIDDEN,
      ["10.0.1.7]", "10.0.1.5]"],
      "Choose a free address of 10.0.1.0/24, or use the mode nat with `masquerade: true`",
      [["mode: fullnat, localAddresses: [10.0.1.5]", "mode: nat, masquerade: true"]],
    ],
    [
      "051",
      HIDDEN,
      ["vip: 10.0.1.200", "vip: { address: 10.0.1.200, interface: lo }"],
      "Name the interface that faces the clients (e0), or delete `interface`.",
      [["interface: lo", "interface: e0"]],
    ],
  ])("of LVS-CONFIG-%s works", (code, file, mistake, advice, fixes) => {
    expect(codesOf(file.replace(...mistake))).toContain(`LVS-CONFIG-${code}`);
    expect(hintsOf(file.replace(...mistake))).toContain(advice);
    const fixed = fixes.reduce((text, change) => text.replace(...change), file.replace(...mistake));
    expect(codesOf(fixed)).toEqual([]);
  });

  it.each<[code: string, file: string, mistake: Change, never: string]>([
    ["041", ROUTED, ONE_PACKET, "protocol: udp"],
    ["041", DIRECT, ["port: 80", "port: 80, onePacket: true, verify: http"], "protocol: udp"],
    ["066", DIRECT, SIP, "dns"],
    ["066", DIRECT, ["port: 80", "port: 53, protocol: udp, testPage: true, verify: tcp"], "dns"],
    ["075", ROUTED, SIP_TCP(", synproxy: { on: lb }"), "protocol: udp"],
    ["075", DIRECT, SIP_TCP(", protocol: udp, verify: udp"), "it is then"],
    ["072", ROUTED, INTERNET, "gateway: 10.0.1.5"],
    ["037", ROUTED, ["masquerade: true, ", ""], "gateway: 10.0.1.5"],
  ])("of LVS-CONFIG-%s is not what cannot be", (code, file, mistake, never) => {
    expect(codesOf(file.replace(...mistake))).toContain(`LVS-CONFIG-${code}`);
    expect(hintsOf(file.replace(...mistake))).not.toContain(never);
  });
});

function codesOf(text: string): readonly string[] {
  return loadTopology(text, "lab.yaml").problems.map(({ code }) => code);
}

function hintsOf(text: string): string {
  return loadTopology(text, "lab.yaml")
    .problems.map(({ details }) => details.hint)
    .join("\n");
}
