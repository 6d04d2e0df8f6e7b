/** What could cut lvsctl's own session off: cases by kind of change, each with a twin that touches no session. */
import { describe, expect, it } from "vitest";
import type { DesiredResource } from "../../src/compile/desired-state.ts";
import type { HostState } from "../../src/plan/host-state.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { guardManagement, managementProblems } from "../../src/plan/management.ts";
import type { Login } from "../../src/probes/login.ts";
import { kinds } from "../../src/resources/kinds.ts";
import type { State } from "../../src/resources/resource.ts";
import { parseSurroundings } from "../../src/resources/surroundings.ts";
import type { ReadOutputs } from "../../src/shell/read-script.ts";

/** What a host has: what its commands print, and how it is logged in to. */
interface Found {
  readonly login?: Partial<Login> | undefined;
  readonly addresses?: string;
  readonly routes?: string;
  readonly sysctls?: Readonly<Record<string, string>>;
  /** The kernel's default routes by advertisements, as the probe prints them. */
  readonly advertised?: string;
  readonly tunnels?: string;
  /** The ledger holds these, as playbooks write them; none of them is wanted any more. */
  readonly gone?: readonly Wanted[];
}

type Wanted = readonly [kind: string, written: State];

const ETH0 = "2: eth0: <UP> mtu 1500\n    link/ether 02:00:00:00:01:01\n    inet 10.0.0.2/24 scope global eth0\n";
const ETH1 = "3: eth1: <UP> mtu 1500\n    inet 172.16.10.5/24 scope global eth1\n";
const ROUTES = `default via 10.0.0.1 dev eth0 proto static
10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.2
172.16.10.0/24 dev eth1 proto kernel scope link src 172.16.10.5
`;
/** From far away, through the default gateway. */
const FAR = { client: "192.0.2.1", reply: { type: "unicast", via: "10.0.0.1", device: "eth0" } } as const;
/** From a neighbour. */
const NEAR = { client: "10.0.0.77", reply: { type: "unicast", device: "eth0" } } as const;
const V6 = {
  family: 6,
  client: "2001:db8:9::1",
  address: "2001:db8::2",
  reply: { type: "unicast", via: "fe80::1", device: "eth0", options: ["proto", "ra"] },
} as const;

const context = { topology: "t", host: "h" };

function stateOf(host: string, found: Found, wanted: readonly DesiredResource[]): HostState {
  const printed: Record<string, string> = {
    address: found.addresses ?? `1: lo: <UP>\n    inet 127.0.0.1/8 scope host lo\n${ETH0}${ETH1}`,
    "route-4-main": found.routes ?? ROUTES,
    "route-4-255": "",
    "route-4-100": "",
    sysctl: Object.entries(found.sysctls ?? {})
      .map(([key, value]) => `/proc/sys/${key.replaceAll(".", "/")}:${value}\n`)
      .join(""),
    "sysctl-advertised": found.advertised ?? "",
    tunnel: found.tunnels ?? "",
    ...Object.fromEntries(["ipvs-program", "arptables-rule-has-arptables"].map((name) => [name, ""])),
  };
  const outputs: ReadOutputs = new Map(
    Object.entries(printed).map(([name, stdout]) => [name, { stdout, stderr: "", status: 0 }]),
  );
  const gone = (found.gone ?? []).flatMap(resolve);
  const all = [...wanted, ...gone];
  const observed = new Map(
    [...kinds].flatMap(([name, kind]) => {
      const states = all.filter((one) => one.kind === name).map(({ state }) => state);
      return states.length === 0 ? [] : [[name, kind.parse(outputs, states, { ...context, host })] as const];
    }),
  );
  const login: Login | undefined =
    found.login === undefined
      ? undefined
      : { family: 4, clientPort: 50022, address: "10.0.0.2", port: 22, client: "", ...found.login };
  const entries = gone.map(({ kind, key, state }) => ({ kind, key, state, stage: "publish" as const, original: null }));
  return {
    host,
    observed,
    ledger: { topology: "t", host, entries },
    surroundings: { ...parseSurroundings(new Map()), login },
  };
}

function resolve([kind, written]: Wanted): readonly DesiredResource[] {
  const known = kinds.get(kind);
  if (!known) throw new Error(kind);
  return known
    .resolve(written, context)
    .map((state) => ({ kind, key: known.key(state), state, stage: "publish", why: "", services: [] }));
}

