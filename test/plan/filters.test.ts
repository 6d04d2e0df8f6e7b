/** A plan names the filter that would drop what it lets in, before traffic depends on it. */
import { describe, expect, it } from "vitest";
import type { FilteredPacket } from "../../src/lvs/filtered-packet.ts";
import type { HostState } from "../../src/plan/host-state.ts";
import { judgedPlan } from "../../src/plan/judged-plan.ts";
import { bootUnit } from "../../src/resources/boot-unit.ts";
import { iptablesRule } from "../../src/resources/iptables/iptables-rule.ts";
import { kinds } from "../../src/resources/kinds.ts";
import type { Observed } from "../../src/resources/resource.ts";
import { parseSurroundings, surroundingsReads } from "../../src/resources/surroundings.ts";

const context = { topology: "t", host: "lb1" };

const INPUT = [
  ["-d", "172.16.10.10", "-p", "tcp", "--dport", "80", "-j", "ACCEPT"],
  ["-d", "172.16.10.10", "-p", "udp", "--dport", "53", "-j", "ACCEPT"],
  ["-d", "172.16.20.20", "-p", "4", "-j", "ACCEPT"],
  ["-d", "172.16.10.10", "-p", "icmp", "--icmp-type", "3", "-j", "ACCEPT"],
];

function resources(rules: readonly (readonly string[])[], chain = "INPUT", table = "filter") {
  return rules
    .flatMap((rule) => iptablesRule.resolve({ table, chain, rule }, context))
    .map((state) => ({
      ...{ kind: "iptables-rule", key: iptablesRule.key(state), state, stage: "publish", why: "" },
      services: ["web"],
    })) as never[];
}

interface Printed {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly status?: number;
}

/** What a plan that lets these in warns of on a host whose nft, and whose iptables programs, printed this. */
function warnings(
  nft: Printed,
  wanted = resources(INPUT),
  iptables: { readonly [variant in "save" | "save-legacy" | "save-nft" | "is-nft"]?: Printed } = {},
  passing: readonly FilteredPacket[] = [],
  hooked: readonly string[] = [],
) {
  const printed = (name: string, { stdout = "", stderr = "", status = 0 }: Printed) =>
    [name, { stdout, stderr, status }] as const;
  const outputs = new Map([
    printed("login", { stdout: "login 192.0.2.1 50022 10.0.0.2 22\nlooked\n" }),
    printed("nft-ruleset", nft),
    ...Object.entries(iptables).map(([variant, one]) => printed(`iptables-rule-4-${variant}`, one)),
  ]);
  const surroundings = parseSurroundings(outputs, wanted, kinds, passing);
  const states = (wanted as readonly { readonly state: never }[]).map(({ state }) => state);
  const observed = new Map<string, Observed>([
    ...[...kinds].map(([name, kind]) => [name, kind.bare()] as const),
    ["boot-unit", { states: new Map(), detail: { ...bootUnit.bare().detail, hooked } }],
    ...(Object.keys(iptables).length > 0
      ? [["iptables-rule", iptablesRule.parse(outputs, states, context) as Observed] as const]
      : []),
  ]);
  const state: HostState = { host: "lb1", observed, ledger: undefined, surroundings };
  const desired = {
    ...{ topology: "t", hosts: new Map([["lb1", wanted]]) },
    passing: new Map([["lb1", passing.map((packet) => ({ packet, service: "web" }))]]),
  };
  return judgedPlan(desired, new Map([["lb1", state]]), kinds, {}).warnings ?? [];
}

function ruleset(table: string, policy: string, ...expressions: readonly object[][]) {
  const chain = { family: "inet", table, name: "input", type: "filter", hook: "input", prio: 0, policy };
  const rules = expressions.map((expr, at) => ({
    rule: { family: "inet", table, chain: "input", handle: 7 + at, expr },
  }));
  return { status: 0, stdout: JSON.stringify({ nftables: [{ metainfo: {} }, { chain }, ...rules] }) };
}

const dport = (port: number) => ({
  match: { op: "==", left: { payload: { protocol: "tcp", field: "dport" } }, right: port },
});

