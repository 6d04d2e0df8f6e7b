import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dropByDefault } from "../helpers/default-drop.ts";
import { type Snapshot, snapshot, TABLES } from "../helpers/host-snapshot.ts";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import { isLongRun } from "../helpers/long-run.ts";
import {
  chainTaken,
  expectDestroyed,
  expectNoChange,
  flagTaken,
  peersOf,
  unwrapped,
  verifyWithout,
} from "../helpers/mode-checks.ts";
import { whoAnswers } from "../helpers/served-page.ts";

const ASKED = "100.222.111.1:8000";
const HOSTS = ["lb", "rs1", "rs2", "client"];

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up("nat.yaml", "e2e-one", (text) => `${text}\nverify: { requests: 8, timeout: 2 }\n`);
  await dropByDefault(lab, ["lb", "rs1", "rs2"]);
  before = await snapshot(lab, HOSTS, TABLES);
  await lab.on("lb", "rmmod ip_vs"); // The snapshot's ipvsadm has loaded it.
});

afterAll(() => lab?.down());

describe("examples/nat.yaml: one subnet, so the director masquerades", () => {
  it("applies where IPVS was never loaded, and requests alternate", async () => {
    await lab.ensureBare();
    const { status, stdout } = await lab.do("apply", "--yes");
    expect(unwrapped(stdout)).toContain("8 of 8 requests from client to http://100.222.111.1:8000/ were answered");
    expect(stdout).toContain("rr: rs1 4, rs2 4");
    expect(status, stdout).toBe(0);
  });

  it("gives its own address in place of the client's: that is what the real servers see", async () => {
    await lab.ensureApplied();
    await whoAnswers(lab, "client", [ASKED, ASKED]);
    expect(await peersOf(lab, ["rs1", "rs2"], 80)).toEqual(["1.65.15.141"]);
  });

  it("has entered the service with other ports behind it", async () => {
    await lab.ensureApplied();
    expect(await lab.on("lb", "ipvsadm -S -n")).toBe(
      [
        "-A -t 100.222.111.1:8000 -s rr",
        "-a -t 100.222.111.1:8000 -r 1.65.15.143:80 -m -w 1",
        "-a -t 100.222.111.1:8000 -r 1.65.15.144:80 -m -w 1",
        "",
      ].join("\n"),
    );
  });

  it("logs a line for each request, with the client's address", async () => {
    await lab.ensureApplied();
    await lab.on("lb", "dmesg -C");
    await whoAnswers(lab, "client", [ASKED, ASKED]);
    const lines = (await lab.on("lb", "dmesg | grep -F '[k8svip ipvs] '")).trim().split("\n");
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toMatch(/SRC=1\.65\.15\.140 DST=100\.222\.111\.1 .*DPT=8000 .* SYN /);
  });

  it("applies a second time without changing anything", () => expectNoChange(lab));

  it("needs the masquerading rule", async () => {
    const text = await verifyWithout(lab, "lb", ...chainTaken(lab, "nat", "POSTROUTING"));
    expect(text).toContain("✗ web: 0 of 8 requests");
    expect(text).toMatch(/lb: iptables -t nat .* -m ipvs --vaddr 100\.222\.111\.1 .* is missing/);
  });

  if (isLongRun) {
    it("needs IPVS to show its connections to netfilter", async () => {
      const text = await verifyWithout(lab, "lb", ...flagTaken("net/ipv4/vs/conntrack"));
      expect(text).toContain("✗ web: 0 of 8 requests");
      expect(text).toMatch(/lb: sysctl net\.ipv4\.vs\.conntrack = 1 differs from the topology/);
    });

    it("needs the real servers' replies to be let through", async () => {
      const text = await verifyWithout(lab, "lb", ...chainTaken(lab, "filter", "FORWARD"));
      expect(text).toContain("✗ web: 0 of 8 requests");
      expect(text).toMatch(/lb: iptables -t filter -A LVSCTL-e2e-one-FORWARD .* is missing/);
    });

    it("needs the VIP on the director", async () => {
      const [add, del] = ["add", "del"].map((verb) => `ip address ${verb} 100.222.111.1/32 dev eth0`);
      const text = await verifyWithout(lab, "lb", del ?? "", add ?? "");
      expect(text).toContain("✗ web: 0 of 8 requests");
      expect(text).toMatch(/lb: address 100\.222\.111\.1\/32 dev eth0 is missing/);
    });

    it("logs nothing without its rule, and verify says so though requests are answered", async () => {
      const [take, mend] = chainTaken(lab, "mangle", "PREROUTING");
      const text = await verifyWithout(lab, "lb", `dmesg -C; ${take}`, mend);
      expect(text).toContain("✓ web: 8 of 8 requests");
      expect(text).toMatch(/lb: iptables -t mangle .* -j LOG --log-prefix .* is missing/);
      expect(await lab.on("lb", "dmesg | grep -cF '[k8svip ipvs] ' || :")).toBe("0\n");
    });
  }

  it("destroys everything, on all hosts", () => expectDestroyed(lab, before));
});
