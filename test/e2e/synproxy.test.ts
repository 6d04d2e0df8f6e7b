/** A SYN proxy on the firewall before direct routing: where it publishes the service, and where it only routes. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countSyns, handshakes, unfinished, watchSyns } from "../helpers/handshakes.ts";
import { differences, type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import { peersWhileConnected, unwrapped } from "../helpers/mode-checks.ts";

const HOSTS = ["fw", "dr", "rs1", "rs2", "client"];
const REAL_SERVERS = ["rs1", "rs2"];

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up(
    "dr.yaml",
    "e2e-synproxy",
    (text) => `${text}    synproxy: { on: fw, mss: 1460, windowScale: 7 }\nverify: { requests: 6, timeout: 1 }\n`,
  );
  await lab.on(
    "fw",
    "modprobe -a nf_conntrack; for table in nat raw filter; do iptables -t $table -S >/dev/null; done",
  );
  await lab.on("client", "iptables -S >/dev/null");
  await watchSyns(lab, REAL_SERVERS, 80);
  before = await snapshot(lab, HOSTS);
});

afterAll(async () => {
  await lab?.down();
});

describe("a SYN proxy on a firewall that publishes the service", () => {
  it("lets finished handshakes through, and counts them", async () => {
    const reached = await countSyns(lab, REAL_SERVERS);
    const valid = await handshakes(lab, "fw", "cookie_valid").catch(() => 0);
    await lab.ensureBare();
    const { status, stdout, stderr } = await lab.do("apply", "--yes");
    expect(stderr + stdout).toContain("Verified");
    expect(status, stdout).toBe(0);
    expect(await handshakes(lab, "fw", "cookie_valid")).toBe(valid + 6);
    expect(await countSyns(lab, REAL_SERVERS)).toBe(reached + 6);
  });

  it("applies a second time without changing anything", async () => {
    await lab.ensureApplied();
    const { status, stdout } = await lab.do("apply", "--yes");
    expect(stdout).toContain("Nothing to change on 5 hosts");
    expect(status, stdout).toBe(0);
  });

  it("keeps the client's address, and the service as it is without the proxy", async () => {
    await lab.ensureApplied();
    const servers = { hosts: REAL_SERVERS, port: 80 };
    expect(await peersWhileConnected(lab, "client", ["10.0.2.1:80"], servers)).toEqual(["10.0.2.253"]);
    const table = await lab.on("dr", "ipvsadm -S -n");
    expect(table).toContain("-A -t 172.16.10.10:80 -s rr\n-a -t 172.16.10.10:80 -r 172.16.20.20:80 -g -w 1");
  });

  it("keeps handshakes that nobody finishes from the real servers", async () => {
    await lab.ensureApplied();
    const reached = await countSyns(lab, REAL_SERVERS);
    const seen = await handshakes(lab, "fw", "syn_received");
    await unfinished(lab, "client", "http://10.0.2.1/");
    expect(await handshakes(lab, "fw", "syn_received")).toBeGreaterThanOrEqual(seen + 3);
    expect(await countSyns(lab, REAL_SERVERS)).toBe(reached);
  });

  const twins = [
    { name: "the translation in OUTPUT", table: "nat", hook: "OUTPUT", says: /✗ web: 0 of 6 requests/, rule: "DNAT" },
    { name: "the proxy's rules", table: "filter", hook: "INPUT", says: /✗ web: 0 of 6 requests/, rule: "SYNPROXY" },
    {
      name: "the untracked first packets",
      table: "raw",
      hook: "PREROUTING",
      says: /✗ web: cookie_valid in \S+ on fw grew by 0 during 6 answered requests/,
      rule: "CT --notrack",
    },
  ];

  it.each(twins)("does not work without $name, and verify says so", async ({ table, hook, says, rule }) => {
    await lab.ensureApplied();
    const chain = `LVSCTL-e2e_f2d40-${hook}`;
    await lab.on("fw", `iptables-save -t ${table} >/root/kept; iptables -t ${table} -F ${chain}`);
    const { status, stdout } = await lab.do("verify");
    await lab.on("fw", "iptables-restore </root/kept; rm /root/kept");
    expect(unwrapped(stdout)).toMatch(says);
    expect(unwrapped(stdout)).toMatch(new RegExp(`fw: iptables -t ${table} -A ${chain} .* -j ${rule}.* is missing`));
    expect(status, stdout).toBe(3);
  });

  it("does not work where netfilter picks up connections in the middle, and verify says so", async () => {
    await lab.ensureApplied();
    const path = "/proc/sys/net/netfilter/nf_conntrack_tcp_loose";
    await lab.on("fw", `echo 1 >${path}`);
    const { status, stdout } = await lab.do("verify");
    await lab.on("fw", `echo 0 >${path}`);
    expect(stdout).toMatch(/✗ web: 0 of 6 requests/);
    expect(unwrapped(stdout)).toMatch(
      /fw: sysctl net\.netfilter\.nf_conntrack_tcp_loose = 0 differs from the topology/,
    );
    expect(status, stdout).toBe(3);
  });
});

describe("a SYN proxy on a firewall that only routes", () => {
  const routed = (text: string) => text.replace(/^ *publish: .*\n/m, "");

  it("stands in FORWARD, and the rest goes", async () => {
    const { status, stdout, stderr } = await lab.lvsctl("apply", "--lab", "--yes", lab.variant("routed.yaml", routed));
    expect(stderr + stdout).toContain("Verified");
    expect(stdout).toContain("6 of 6 requests from client to http://172.16.10.10:80/");
    expect(unwrapped(stdout)).toMatch(/✓ web: cookie_valid in \S+ on fw grew by 6 during 6 answered requests/);
    expect(status, stdout).toBe(0);
    const rules = await lab.on("fw", "iptables-save");
    expect(rules).toMatch(/-FORWARD -d 172\.16\.10\.10\/32 .* -j SYNPROXY/);
    expect(rules).not.toMatch(/DNAT|-OUTPUT -/);
    const reached = await countSyns(lab, REAL_SERVERS);
    await unfinished(lab, "client", "http://172.16.10.10/");
    expect(await countSyns(lab, REAL_SERVERS)).toBe(reached);
  });

  it("does not work without the proxy's rules, and verify says so", async () => {
    await lab.ensureApplied(lab.variant("routed.yaml", routed));
    const chain = "LVSCTL-e2e_f2d40-FORWARD";
    await lab.on("fw", `iptables-save -t filter >/root/kept; iptables -t filter -F ${chain}`);
    const { status, stdout } = await lab.lvsctl("verify", "--lab", lab.variant("routed.yaml", routed));
    await lab.on("fw", "iptables-restore </root/kept; rm /root/kept");
    // First packets that nobody tracks or proxies are routed like all others.
    expect(unwrapped(stdout)).toMatch(/✗ web: cookie_valid in \S+ on fw grew by 0 during 6 answered requests/);
    expect(unwrapped(stdout)).toMatch(new RegExp(`fw: iptables -t filter -A ${chain} .* -j SYNPROXY.* is missing`));
    expect(status, stdout).toBe(3);
  });

  it("is removed by destroy, which leaves every host as it was", async () => {
    await lab.ensureSomething();
    const { status, stderr } = await lab.do("destroy", "--yes");
    expect(stderr).not.toMatch(/LVS-/);
    expect(status, stderr).toBe(0);
    expect(differences(before, await snapshot(lab, HOSTS))).toEqual([]);
  });
});