describe("a plan", () => {
  it("names the chain whose policy drops what it lets in, and says how to let it in there", () => {
    expect(warnings(ruleset("filter", "drop", [dport(22), { accept: null }]))).toEqual([
      {
        host: "lb1",
        description: "packet filter inet filter input",
        message: expect.stringMatching(
          /^A packet filter on lb1 drops what the plan lets in: tcp to 172\.16\.10\.10:80, udp to 172\.16\.10\.10:53, ipencap to 172\.16\.20\.20\. It is the chain inet filter input of nf_tables, and its policy is drop\./,
        ),
        hint: expect.stringContaining(
          "nft insert rule inet filter input ip daddr 172.16.10.10 tcp dport 80 accept. Write it into the file",
        ),
      },
    ]);
  });

  it("names the rule that drops something", () => {
    const [found, ...more] = warnings(ruleset("filter", "accept", [dport(80), { drop: null }]));
    expect(more).toEqual([]);
    expect(found?.message).toContain(
      "its rule with the handle 7 drops or rejects them (nft -a list chain inet filter input shows it)",
    );
    expect(found?.message).not.toContain("udp");
  });

  it("tells firewalld's own way", () => {
    const [found] = warnings(ruleset("firewalld", "accept", [{ reject: { type: "icmpx", expr: "admin-prohibited" } }]));
    expect(found?.hint).toContain(
      `firewall-cmd --permanent --add-rich-rule='rule family="ipv4" destination address="172.16.10.10" port port="80" protocol="tcp" accept'`,
    );
  });

  it.each([
    ["what starts the topology has hooks there", true, ["nftables", "firewalld"], true],
    ["it has none for firewalld", true, ["nftables"], false],
    ["nothing of the topology is started", false, ["firewalld"], false],
  ])("knows whether firewalld's reload costs the host lvsctl's rules: %s", (_what, persist, hooked, comesBack) => {
    const unit = bootUnit.resolve({}, context).map((state) => ({
      ...{ kind: "boot-unit", key: bootUnit.key(state), state, stage: "kernel-modules", why: "", services: [] },
    }));
    const wanted = [...resources(INPUT), ...(persist ? unit : [])] as never[];
    const [found, ...more] = warnings(ruleset("firewalld", "drop"), wanted, {}, [], hooked);
    expect(more).toEqual([]);
    expect(found?.hint.includes("removes lvsctl's rules")).toBe(!comesBack);
  });

  it("says nothing of filters that let it in, or may do so", () => {
    expect(warnings(ruleset("filter", "accept"))).toEqual([]);
    expect(warnings(ruleset("filter", "drop", [{ limit: { rate: 5 } }, { accept: null }]))).toEqual([]);
    expect(warnings(ruleset("filter", "drop"), resources([["-s", "10.0.0.1", "-j", "DROP"]]))).toEqual([]);
  });

  it("says where the filters could not be read, and nothing on a host without nft", () => {
    expect(warnings({ stdout: "", status: 127 })).toEqual([]);
    const stderr =
      "Operation not permitted (you must be root)\nnetlink: Error: cache initialization failed: Operation not permitted\n";
    const why = "whether rules of nf_tables would drop the services' packets, because";
    expect(warnings({ stderr, status: 1 }).map(({ message }) => message)).toEqual([
      `It could not be checked on lb1 ${why} nft -j -t list ruleset failed there: Operation not permitted (you must be root); netlink: Error: cache initialization failed: Operation not permitted.`,
    ]);
    expect(warnings({ stdout: "not JSON", status: 0 }).map(({ message }) => message)).toEqual([
      `It could not be checked on lb1 ${why} what nft -j -t list ruleset printed there is no ruleset.`,
    ]);
  });
});

it("nft is only asked on hosts where something is to be let in, or passes", () => {
  const names = (wanted: never[], passing: readonly FilteredPacket[] = []) =>
    surroundingsReads(wanted, kinds, passing).map(({ name }) => name);
  expect(names([], [REQUEST])).toEqual(expect.arrayContaining(["nft-ruleset", "iptables-rule-4-save-nft"]));
  expect(names([], [REQUEST])).not.toContain("iptables-rule-6-save");
  expect(names(resources(INPUT))).toContain("nft-ruleset");
  expect(names(resources([["-s", "10.0.0.1", "-j", "DROP"]]))).not.toContain("nft-ruleset");
});

const REQUEST: FilteredPacket = {
  ...{ hook: "forward", family: 4, protocol: "tcp", isFirst: true, clientEnd: "source" },
  ...{ source: "10.0.2.253", destination: "172.16.10.10", destinationPort: 80 },
};

const WITHOUT_NFT = { status: 127 };
const NO_SUCH = { status: 127 };

