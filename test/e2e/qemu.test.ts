/** The lab's engine qemu: the distribution's stock kernel, on which iptables has its nf_tables back end. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { differences, type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest } from "../helpers/lab-under-test.ts";

const HOSTS = ["fw", "dr", "rs1", "rs2", "client"];

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up("dr.yaml", "e2e-qemu", undefined, [], ["--engine", "qemu"]);
  // iptables makes its nf_tables table with the first rule and never removes it.
  await lab.on("fw", "iptables -t nat -A OUTPUT -j RETURN; iptables -t nat -D OUTPUT -j RETURN");
  before = await snapshot(lab, HOSTS);
});

afterAll(async () => {
  await lab?.down();
});

describe("examples/dr.yaml on the distribution's stock kernel", () => {
  it("is another kernel than this machine's, with iptables of nf_tables", async () => {
    const [release = "", version = ""] = (await lab.on("fw", "uname -r; iptables -V")).trim().split("\n");
    expect(release).toMatch(/-amd64$/);
    expect(version).toContain("nf_tables");
    expect((await lab.lvsctl("lab", "status", lab.name)).stdout).toMatch(/^e2e-qemu {2}qemu {2}running/);
  });

  it("applies, and requests alternate between the real servers", async () => {
    await lab.ensureBare();
    const { status, stdout, stderr } = await lab.do("apply", "--yes");
    expect(stderr + stdout).toContain("Verified");
    expect(status, stdout).toBe(0);
    expect(stdout).toMatch(/rr: rs1 10, rs2 10/);
    expect(await lab.on("fw", "iptables-save -t nat")).toMatch(
      /\(nf_tables\)[\s\S]*--to-destination 172\.16\.10\.10:80/,
    );
  });

  it("applies a second time without changing anything", async () => {
    await lab.ensureApplied();
    const { status, stdout } = await lab.do("apply", "--yes", "--no-verify");
    expect(status, stdout).toBe(0);
    expect(stdout).toContain("Nothing to change on 5 hosts");
  });

  it("destroys, and every host is as before", async () => {
    await lab.ensureApplied();
    const { status, stdout } = await lab.do("destroy", "--yes");
    expect(status, stdout).toBe(0);
    expect(differences(before, await snapshot(lab, HOSTS))).toEqual([]);
  });
});
