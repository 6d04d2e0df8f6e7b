/** FullNAT behind a router, with the SYN proxy on the director, on a host that forwards nothing by itself. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dropByDefault } from "../helpers/default-drop.ts";
import { countSyns, handshakes, unfinished, watchSyns } from "../helpers/handshakes.ts";
import { differences, type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import { isLongRun } from "../helpers/long-run.ts";
import { peersOf, unwrapped } from "../helpers/mode-checks.ts";

const HOSTS = ["core", "lb", "rs1", "rs2", "client"];
const REAL_SERVERS = ["rs1", "rs2"];
const LOCAL_ADDRESSES = ["172.16.10.201", "172.16.10.202"];
const ASK = "curl -sS -H 'Connection: close' http://172.16.10.10/";

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up("fullnat.yaml", "e2e-fullnat", (text) => `${text}verify: { requests: 6, timeout: 1 }\n`);
  await dropByDefault(lab, ["lb", ...REAL_SERVERS]);
  await watchSyns(lab, REAL_SERVERS, 8080);
  await lab.on("client", "iptables -S >/dev/null"); // It leaves a lock file behind.
  before = await snapshot(lab, HOSTS);
});

afterAll(async () => {
  await lab?.down();
});

describe("examples/fullnat.yaml", () => {
  it("applies, and requests reach both real servers", async () => {
    await lab.ensureBare();
    const { status, stdout, stderr } = await lab.do("apply", "--yes");
    expect(stdout).toContain("Note: web: Real servers will see one of the director's local addresses as the");
    expect(stderr + stdout).toContain("Verified");
    expect(unwrapped(stdout)).toMatch(/✓ web: cookie_valid in \S+ on lb grew by 6 during 6 answered requests/);
    expect(status, stdout).toBe(0);
  });

  it("applies a second time without changing anything", async () => {
    await lab.ensureApplied();
    const { status, stdout } = await lab.do("apply", "--yes");
    expect(stdout).toContain("Nothing to change on 5 hosts");
    expect(status, stdout).toBe(0);
  });

  it("fills the IPVS table as NAT with other ports", async () => {
    await lab.ensureApplied();
    const tables = await lab.on("lb", "ipvsadm -S -n; ipvsadm -L -n; ipvsadm -L -n --thresholds");
    expect(tables).toContain(
      [
        "-A -t 172.16.10.10:80 -s wlc",
        "-a -t 172.16.10.10:80 -r 172.16.30.11:8080 -m -w 1",
        "-a -t 172.16.10.10:80 -r 172.16.30.12:8080 -m -w 1",
      ].join("\n"),
    );
    expect(tables).toMatch(/-> 172\.16\.30\.11:8080 +Masq +1 /);
    expect(tables).toMatch(/-> 172\.16\.30\.12:8080 +0 +0 /);
  });

  it("shows real servers a local address in place of the client's: always the same for one client, all of them for many", async () => {
    await lab.ensureApplied();
    await lab.on(
      "client",
      `for host in 101 102 103 104 105 106; do
  ip address add 10.0.2.$host/24 dev eth0
  for again in 1 2 3; do ${ASK} --interface 10.0.2.$host >/dev/null; done
  ip address del 10.0.2.$host/24 dev eth0
done`,
    );
    const connections = await lab.on("lb", "conntrack -L -p tcp --orig-dst 172.16.10.10 2>/dev/null");
    const pairs = [
      ...connections.matchAll(/ src=(10\.0\.2\.10\d) dst=172\.16\.10\.10 .*? src=172\.16\.30\.1[12] dst=(\S+)/g),
    ];
    expect(pairs).toHaveLength(18);
    const used = new Map<string, Set<string>>();
    for (const [, client = "", lip = ""] of pairs) used.set(client, (used.get(client) ?? new Set()).add(lip));
    expect([...used.values()].map(({ size }) => size)).toEqual([1, 1, 1, 1, 1, 1]);
    expect([...new Set(pairs.map(([, , lip]) => lip))].sort()).toEqual(LOCAL_ADDRESSES);

    const peers = await peersOf(lab, REAL_SERVERS, 8080);
    expect(peers).not.toEqual([]);
    for (const peer of peers) expect(LOCAL_ADDRESSES).toContain(peer);
  });

  it("keeps handshakes that nobody finishes from the real servers", async () => {
    await lab.ensureApplied();
    const reached = await countSyns(lab, REAL_SERVERS);
    const seen = await handshakes(lab, "lb", "syn_received");
    await unfinished(lab, "client", "http://172.16.10.10/");
    expect(await handshakes(lab, "lb", "syn_received")).toBeGreaterThanOrEqual(seen + 3);
    expect(await countSyns(lab, REAL_SERVERS)).toBe(reached);
    const valid = await handshakes(lab, "lb", "cookie_valid");
    await lab.on("client", ASK);
    expect(await handshakes(lab, "lb", "cookie_valid")).toBe(valid + 1);
    expect(await countSyns(lab, REAL_SERVERS)).toBe(reached + 1);
  });

  const flush = (table: string, hook: string) => `iptables-save -t ${table} >/root/kept
iptables -t ${table} -F "$(sed -n 's/^:\\(LVSCTL-[^ ]*-${hook}\\) .*/\\1/p' /root/kept)"`;
  const restore = "iptables-restore </root/kept; rm /root/kept";

  const twins = [
    {
      name: "vs.conntrack",
      take: "echo 0 >/proc/sys/net/ipv4/vs/conntrack",
      mend: "echo 1 >/proc/sys/net/ipv4/vs/conntrack",
      says: [
        /✗ web: 0 of 6 requests/,
        /lb: sysctl net\.ipv4\.vs\.conntrack = 1 differs from the topology: value is "0"/,
      ],
    },
    {
      name: "ip_forward",
      take: "echo 0 >/proc/sys/net/ipv4/ip_forward",
      mend: "echo 1 >/proc/sys/net/ipv4/ip_forward",
      says: [/✗ web: 0 of 6 requests/, /lb: sysctl net\.ipv4\.ip_forward = 1 differs from the topology/],
    },
    {
      name: "the local addresses",
      take: LOCAL_ADDRESSES.map((address) => `ip address del ${address}/32 dev eth0`).join("\n"),
      mend: LOCAL_ADDRESSES.map((address) => `ip address add ${address}/32 dev eth0`).join("\n"),
      says: [/✗ web: 0 of 6 requests/, /lb: address 172\.16\.10\.202\/32 dev eth0 is missing/],
    },
    {
      name: "the source NAT rules",
      take: flush("nat", "POSTROUTING"),
      mend: restore,
      says: [/✗ web: 0 of 6 requests/, /lb: iptables -t nat .* -j SNAT --to-source 172\.16\.10\.202 is missing/],
    },
    {
      name: "the rule for forwarded replies, where the policy drops",
      take: flush("filter", "FORWARD"),
      mend: restore,
      says: [/✗ web: 0 of 6 requests/, /lb: iptables -t filter .*-FORWARD .* -j ACCEPT is missing/],
    },
    {
      name: "the SYN proxy's rules",
      take: flush("filter", "INPUT"),
      mend: restore,
      says: [/✗ web: 0 of 6 requests/, /lb: iptables -t filter .* -j SYNPROXY .* is missing/],
    },
  ];

  const tried = isLongRun ? twins : twins.filter(({ name }) => /^the (source NAT|SYN proxy)/.test(name));

  it.each(tried)("does not work without $name, and verify says so", async ({ take, mend, says }) => {
    await lab.ensureApplied();
    await lab.on("lb", take);
    // Who still knows the MAC address of a local address that is gone would find it for some seconds more.
    await lab.on("core", "ip neigh flush dev eth1");
    const { status, stdout } = await lab.do("verify");
    await lab.on("lb", `${mend}\nconntrack -F 2>/dev/null`);
    for (const text of says) expect(unwrapped(stdout)).toMatch(text);
    expect(status, stdout).toBe(3);
  });

  it("works again with all of them, and destroy leaves every host as it was", async () => {
    await lab.ensureApplied();
    await lab.on("client", ASK);
    const { status, stderr } = await lab.do("destroy", "--yes");
    expect(stderr).not.toMatch(/LVS-/);
    expect(status, stderr).toBe(0);
    expect(differences(before, await snapshot(lab, HOSTS))).toEqual([]);
  });
});