/** What iptables-save prints of one table. */
const saved = (table: string, ...lines: readonly string[]) => ({
  stdout: [
    "# Generated by iptables-save v1.8.7 on Fri Nov 27 05:41:46 2026",
    ...[`*${table}`, ...(table === "filter" ? [] : [":PREROUTING ACCEPT [12:720]", ":FORWARD ACCEPT [0:0]"]), ...lines],
    ...["COMMIT", "# Completed on Fri Nov 27 05:41:46 2026", ""],
  ].join("\n"),
});
const dropInput = saved(
  "filter",
  ":INPUT DROP [3:180]",
  ":FORWARD DROP [0:0]",
  "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT",
);
const places = (found: ReturnType<typeof warnings>) => found.map(({ description }) => description);

describe("of iptables, a plan", () => {
  it("says nothing of a policy in the chain to which its own jump comes first, whatever the programs are called", () => {
    const alone = { save: dropInput, "save-legacy": NO_SUCH, "save-nft": NO_SUCH };
    expect(warnings(WITHOUT_NFT, resources(INPUT), alone)).toEqual([]);
    const both = { save: dropInput, "save-legacy": {}, "save-nft": dropInput, "is-nft": { status: 0 } };
    expect(warnings(WITHOUT_NFT, resources(INPUT), both)).toEqual([]);
    const legacy = { save: dropInput, "save-legacy": dropInput, "save-nft": {}, "is-nft": { status: 1 } };
    expect(warnings(WITHOUT_NFT, resources(INPUT), legacy)).toEqual([]);
  });

  it("names the chain of the other back end, which still drops", () => {
    const nft = saved("filter", ":INPUT ACCEPT [0:0]");
    const found = warnings(WITHOUT_NFT, resources(INPUT), {
      ...{ save: nft, "save-legacy": dropInput, "save-nft": nft, "is-nft": { status: 0 } },
    });
    expect(found).toEqual([
      {
        host: "lb1",
        description: "packet filter iptables-legacy -t filter INPUT",
        message: expect.stringMatching(
          /^A packet filter on lb1 drops what the plan lets in: tcp to 172\.16\.10\.10:80, .* It is the chain INPUT in the table filter of iptables-legacy, and its policy is DROP\./,
        ),
        hint: expect.stringContaining(
          "iptables-legacy -t filter -I INPUT -d 172.16.10.10 -p tcp --dport 80 -j ACCEPT. Write it",
        ),
      },
    ]);
  });

  it("names the rule of another table once, although the default and its back end both show it", () => {
    const raw = saved("raw", "-A PREROUTING -d 172.16.10.0/24 -p tcp -m tcp --dport 80 -j DROP");
    const [found, ...more] = warnings(WITHOUT_NFT, resources(INPUT), { save: raw, "save-legacy": raw, "save-nft": {} });
    expect(more).toEqual([]);
    expect(found?.description).toBe("packet filter iptables-legacy -t raw PREROUTING");
    expect(found?.message).toContain(
      "its rule -d 172.16.10.0/24 -p tcp -m tcp --dport 80 -j DROP drops or rejects them",
    );
    expect(found?.message).not.toContain("udp");
  });

  it("names a rule before its own jump, and none behind it", () => {
    const chain = (...rules: readonly string[]) => ({
      save: saved(
        "filter",
        ":INPUT ACCEPT [0:0]",
        ":LVSCTL-t-INPUT - [0:0]",
        ...rules.map((rule) => `-A INPUT ${rule}`),
      ),
    });
    const [jump, drop] = ["-j LVSCTL-t-INPUT", "-p tcp -j DROP"];
    expect(places(warnings(WITHOUT_NFT, resources(INPUT), chain(drop, jump)))).toEqual([
      "packet filter iptables -t filter INPUT",
    ]);
    expect(warnings(WITHOUT_NFT, resources(INPUT), chain(jump, drop))).toEqual([]);
  });

  it("says nothing of rules whose matches it does not know", () => {
    const unsure = saved("raw", "-A PREROUTING -m rpfilter --invert -j DROP", "-A PREROUTING -i eth1 -p tcp -j DROP");
    expect(warnings(WITHOUT_NFT, resources(INPUT), { save: unsure })).toEqual([]);
  });

  it("does not warn of the same rule again where nft lists it too", () => {
    const rule = { table: "mangle", chain: "PREROUTING", family: "ip", handle: 3 };
    const chain = { family: "ip", table: "mangle", name: "PREROUTING", type: "filter", hook: "prerouting", prio: -150 };
    const listed = (...expr: readonly object[]) => ({
      stdout: JSON.stringify({ nftables: [{ chain: { ...chain, policy: "accept" } }, { rule: { ...rule, expr } }] }),
    });
    const xt = (type: string, name: string) => ({ xt: { type, name } });
    const nft = saved("mangle", "-A PREROUTING -p tcp -m multiport --dports 80,81 -j DROP");
    const counter = { counter: { packets: 0, bytes: 0 } };
    const ofIptables = listed(xt("match", "multiport"), counter, { drop: null });
    expect(places(warnings(ofIptables, resources(INPUT), { save: nft, "save-nft": nft }))).toEqual([
      "packet filter iptables-nft -t mangle PREROUTING",
    ]);
    expect(places(warnings(listed({ drop: null }), resources(INPUT), { save: NO_SUCH }))).toEqual([
      "packet filter ip mangle PREROUTING",
    ]);
  });

  it("knows a published service's packets by the public address before they are translated, and by the VIP after that", () => {
    const dnat = ["-d", "10.0.2.1", "-p", "tcp", "--dport", "80", "-j", "DNAT", "--to-destination", "172.16.10.10:80"];
    const wanted = [
      ...resources([["-d", "172.16.10.10", "-p", "tcp", "--dport", "80", "-j", "ACCEPT"]], "FORWARD"),
      ...resources([dnat], "PREROUTING", "nat"),
    ] as never[];
    const drops = (table: string, chain: string, address: string) =>
      places(warnings(WITHOUT_NFT, wanted, { save: saved(table, `-A ${chain} -d ${address} -j DROP`) }));
    expect(drops("raw", "PREROUTING", "172.16.0.0/12")).toEqual([]);
    expect(drops("raw", "PREROUTING", "10.0.2.1")).toEqual(["packet filter iptables -t raw PREROUTING"]);
    expect(drops("mangle", "FORWARD", "172.16.0.0/12")).toEqual(["packet filter iptables -t mangle FORWARD"]);
    expect(drops("mangle", "FORWARD", "10.0.2.1")).toEqual([]);
  });

  it("says which rules nobody could read, and nothing of a kernel that has none", () => {
    const messages = (iptables: Parameters<typeof warnings>[2]) =>
      warnings(WITHOUT_NFT, resources(INPUT), iptables).map(({ message }) => message);
    expect(messages({ save: {}, "save-legacy": { status: 1, stderr: "Permission denied" } })).toEqual([
      "It could not be checked on lb1 whether rules of iptables would drop the services' packets, because iptables-legacy-save failed there: Permission denied.",
    ]);
    const stderr = "# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n";
    expect(messages({ save: { stderr }, "save-legacy": NO_SUCH, "save-nft": NO_SUCH })).toEqual([
      "It could not be checked on lb1 whether rules of iptables would drop the services' packets, because there are rules of iptables-legacy and no iptables-legacy-save to show them.",
    ]);
    expect(messages({ save: { stderr }, "save-legacy": {}, "save-nft": NO_SUCH })).toEqual([]);
    expect(messages({ save: {}, "save-nft": { status: 1, stderr: "Protocol not supported" } })).toEqual([]);
  });
});

