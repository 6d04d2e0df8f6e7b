/** A firewall, a director and a client that lvsctl does not log in to, in front of real servers that it does. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import { unwrapped } from "../helpers/mode-checks.ts";
import { Owners } from "../helpers/owners.ts";

const OWNED = ["fw", "dr"] as const;
const unmanaged = (role: string) => (text: string) =>
  text.replace(`role: ${role}\n`, `role: ${role}\n    managed: false\n`);

let lab: LabUnderTest;
let owners: Owners;

beforeAll(async () => {
  lab = await LabUnderTest.up("dr.yaml", "e2e-unmanaged-roles", (text) =>
    unmanaged("firewall")(unmanaged("director")(text)),
  );
  owners = await Owners.of(lab);
});
afterAll(() => lab?.down());
beforeEach(async () => {
  await lab.ensureApplied();
  for (const host of OWNED) await owners.work(host);
});

/** What a verification says that fails. */
async function fails(file = lab.file): Promise<string> {
  const { status, stdout } = await lab.lvsctl("verify", "--lab", file);
  expect(status, stdout).toBe(3);
  return unwrapped(stdout);
}

describe("others' firewall and director, with what is listed for them", () => {
  it("pass requests on to the real servers, and neither is part of the run", async () => {
    await lab.ensureBare();
    const { status, stdout, stderr } = await lab.do("apply", "--yes");
    expect(status, stdout + stderr).toBe(0);
    const said = unwrapped(stdout);
    expect(said).toContain("web: 20 of 20 requests from client to http://10.0.2.1:80/ were answered");
    expect(said).toContain("web: rr: rs1 10, rs2 10");
    for (const host of OWNED) {
      expect(said).toContain(`${host}: lvsctl does not log in to it, so it was only checked from outside`);
      expect(await lab.on(host, "ls -A /var/lib/lvsctl 2>/dev/null || true")).toBe("");
    }
  });

  it("keep what they have when the topology is destroyed", async () => {
    const { status, stdout } = await lab.do("destroy", "--yes", "--no-drain");
    expect(status, stdout).toBe(0);
    expect(await lab.on("dr", "ipvsadm -S -n")).toContain("-A -t 172.16.10.10:80 -s rr");
    expect(await lab.on("fw", "iptables -t nat -S")).toContain("--to-destination 172.16.10.10:80");
  });
});

describe("verification fails", () => {
  it("if the director has no virtual service", async () => {
    await lab.on("dr", "ipvsadm -D -t 172.16.10.10:80");
    expect(await fails()).toContain("web: 0 of 20 requests from client");
  });

  it("if the director does not hold the VIP, and says that nobody could be asked: real servers have it too", async () => {
    await lab.on("dr", "ip address del 172.16.10.10/32 dev eth0");
    const said = await fails();
    expect(said).toContain("web: 0 of 20 requests from client");
    expect(said).toContain("172.16.10.10: no host could ask who holds it");
  });

  it("if the firewall does not publish the service", async () => {
    await lab.on("fw", "iptables -t nat -F");
    expect(await fails()).toContain("web: 0 of 20 requests from client");
  });
});

it("verification sends nothing where the client is not lvsctl's either, because this machine is not connected to the networks of the lab", async () => {
  const file = lab.variant("client.yaml", unmanaged("client"));
  const { status, stdout } = await lab.lvsctl("verify", "--lab", file);
  expect(status, stdout).toBe(0);
  expect(unwrapped(stdout)).toContain(
    "no requests were sent: none of the hosts here is a client, and this machine is not connected",
  );
  expect(unwrapped(stdout)).toContain("so it is not verified");
  const { status: refused, stderr } = await lab.lvsctl("verify", "--lab", "--from", "local", file);
  expect(refused).toBe(64);
  expect(unwrapped(stderr)).toContain("LVS-VERIFY-002");
});
