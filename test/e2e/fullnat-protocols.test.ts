/** FullNAT without a SYN proxy: TCP, UDP and SCTP, every port of an address, with ports mapped, behind a router. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dropByDefault } from "../helpers/default-drop.ts";
import { type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest, succeeded } from "../helpers/lab-under-test.ts";
import { expectDestroyed, expectNoChange, peersOf, unwrapped, verifyWithout } from "../helpers/mode-checks.ts";
import { realServersOf } from "../helpers/served-page.ts";
import { emptied } from "../helpers/translation-lab.ts";

const HOSTS = ["core", "lb", "rs1", "rs2", "client"];
const LIPS = ["172.16.10.201", "172.16.10.202"];

const at = (port: number) =>
  `realServers: { rs1: { port: ${port} }, rs2: { port: ${port} } }, localAddresses: [${LIPS[0]}]`;

const MORE = `
  dns: { mode: fullnat, vip: 172.16.10.10, port: 53, protocol: udp, scheduler: rr, ${at(5353)}, testPage: true }
  signal: { mode: fullnat, vip: 172.16.10.10, port: 2905, protocol: sctp, scheduler: rr, ${at(2906)}, testPage: true }
  all: { mode: fullnat, vip: 172.16.10.11, port: 0, scheduler: rr, persistence: { timeout: 60 }, localAddresses: [${LIPS[0]}] }
verify: { requests: 4, timeout: 1 }
`;

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up(
    "fullnat.yaml",
    "e2e-protocols",
    (text) => text.replace(/^ *synproxy: .*\n/m, "") + MORE.replace("\n", ""),
  );
  const touch = "modprobe -a nf_conntrack; for table in nat filter; do iptables -t $table -S; done >/dev/null";
  await Promise.all(HOSTS.map((host) => lab.on(host, touch)));
  await dropByDefault(lab, ["lb", "rs1", "rs2"]);
  before = await snapshot(lab, HOSTS);
});

afterAll(() => lab?.down());

describe("FullNAT without a SYN proxy", () => {
  it("applies, and requests by each protocol alternate", async () => {
    await lab.ensureBare();
    const { status, stdout } = await lab.do("apply", "--yes");
    const text = unwrapped(stdout);
    expect(text).toContain("✓ web: 4 of 4 requests from client to http://172.16.10.10:80/ were answered");
    expect(text).toContain("✓ dns: 4 of 4 requests from client to udp 172.16.10.10:53 were answered");
    expect(text).toContain("✓ dns: rr: rs1 2, rs2 2");
    expect(text).toContain("✓ signal: 4 of 4 requests from client to sctp 172.16.10.10:2905 were answered");
    expect(text).toContain("✓ signal: rr: rs1 2, rs2 2");
    expect(status, stdout).toBe(0);
    expect(await lab.on("lb", "iptables-save")).not.toMatch(/SYNPROXY|notrack/);
  });

  it("shows real servers local addresses, by each protocol", async () => {
    await lab.ensureApplied();
    await succeeded(lab.do("verify"));
    const peers = await peersOf(lab, ["rs1", "rs2"], 8080);
    expect(peers).not.toEqual([]);
    for (const peer of peers) expect(LIPS).toContain(peer);
    const others = await lab.on("lb", "conntrack -L --orig-dst 172.16.10.10 2>/dev/null");
    expect(others).toMatch(
      /^udp .* src=10\.0\.2\.253 dst=172\.16\.10\.10 .* src=172\.16\.30\.1[12] dst=172\.16\.10\.201 /m,
    );
    expect(others).toMatch(
      /^sctp .* src=10\.0\.2\.253 dst=172\.16\.10\.10 .* src=172\.16\.30\.1[12] dst=172\.16\.10\.201 /m,
    );
  });

  it("fills the director's table with each protocol", async () => {
    await lab.ensureApplied();
    const table = await lab.on("lb", "ipvsadm -S -n");
    expect(table).toContain("-A -u 172.16.10.10:53 -s rr\n-a -u 172.16.10.10:53 -r 172.16.30.11:5353 -m -w 1\n");
    expect(table).toContain("-A --sctp-service 172.16.10.10:2905 -s rr\n");
    expect(table).toContain("-A -t 172.16.10.11:0 -s rr -p 60\n-a -t 172.16.10.11:0 -r 172.16.30.11:0 -m -w 1\n");
  });

  it("takes every port of an address, and keeps a client with one real server", async () => {
    await lab.ensureApplied();
    const answers = await realServersOf(lab, "all", "client", ["172.16.10.11:8080", "172.16.10.11:8080"]);
    expect(new Set(answers).size).toBe(1);
  });

  it("applies a second time without changing anything", () => expectNoChange(lab));

  const all = ["web", "dns", "signal"];
  const twins = [
    {
      name: "the rules that change the source",
      scripts: emptied("nat", "POSTROUTING"),
      says: /lb: iptables -t nat .* -p sctp .* -j SNAT --to-source 172\.16\.10\.201 is missing/,
    },
    {
      name: "the rules for forwarded replies, where the policy drops",
      scripts: emptied("filter", "FORWARD"),
      says: /lb: iptables -t filter .* -p udp -m udp --sport 5353 .* -j ACCEPT is missing/,
    },
    {
      name: "connections that netfilter sees",
      scripts: ["echo 0 >/proc/sys/net/ipv4/vs/conntrack", "echo 1 >/proc/sys/net/ipv4/vs/conntrack"] as const,
      says: /lb: sysctl net\.ipv4\.vs\.conntrack = 1 differs from the topology/,
    },
  ];

  it.each(twins)("does not work by any protocol without $name", async ({ scripts: [take, mend], says }) => {
    const text = await verifyWithout(lab, "lb", take, `${mend}\nconntrack -F 2>/dev/null`);
    for (const service of all) expect(text).toContain(`✗ ${service}: 0 of 4 requests`);
    expect(text).toMatch(says);
  });

  // Once loaded, sctp is in use by its own sockets, one a network namespace; the kernel never unloads it.
  it("destroys everything, on all hosts", () => expectDestroyed(lab, before, /\/proc\/sys\/net\/sctp\//));
});