describe("of packets that pass a host without a rule of the topology, a plan", () => {
  const SENT: FilteredPacket = {
    ...{ hook: "output", family: 4, protocol: "tcp", isFirst: false, clientEnd: "destination" },
    ...{ source: "172.16.10.10", sourcePort: 80, destination: "10.0.2.253" },
  };
  const policies = (chain: string) => ({
    save: saved("filter", ...[`:${chain} DROP [3:180]`, ":LVSCTL-t-INPUT - [0:0]"]),
  });
  const passingBy = (iptables: Parameters<typeof warnings>[2], wanted: never[] = []) =>
    warnings(WITHOUT_NFT, wanted, iptables, [REQUEST, SENT]);

  it.each([
    [
      "FORWARD",
      /^A packet filter on lb1 drops packets of the service web that lb1 has to forward: tcp from 10\.0\.2\.253 to 172\.16\.10\.10:80\. It is the chain FORWARD in the table filter of iptables, and its policy is DROP\. lvsctl adds no rules there that let them through\.$/,
      "Let them pass there, for example: iptables -t filter -I FORWARD -d 172.16.10.10 -p tcp --dport 80 -j ACCEPT. Write",
    ],
    [
      "OUTPUT",
      /^A packet filter on lb1 drops packets of the service web that lb1 has to send: tcp from 172\.16\.10\.10:80 to 10\.0\.2\.253\. It is the chain OUTPUT in .* lvsctl adds no rules there that let them out\.$/,
      "Let them pass there, for example: iptables -t filter -I OUTPUT -s 172.16.10.10 -p tcp --sport 80 -j ACCEPT. Write",
    ],
  ])("names a policy of %s, and how to let them pass there", (chain, message, hint) => {
    expect(passingBy(policies(chain))).toEqual([
      {
        ...{ host: "lb1", description: `packet filter iptables -t filter ${chain}` },
        message: expect.stringMatching(message),
        hint: expect.stringContaining(hint),
      },
    ]);
    expect(passingBy(policies("INPUT"))).toEqual([]);
  });

  it("names rules of nft, and says of firewalld what it takes", () => {
    const listed = (table: string, hook: string) => {
      const chain = { family: "inet", table, name: "c", type: "filter", hook, prio: 0, policy: "drop" };
      return { stdout: JSON.stringify({ nftables: [{ chain }] }) };
    };
    const found = (table: string, hook: string) => warnings(listed(table, hook), [] as never[], {}, [REQUEST, SENT]);
    expect(found("t", "forward").map(({ hint }) => hint)).toEqual([
      expect.stringContaining("nft insert rule inet t c ip daddr 172.16.10.10 tcp dport 80 accept."),
    ]);
    expect(found("firewalld", "output").map(({ hint }) => hint)).toEqual([
      expect.stringContaining("firewall-cmd --permanent --new-policy=lvsctl-output &&"),
    ]);
    expect(found("t", "input")).toEqual([]);
  });

  it("knows that rules of its own let some of them pass, once they are there", () => {
    const accept = ["-s", "172.16.10.10", "-p", "tcp", "--sport", "80", "-j", "ACCEPT"];
    const drop = policies("OUTPUT");
    expect(passingBy(drop, resources([accept], "OUTPUT") as never[])).toEqual([]);
    expect(places(passingBy(drop, resources([accept.with(5, "81")], "OUTPUT") as never[]))).toEqual([
      "packet filter iptables -t filter OUTPUT",
    ]);
  });

  it("finds data connections of FTP dropped only where no rule may let in the ports that a server chooses", () => {
    const DATA: FilteredPacket = {
      ...{ hook: "input", family: 4, protocol: "tcp", isFirst: true, clientEnd: "source", isData: true },
      ...{ source: "10.0.2.253", destination: "172.16.10.10", mayGoToIpvs: true },
    };
    const found = (...rules: readonly string[]) =>
      warnings(WITHOUT_NFT, [] as never[], { save: saved("filter", ":INPUT DROP [3:180]", ...rules) }, [DATA]);
    expect(found("-A INPUT -p tcp -m tcp --dport 21 -j ACCEPT")).toEqual([
      {
        ...{ host: "lb1", description: "packet filter iptables -t filter INPUT" },
        message: expect.stringContaining(
          "drops data connections of FTP of the service web that lb1 has to let in: tcp from 10.0.2.253 to 172.16.10.10:1024-65535. It",
        ),
        hint: expect.stringMatching(
          /-I INPUT -d 172\.16\.10\.10 -p tcp --dport 1024:65535 -j ACCEPT\..* If the FTP servers offer fewer ports/,
        ),
      },
    ]);
    for (const ports of ["10000:10100", "1024:65535", "2121"])
      expect(found(`-A INPUT -p tcp -m tcp --dport ${ports} -j ACCEPT`), ports).toEqual([]);
    expect(found("-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT")).toEqual([]);
    expect(places(found("-A INPUT -p tcp -m tcp --dport 1024:65535 -j DROP"))).toHaveLength(1);
  });

  it("says which rules nobody could read, where something changes", () => {
    const barred = { save: { status: 4, stderr: "Permission denied (you must be root)\n" }, "save-legacy": NO_SUCH };
    const sysctl = { kind: "sysctl", key: "net.ipv4.ip_forward", state: { key: "net.ipv4.ip_forward", value: "1" } };
    const wanted = [{ ...sysctl, stage: "publish", why: "", services: [] }] as never[];
    const messages = (resources: never[]) =>
      warnings(WITHOUT_NFT, resources, { ...barred, "save-nft": NO_SUCH }, [REQUEST]).map(({ message }) => message);
    expect(messages(wanted)).toEqual([
      "It could not be checked on lb1 whether rules of iptables would drop the services' packets, because iptables-save failed there: Permission denied (you must be root).",
    ]);
    expect(messages([] as never[])).toEqual([]);
  });
});