function planOf(hosts: Readonly<Record<string, { found: Found; wanted?: readonly Wanted[] }>>) {
  const desired = new Map(Object.entries(hosts).map(([host, { wanted = [] }]) => [host, wanted.flatMap(resolve)]));
  const states = new Map(
    Object.entries(hosts).map(([host, { found }]) => [host, stateOf(host, found, desired.get(host) ?? [])]),
  );
  return { plan: makePlan({ topology: "t", hosts: desired }, states, kinds), states };
}

function problems(found: Found, ...wanted: readonly Wanted[]): readonly string[] {
  const { plan, states } = planOf({ h: { found, wanted } });
  return managementProblems(plan, states, kinds).map(({ message }) => message);
}

const rule = (table: string, chain: string, words: string, family: 4 | 6 = 4): Wanted => [
  "iptables-rule",
  { table, chain, rule: words.split(" "), family },
];
const far = { login: FAR };
const near = { login: NEAR };
/** The reply's route is the kernel's own, from an advertisement. */
const advertised = { login: V6, advertised: "route eth0 fe800000000000000000000000000001 1\n" };

interface Case {
  readonly about: string;
  readonly found: Found;
  readonly wanted?: readonly Wanted[];
  /** What it would do; absent: nothing to a session. */
  readonly would?: RegExp;
}

