/**
 * Hosts on which BusyBox is every program that it can be, the shell among them, and OpenRC is PID 1, as on Alpine Linux; with
 * util-linux' flock, which Debian's BusyBox has not. What is not shown: Alpine's own packages, its C library and kernel.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Snapshot, snapshot, TABLES } from "../helpers/host-snapshot.ts";
import { LabUnderTest, succeeded } from "../helpers/lab-under-test.ts";
import { expectDestroyed, expectNoChange, expectRolledBack } from "../helpers/mode-checks.ts";
import { rebootByInit } from "../helpers/reboot.ts";

const OURS = ["fw", "dr", "rs1", "rs2"];
const FOLDER = "/usr/local/sbin";
/** The first in PATH; snapshots and restarts are taken with the tools that all hosts have. */
const ONLY_BUSYBOX = `busybox --install -s ${FOLDER}
sh --help 2>&1 | grep -q BusyBox
for tool in cat cp find grep head ip mkdir mv ps readlink sed sleep stat sync tail tr; do
  [ "$(readlink -f "$(command -v $tool)")" = "$(readlink -f "$(command -v busybox)")" ] || echo $tool
done`;
const NOT_OURS = / [-+] (\d+: \w+@if|:[A-Z]+ ACCEPT|COMMIT$|\*\w+$|ip_vs|\/run\/)/;

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up("dr.yaml", "e2e-bb", undefined, [], ["--init", "openrc"]);
  for (const host of OURS) await lab.on(host, TABLES);
  before = await snapshot(lab, OURS);
  for (const host of OURS) expect(await lab.on(host, ONLY_BUSYBOX)).toBe("");
});

afterAll(() => lab?.down());

const withoutBusybox = async () => {
  for (const host of OURS) await lab.on(host, `rm -f ${FOLDER}/*`);
};

describe("examples/dr.yaml on hosts with BusyBox and OpenRC", () => {
  it("is applied, verified and left unchanged by a second run", async () => {
    const { status, stderr, stdout } = await lab.do("apply", "--yes");
    expect(status, stderr + stdout).toBe(0);
    await expectNoChange(lab);
    await succeeded(lab.do("drift"));
  });

  it("is rolled back by lvsctl, and by the hosts themselves when lvsctl is gone", () => expectRolledBack(lab, OURS));

  it("comes back when the hosts are restarted", async () => {
    await lab.ensureApplied();
    await rebootByInit("openrc", lab, "dr", "rs1");
    const { status, stdout } = await lab.do("verify");
    expect(status, stdout).toBe(0);
    await expectNoChange(lab);
  });

  it("has its ledger repaired, and is destroyed without a trace", async () => {
    await lab.ensureApplied();
    await lab.on("dr", "echo damaged >/var/lib/lvsctl/e2e-bb/ledger.json");
    expect((await lab.do("plan")).status).not.toBe(0);
    const repaired = await lab.lvsctl("ledger", "repair", "--lab", "--yes", lab.file);
    expect(repaired.status, repaired.stderr + repaired.stdout).toBe(0);
    const { status, stderr, stdout } = await lab.do("destroy", "--yes", "--no-drain");
    expect(status, stderr + stdout).toBe(0);
    await withoutBusybox();
    expect(await lab.on("dr", "find /var/lib/lvsctl -name 'ledger*'")).toContain("ledger.json.damaged");
    await lab.on("dr", "rm -rf /var/lib/lvsctl");
    await expectDestroyed(lab, before, NOT_OURS);
  });
});
