/** A SYN proxy on a director in mode nat, where real servers see the client's own address. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countSyns, handshakes, unfinished, watchSyns } from "../helpers/handshakes.ts";
import { differences, type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import { peersWhileConnected, unwrapped } from "../helpers/mode-checks.ts";

const HOSTS = ["lb", "rs1", "rs2", "client"];
const REAL_SERVERS = ["rs1", "rs2"];

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up("nat-two-arm.yaml", "e2e-synproxy-nat", (text) =>
    text
      .replace(/^ {2}dns:\n(?: {4}.*\n)*/m, "")
      .replace(/^ {4}testPage: true\n/m, "$&    synproxy: { on: lb }\n")
      .concat("verify: { requests: 8, timeout: 1 }\n"),
  );
  await lab.on(
    "lb",
    "modprobe -a nf_conntrack; for table in nat raw filter; do iptables -t $table -S >/dev/null; done",
  );
  await lab.on("client", "iptables -S >/dev/null");
  await watchSyns(lab, REAL_SERVERS, 8080);
  before = await snapshot(lab, HOSTS);
});

afterAll(async () => {
  await lab?.down();
});

describe("a SYN proxy on a director in mode nat", () => {
  it("lets finished handshakes through, and counts them", async () => {
    const valid = await handshakes(lab, "lb", "cookie_valid").catch(() => 0);
    await lab.ensureBare();
    const { status, stdout, stderr } = await lab.do("apply", "--yes");
    expect(stderr + stdout).toContain("Verified");
    expect(stdout).toMatch(/wrr: rs1 6, rs2 2/);
    expect(status, stdout).toBe(0);
    expect(await handshakes(lab, "lb", "cookie_valid")).toBe(valid + 8);
    const servers = { hosts: REAL_SERVERS, port: 8080 };
    expect(await peersWhileConnected(lab, "client", ["10.0.2.100:80"], servers)).toEqual(["10.0.2.253"]);
    expect(await lab.on("lb", "ipvsadm -S -n")).toContain("-a -t 10.0.2.100:80 -r 192.168.57.11:8080 -m -w 3");
  });

  it("keeps handshakes that nobody finishes from the real servers", async () => {
    await lab.ensureApplied();
    const reached = await countSyns(lab, REAL_SERVERS);
    const seen = await handshakes(lab, "lb", "syn_received");
    await unfinished(lab, "client", "http://10.0.2.100/");
    expect(await handshakes(lab, "lb", "syn_received")).toBeGreaterThanOrEqual(seen + 3);
    expect(await countSyns(lab, REAL_SERVERS)).toBe(reached);
  });

  it("does not work without vs.conntrack, and verify says so", async () => {
    await lab.ensureApplied();
    await lab.on("lb", "echo 0 >/proc/sys/net/ipv4/vs/conntrack");
    const { status, stdout } = await lab.do("verify");
    await lab.on("lb", "echo 1 >/proc/sys/net/ipv4/vs/conntrack");
    expect(stdout).toMatch(/✗ web: 0 of 8 requests/);
    expect(unwrapped(stdout)).toMatch(/lb: sysctl net\.ipv4\.vs\.conntrack = 1 differs from the topology/);
    expect(status, stdout).toBe(3);
  });

  it("applies a second time without changing anything; destroy leaves every host as it was", async () => {
    await lab.ensureApplied();
    expect((await lab.do("apply", "--yes")).stdout).toContain("Nothing to change on 4 hosts");
    const { status, stderr } = await lab.do("destroy", "--yes");
    expect(stderr).not.toMatch(/LVS-/);
    expect(status, stderr).toBe(0);
    expect(differences(before, await snapshot(lab, HOSTS))).toEqual([]);
  });
});