const cases: Readonly<Record<string, readonly Case[]>> = {
  addresses: [
    {
      about: "the session's own address goes",
      found: { ...far, gone: [["address", { address: "10.0.0.2", prefix: 24, device: "eth0" }]] },
      would: /take 10\.0\.0\.2 away, where it ends/,
    },
    {
      about: "another address goes",
      found: { ...far, gone: [["address", { address: "172.16.10.5", prefix: 24, device: "eth1" }]] },
    },
    {
      about: "it goes, and nobody has come by SSH",
      found: { gone: [["address", { address: "10.0.0.2", prefix: 24, device: "eth0" }]] },
    },
    {
      about: "the first address of the session's network goes, and the session's takes its place",
      found: {
        ...far,
        addresses: ETH0.replace("inet 10.0.0.2/24", "inet 10.0.0.9/24 scope global eth0\n    inet 10.0.0.2/24"),
        gone: [["address", { address: "10.0.0.9", prefix: 24, device: "eth0" }]],
      },
    },
    {
      about: "a later address of the session's network goes",
      found: {
        ...far,
        addresses: `${ETH0}    inet 10.0.0.9/24 scope global secondary eth0\n`,
        gone: [["address", { address: "10.0.0.9", prefix: 24, device: "eth0" }]],
      },
    },
    {
      about: "an address with the client's network comes to another interface",
      found: far,
      wanted: [["address", { address: "192.0.2.9", prefix: 24, device: "eth1" }]],
      would: /make 192\.0\.2\.1 reached dev eth1, and not via 10\.0\.0\.1 dev eth0 today/,
    },
    {
      about: "the same, where the routes were not read",
      found: { ...far, routes: "" },
      wanted: [["address", { address: "192.0.2.9", prefix: 24, device: "eth1" }]],
      would: /make 192\.0\.2\.1 reached dev eth1/,
    },
    {
      about: "a VIP with the whole prefix comes to the session's interface",
      found: far,
      wanted: [["address", { address: "10.0.0.100", prefix: 32, device: "eth0" }]],
    },
    {
      about: "the client's address comes to the host itself",
      found: far,
      wanted: [["address", { address: "192.0.2.1", prefix: 32, device: "lo" }]],
      would: /make 192\.0\.2\.1 reached on the host itself/,
    },
    {
      about: "the gateway's address comes to the host itself",
      found: far,
      wanted: [["address", { address: "10.0.0.1", prefix: 32, device: "eth1" }]],
      would: /make 10\.0\.0\.1 reached on the host itself/,
    },
    {
      about: "a network on lo covers the client",
      found: near,
      wanted: [["address", { address: "10.0.0.100", prefix: 24, device: "lo" }]],
      would: /make 10\.0\.0\.77 reached on the host itself/,
    },
  ],
  routes: [
    {
      about: "another default gateway, by which the session comes",
      found: far,
      wanted: [["route", { to: "default", via: "172.16.10.1" }]],
      would: /make 192\.0\.2\.1 reached via 172\.16\.10\.1, and not via 10\.0\.0\.1 dev eth0 today/,
    },
    {
      about: "another default gateway, and the session comes from a neighbour",
      found: near,
      wanted: [["route", { to: "default", via: "172.16.10.1" }]],
    },
    {
      about: "the default gateway that there is",
      found: far,
      wanted: [["route", { to: "default", via: "10.0.0.1" }]],
    },
    {
      about: "another default gateway, and the client has a route of its own",
      found: { ...far, routes: `${ROUTES}192.0.2.0/24 via 10.0.0.1 dev eth0\n` },
      wanted: [["route", { to: "default", via: "172.16.10.1" }]],
    },
    {
      about: "a default gateway of a greater metric",
      found: far,
      wanted: [["route", { to: "default", via: "172.16.10.1", metric: 500 }]],
    },
    {
      about: "a route for the client's network",
      found: far,
      wanted: [["route", { to: "192.0.2.0/24", via: "172.16.10.1" }]],
      would: /make 192\.0\.2\.1 reached via 172\.16\.10\.1/,
    },
    {
      about: "a route for another network",
      found: far,
      wanted: [["route", { to: "198.51.100.0/24", via: "172.16.10.1" }]],
    },
    {
      about: "half of the network that the client is a neighbour in",
      found: near,
      wanted: [["route", { to: "10.0.0.64/26", via: "172.16.10.1" }]],
      would: /make 10\.0\.0\.77 reached via 172\.16\.10\.1, and not dev eth0 today/,
    },
    {
      about: "the route that the session uses goes",
      found: {
        ...far,
        routes: ROUTES.replace("default", "192.0.2.0/24"),
        gone: [["route", { to: "192.0.2.0/24", via: "10.0.0.1" }]],
      },
      would: /make 192\.0\.2\.1 reached by no route/,
    },
    {
      about: "a blackhole for everything that the client is in",
      found: far,
      wanted: [["route", { to: "192.0.0.0/16", type: "blackhole" }]],
      would: /reached by no route \(blackhole\)/,
    },
    {
      about: "a local route for the client's network, as firewall marks have it",
      found: far,
      wanted: [["route", { to: "192.0.2.0/24", device: "lo", type: "local", table: 255 }]],
      would: /reached on the host itself/,
    },
    {
      about: "a route in a table of policies, while the main one leads to the client",
      found: far,
      wanted: [
        ["route", { to: "default", via: "10.0.0.1" }],
        ["route", { to: "192.0.2.0/24", via: "172.16.10.1", table: 100 }],
      ],
    },
    {
      about: "a route in a table of policies, one of which leads to the client",
      found: { login: { ...FAR, reply: { type: "unicast", via: "172.16.10.9", device: "eth1" } } },
      wanted: [
        ["route", { to: "default", via: "10.0.0.1" }],
        ["route", { to: "192.0.2.0/24", via: "172.16.10.1", table: 100 }],
      ],
      would: /change a route to 192\.0\.2\.1, which is reached via 172\.16\.10\.9 dev eth1 today, by a rule/,
    },
  ],
  "kernel parameters": [
    {
      about: "strict reverse path filter, where replies leave by another interface",
      found: { login: { ...FAR, address: "172.16.10.5" }, sysctls: { "net.ipv4.conf.all.rp_filter": "2" } },
      wanted: [
        ["sysctl", { key: "net.ipv4.conf.all.rp_filter", value: 1 }],
        ["address", { address: "172.16.10.5", prefix: 24, device: "eth1" }],
      ],
      would: /drop its packets: they are for an address of eth1, and replies leave by eth0/,
    },
    {
      about: "strict reverse path filter, where replies leave as requests come",
      found: { ...far, sysctls: { "net.ipv4.conf.all.rp_filter": "2" } },
      wanted: [
        ["sysctl", { key: "net.ipv4.conf.all.rp_filter", value: 1 }],
        ["address", { address: "10.0.0.2", prefix: 24, device: "eth0" }],
      ],
    },
    {
      about: "loose reverse path filter, where replies leave by another interface",
      found: { login: { ...FAR, address: "172.16.10.5" }, sysctls: { "net.ipv4.conf.all.rp_filter": "0" } },
      wanted: [
        ["sysctl", { key: "net.ipv4.conf.all.rp_filter", value: 2 }],
        ["address", { address: "172.16.10.5", prefix: 24, device: "eth1" }],
      ],
    },
    {
      about: "arp_ignore and arp_announce, as direct routing has them",
      found: {
        ...near,
        sysctls: { "net.ipv4.conf.all.arp_ignore": "0", "net.ipv4.conf.all.arp_announce": "0" },
      },
      wanted: [
        ["sysctl", { key: "net.ipv4.conf.all.arp_ignore", value: 1 }],
        ["sysctl", { key: "net.ipv4.conf.all.arp_announce", value: 2 }],
      ],
    },
    {
      about: "arp_ignore that answers nobody",
      found: { ...near, sysctls: { "net.ipv4.conf.all.arp_ignore": "0" } },
      wanted: [["sysctl", { key: "net.ipv4.conf.all.arp_ignore", value: 8 }]],
      would: /leave ARP requests for 10\.0\.0\.2 without an answer/,
    },
    {
      about: "arp_ignore, and a neighbour asks for an address of another interface",
      found: { login: { ...NEAR, address: "172.16.10.5" }, sysctls: { "net.ipv4.conf.all.arp_ignore": "0" } },
      wanted: [
        ["sysctl", { key: "net.ipv4.conf.all.arp_ignore", value: 1 }],
        ["address", { address: "172.16.10.5", prefix: 24, device: "eth1" }],
      ],
      would: /leave ARP requests for 172\.16\.10\.5 without an answer/,
    },
    {
      about: "forwarding on and off on the session's own host",
      found: { ...far, sysctls: { "net.ipv4.ip_forward": "1", "net.ipv4.conf.all.accept_redirects": "0" } },
      wanted: [["sysctl", { key: "net.ipv4.ip_forward", value: 0 }]],
    },
    {
      about: "IPv6 forwarding, and the route back is from an advertisement",
      found: { ...advertised, sysctls: { "net.ipv6.conf.all.forwarding": "0" } },
      wanted: [["sysctl", { key: "net.ipv6.conf.all.forwarding", value: 1 }]],
      would: /forget the routes that routers advertise/,
    },
    {
      about: "IPv6 forwarding, and the kernel is to go on listening to advertisements",
      found: { ...advertised, sysctls: { "net.ipv6.conf.all.forwarding": "0", "net.ipv6.conf.eth0.accept_ra": "1" } },
      wanted: [
        ["sysctl", { key: "net.ipv6.conf.eth0.accept_ra", value: 2 }],
        ["sysctl", { key: "net.ipv6.conf.all.forwarding", value: 1 }],
      ],
    },
    {
      about: "IPv6 forwarding, and the kernel is to go on listening only after it",
      found: { ...advertised, sysctls: { "net.ipv6.conf.all.forwarding": "0", "net.ipv6.conf.eth0.accept_ra": "1" } },
      wanted: [
        ["sysctl", { key: "net.ipv6.conf.all.forwarding", value: 1 }],
        ["sysctl", { key: "net.ipv6.conf.eth0.accept_ra", value: 2 }],
      ],
      would: /forget the routes that routers advertise/,
    },
    {
      about: "IPv6 forwarding, and the kernel listens to advertisements even so, as the host has it",
      found: {
        login: V6,
        advertised: "route eth0 fe800000000000000000000000000001 2\n",
        sysctls: { "net.ipv6.conf.all.forwarding": "0" },
      },
      wanted: [["sysctl", { key: "net.ipv6.conf.all.forwarding", value: 1 }]],
    },
    {
      about: "IPv6 forwarding, and a network manager has made the route back of an advertisement",
      found: { login: V6, sysctls: { "net.ipv6.conf.all.forwarding": "0" } },
      wanted: [["sysctl", { key: "net.ipv6.conf.all.forwarding", value: 1 }]],
    },
    {
      about: "no more advertisements where the route back is from one",
      found: { ...advertised, sysctls: { "net.ipv6.conf.eth0.accept_ra": "1" } },
      wanted: [["sysctl", { key: "net.ipv6.conf.eth0.accept_ra", value: 0 }]],
      would: /let the route that its replies take run out/,
    },
    {
      about: "no more advertisements on another interface",
      found: { ...advertised, sysctls: { "net.ipv6.conf.eth1.accept_ra": "1" } },
      wanted: [["sysctl", { key: "net.ipv6.conf.eth1.accept_ra", value: 0 }]],
    },
    ...(["all", "eth0"] as const).map((where) => ({
      about: `advertisements only where the host does not forward, while ${where} does`,
      found: {
        ...advertised,
        sysctls: { [`net.ipv6.conf.${where}.forwarding`]: "1", "net.ipv6.conf.eth0.accept_ra": "2" },
      },
      wanted: [
        ["sysctl", { key: `net.ipv6.conf.${where}.forwarding`, value: 1 }],
        ["sysctl", { key: "net.ipv6.conf.eth0.accept_ra", value: 1 }],
      ] as const,
      would: /let the route that its replies take run out/,
    })),
    {
      about: "advertisements only where the host does not forward, and it does not",
      found: {
        ...advertised,
        sysctls: { "net.ipv6.conf.all.forwarding": "0", "net.ipv6.conf.eth0.accept_ra": "2" },
      },
      wanted: [
        ["sysctl", { key: "net.ipv6.conf.all.forwarding", value: 0 }],
        ["sysctl", { key: "net.ipv6.conf.eth0.accept_ra", value: 1 }],
      ],
    },
    {
      about: "IPv6 forwarding, and the route back is static",
      found: {
        login: { ...V6, reply: { type: "unicast", via: "fe80::1", device: "eth0" } },
        advertised: advertised.advertised,
        sysctls: { "net.ipv6.conf.all.forwarding": "0" },
      },
      wanted: [["sysctl", { key: "net.ipv6.conf.all.forwarding", value: 1 }]],
    },
    {
      about: "IPv6 off on the session's interface",
      found: { login: V6, sysctls: { "net.ipv6.conf.eth0.disable_ipv6": "0" } },
      wanted: [["sysctl", { key: "net.ipv6.conf.eth0.disable_ipv6", value: 1 }]],
      would: /take the IPv6 addresses away/,
    },
    {
      about: "IPv6 off on another interface",
      found: { login: V6, sysctls: { "net.ipv6.conf.eth1.disable_ipv6": "0" } },
      wanted: [["sysctl", { key: "net.ipv6.conf.eth1.disable_ipv6", value: 1 }]],
    },
    {
      about: "IPv6 off, and the session is an IPv4 one",
      found: { ...far, sysctls: { "net.ipv6.conf.all.disable_ipv6": "0" } },
      wanted: [["sysctl", { key: "net.ipv6.conf.all.disable_ipv6", value: 1 }]],
    },
  ],
  "netfilter rules": [
    {
      about: "DROP for the SSH port",
      found: far,
      wanted: [rule("filter", "INPUT", "-p tcp --dport 22 -j DROP")],
      would: /drop its packets/,
    },
    {
      about: "DROP for another port",
      found: far,
      wanted: [rule("filter", "INPUT", "-p tcp --dport 23 -j DROP")],
    },
    {
      about: "DROP for UDP",
      found: far,
      wanted: [rule("filter", "INPUT", "-p udp --dport 22 -j DROP")],
    },
    {
      about: "DROP for the SSH port in FORWARD",
      found: far,
      wanted: [rule("filter", "FORWARD", "-p tcp --dport 22 -j DROP")],
    },
    {
      about: "DROP for everybody but the client",
      found: far,
      wanted: [rule("filter", "INPUT", "! -s 192.0.2.0/24 -p tcp --dport 22 -j DROP")],
    },
    {
      about: "DROP for everybody but others",
      found: far,
      wanted: [rule("filter", "INPUT", "! -s 198.51.100.0/24 -p tcp --dport 1:1024 -j REJECT")],
      would: /refuse its packets/,
    },
    {
      about: "DROP behind ACCEPT",
      found: far,
      wanted: [
        rule("filter", "INPUT", "-s 192.0.2.1 -j ACCEPT"),
        rule("filter", "INPUT", "-p tcp -m multiport --dports 22,80 -j DROP"),
      ],
    },
    {
      about: "DROP behind an ACCEPT that may not hold",
      found: far,
      wanted: [
        rule("filter", "INPUT", "-s 192.0.2.1 -m limit --limit 1/sec -j ACCEPT"),
        rule("filter", "INPUT", "-p tcp -m multiport --dports 22,80 -j DROP"),
      ],
      would: /drop its packets/,
    },
    {
      about: "DROP of what is invalid, which a session is that was not tracked before",
      found: far,
      wanted: [rule("filter", "INPUT", "-m conntrack --ctstate INVALID -j DROP")],
      would: /drop its packets/,
    },
    {
      about: "DROP on another interface",
      found: far,
      wanted: [rule("filter", "INPUT", "-i eth1 -j DROP")],
    },
    {
      about: "DROP of replies",
      found: far,
      wanted: [rule("filter", "OUTPUT", "-o eth+ -p tcp --sport 22 -j DROP")],
      would: /drop its packets/,
    },
    {
      about: "publishing on the session's address and port",
      found: far,
      wanted: [rule("nat", "PREROUTING", "-d 10.0.0.2 -p tcp --dport 22 -j DNAT --to-destination 172.16.10.10:22")],
      would: /send its packets to another host/,
    },
    {
      about: "publishing on the session's address and another port",
      found: far,
      wanted: [rule("nat", "PREROUTING", "-d 10.0.0.2 -p tcp --dport 80 -j DNAT --to-destination 172.16.10.10:80")],
    },
    {
      about: "masquerading of connections of IPVS",
      found: far,
      wanted: [rule("nat", "POSTROUTING", "-p tcp -m ipvs --vaddr 172.16.10.10 --vport 80 -j MASQUERADE")],
    },
    {
      about: "masquerading of everything else",
      found: far,
      wanted: [rule("nat", "POSTROUTING", "-p tcp -m ipvs ! --ipvs -j MASQUERADE")],
      would: /put another address into its packets/,
    },
    {
      about: "a SYN proxy for every address",
      found: far,
      wanted: [rule("raw", "PREROUTING", "-p tcp --syn -j CT --notrack")],
      would: /keep connection tracking from knowing it/,
    },
    {
      about: "a rule for IPv6",
      found: far,
      wanted: [rule("filter", "INPUT", "-p tcp --dport 22 -j DROP", 6)],
    },
    {
      about: "a mark for a service, on the session's port",
      found: far,
      wanted: [
        rule("mangle", "PREROUTING", "-d 10.0.0.0/24 -p tcp -j MARK --set-mark 7"),
        ["ipvs-service", { fwmark: 7, scheduler: "rr" }],
      ],
      would: /mark its packets for a service of IPVS/,
    },
    {
      about: "a mark that no service has",
      found: far,
      wanted: [rule("mangle", "PREROUTING", "-d 10.0.0.0/24 -p tcp -j MARK --set-mark 8")],
    },
  ],
  "IPVS, ARP and tunnels": [
    {
      about: "a service on the session's address and port",
      found: far,
      wanted: [["ipvs-service", { address: "10.0.0.2", port: 22, scheduler: "rr" }]],
      would: /give every new login to the real servers of tcp 10\.0\.0\.2:22/,
    },
    {
      about: "a service on all ports of the session's address",
      found: far,
      wanted: [["ipvs-service", { address: "10.0.0.2", port: 0, scheduler: "rr", persistence: { timeout: 300 } }]],
      would: /give every new login/,
    },
    {
      about: "a service on another port of the session's address",
      found: far,
      wanted: [["ipvs-service", { address: "10.0.0.2", port: 80, scheduler: "rr" }]],
    },
    {
      about: "silence by ARP about the session's address",
      found: far,
      wanted: [["arptables-rule", { chain: "INPUT", destination: "10.0.0.2", target: "DROP" }]],
      would: /keep the neighbours from finding 10\.0\.0\.2 by ARP/,
    },
    {
      about: "silence by ARP about the VIP",
      found: far,
      wanted: [["arptables-rule", { chain: "INPUT", destination: "10.0.0.100", target: "DROP" }]],
    },
    {
      about: "another sender in ARP requests about the session's address",
      found: far,
      wanted: [["arptables-rule", { chain: "OUTPUT", source: "10.0.0.2", target: "mangle", mangleSource: "10.0.0.3" }]],
      would: /keep the neighbours from finding/,
    },
    {
      about: "the tunnel that the session runs over goes down",
      found: {
        login: { ...FAR, reply: { type: "unicast", device: "tunl0" } },
        tunnels: "9: tunl0@NONE: <NOARP,UP,LOWER_UP> mtu 1480\n",
        gone: [["tunnel", { device: "tunl0" }]],
      },
      would: /take tunl0 down, over which it runs/,
    },
    {
      about: "another tunnel goes down",
      found: {
        ...far,
        tunnels: "9: tunl0@NONE: <NOARP,UP,LOWER_UP> mtu 1480\n",
        gone: [["tunnel", { device: "tunl0" }]],
      },
    },
  ],
};

