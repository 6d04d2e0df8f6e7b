/** A virtual address that is the director's own: up, apply, apply, break, destroy. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { differences, type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest, succeeded } from "../helpers/lab-under-test.ts";
import { unwrapped } from "../helpers/mode-checks.ts";
import { whoAnswers } from "../helpers/served-page.ts";

const hosts = ["lb", "rs1", "rs2", "rs3", "client"];
const touch = "for t in filter nat mangle; do iptables -t $t -S; ip6tables -t $t -S; done >/dev/null";
const address = "10.0.2.1/24";

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up("../test/fixtures/e2e/own-address.yaml", "e2e-own-address");
  await Promise.all(hosts.map((host) => lab.on(host, touch)));
  before = await snapshot(lab, hosts);
});
afterAll(() => lab?.down());

describe("the director's own address as virtual address", () => {
  it("serves, and is neither added nor announced; SSH to it is the director's", async () => {
    await lab.ensureBare();
    const { stdout, status } = await lab.do("apply", "--yes");
    expect(stdout).toContain("8 of 8 requests from client to http://10.0.2.1:80/ were answered");
    expect(stdout).toContain("8 of 8 requests from client to http://10.0.2.1:81/ were answered");
    expect(stdout).toContain("8 of 8 requests from client to http://10.0.2.1:82/ were answered");
    expect(status, stdout).toBe(0);
    expect(await addresses()).toEqual([address]);
    expect(await whoAnswersSsh()).toBe("SSH-2.0");
    const second = await lab.do("apply", "--yes");
    expect(second.stdout).toContain("Nothing to change");
    expect(second.stdout).not.toContain("announce");
  });

  it("does not serve without its IPVS service, and verify says so", async () => {
    await lab.ensureApplied();
    await lab.on("lb", "ipvsadm -D -t 10.0.2.1:80");
    lab.forgetState();
    expect(await whoAnswers(lab, "client", ["10.0.2.1"])).toEqual(["-"]);
    const { status, stdout } = await lab.do("verify");
    expect(status, stdout).toBe(3);
    expect(unwrapped(stdout)).toMatch(/lb: IPVS service tcp 10\.0\.2\.1:80 .*is missing/);
  });

  it("does not serve directly without the address on the real server, and verify says so", async () => {
    await lab.ensureApplied();
    await lab.on("rs3", "ip address del 10.0.2.1/32 dev lo");
    lab.forgetState();
    const { status, stdout } = await lab.do("verify");
    expect(status, stdout).toBe(3);
    expect(unwrapped(stdout)).toMatch(/rs3: address 10\.0\.2\.1\/32 .*is missing/);
  });

  it("is left where it was by destroy", async () => {
    await lab.ensureSomething();
    await succeeded(lab.do("destroy", "--yes"));
    expect(await addresses()).toEqual([address]);
    expect(await whoAnswersSsh()).toBe("SSH-2.0");
    expect(differences(before, await snapshot(lab, hosts))).toEqual([]);
  });
});

/** The director's addresses outside. */
async function addresses(): Promise<readonly string[]> {
  return (await lab.on("lb", "ip -4 -o address show dev eth0 | sed -E 's/.*inet ([^ ]+).*/\\1/'")).trim().split("\n");
}

/** The protocol that an SSH server at the address names first, asked from outside. */
async function whoAnswersSsh(): Promise<string> {
  const said = await lab.on("client", `ssh-keyscan -T ${lab.seconds(5)} 10.0.2.1 2>&1 || :`);
  return /SSH-2\.0/.exec(said)?.[0] ?? said;
}