describe.each(Object.entries(cases))("a plan and lvsctl's own session: %s", (_group, group) => {
  it.each(group)("$about", ({ found, wanted = [], would }) => {
    const messages = problems(found, ...wanted);
    if (would === undefined) expect(messages).toEqual([]);
    else {
      expect(messages).toHaveLength(1);
      expect(messages[0]).toMatch(would);
    }
  });
});

describe("sessions that pass other hosts of the topology", () => {
  const routerAddresses =
    "2: eth0: <UP>\n    inet 203.0.113.1/24 scope global eth0\n3: eth1: <UP>\n    inet 10.0.0.1/24 scope global eth1\n";
  const routerRoutes =
    "default via 203.0.113.254 dev eth0\n203.0.113.0/24 dev eth0 proto kernel scope link\n10.0.0.0/24 dev eth1 proto kernel scope link\n";
  const own: readonly Wanted[] = [["address", { address: "10.0.0.1", prefix: 24, device: "eth1" }]];
  const router = (...wanted: readonly Wanted[]) => ({
    found: {
      login: {
        client: "192.0.2.1",
        address: "203.0.113.1",
        reply: { type: "unicast", via: "203.0.113.254", device: "eth0" },
      },
      addresses: routerAddresses,
      routes: routerRoutes,
      sysctls: { "net.ipv4.ip_forward": "1", "net.ipv4.conf.all.accept_redirects": "0" },
    } as const,
    wanted: [...own, ...wanted],
  });
  const of = (fw: ReturnType<typeof router>, login: Partial<Login> = FAR) => {
    const { plan, states } = planOf({ fw, rs1: { found: { login } } });
    return managementProblems(plan, states, kinds);
  };

  it.each([
    [
      "forwarding goes off",
      ["sysctl", { key: "net.ipv4.ip_forward", value: 0 }],
      /end the forwarding by which it passes/,
    ],
    ["forwarded SSH is dropped", rule("filter", "FORWARD", "-p tcp --dport 22 -j DROP"), /drop its packets/],
    ["the host behind moves", ["route", { to: "10.0.0.0/25", via: "203.0.113.9" }], /make 10\.0\.0\.2 reached via 203/],
  ] as const)("the router in between: %s", (_about, change, would) => {
    const found = of(router(change as Wanted));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ host: "fw", hint: expect.stringContaining("--confirm-at rs1=ADDRESS") });
    expect(found[0]?.message).toMatch(/logged in to rs1 by a session from 192\.0\.2\.1 .* that passes here/);
    expect(found[0]?.message).toMatch(would);
  });

  it("a router that the session does not pass may do all that", () => {
    expect(of(router(["sysctl", { key: "net.ipv4.ip_forward", value: 0 }]), NEAR)).toEqual([]);
    expect(of(router(rule("filter", "INPUT", "-p tcp --dport 2222 -j DROP")))).toEqual([]);
  });

  it("the host that is jumped over is where the session begins", () => {
    const jump = { client: "10.0.0.1", reply: { type: "unicast", device: "eth0" } } as const;
    const found = of(router(rule("filter", "OUTPUT", "-d 10.0.0.0/24 -p tcp -j DROP")), jump);
    expect(found.map(({ message }) => message)).toEqual([
      expect.stringMatching(/logged in to rs1 .* that begins here, and this change would drop its packets/),
    ]);
    expect(of(router(rule("filter", "OUTPUT", "-d 10.0.0.0/24 -p udp -j DROP")), jump)).toEqual([]);
  });
});

describe("guardManagement", () => {
  const { plan, states } = planOf({
    h: { found: far, wanted: [["route", { to: "192.0.2.0/24", via: "172.16.10.1" }]] },
  });

  it("makes problems of dangers, which stop the plan", () => {
    const guarded = guardManagement(plan, states, kinds, false);
    expect(guarded.problems).toMatchObject([{ host: "h", description: "route 192.0.2.0/24 via 172.16.10.1" }]);
    expect(guarded.warnings).toBeUndefined();
  });

  it("makes warnings of them where they are allowed", () => {
    const guarded = guardManagement(plan, states, kinds, true);
    expect(guarded.problems).toEqual([]);
    expect(guarded.warnings).toHaveLength(1);
  });
});
