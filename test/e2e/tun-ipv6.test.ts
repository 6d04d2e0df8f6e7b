import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dropByDefault } from "../helpers/default-drop.ts";
import { differences, type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import { unwrapped } from "../helpers/mode-checks.ts";

const HOSTS = ["router", "lb", "rs1", "rs2", "client"];
const VIP = "fd00:15::145/128";

let lab: LabUnderTest;
let before: Snapshot;

/** 1.65.15.141/24 → fd00:15::141/64 */
const overIPv6 = (text: string) =>
  text.replaceAll(/1\.65\.(\d+)\.(\d+)(\/24)?/g, (_all, subnet, host, prefix) => {
    return `"fd00:${subnet}::${host}${prefix === undefined ? "" : "/64"}"`;
  });

beforeAll(async () => {
  lab = await LabUnderTest.up(
    "tun.yaml",
    "e2e-tun6",
    (text) => `${overIPv6(text)}verify: { requests: 10, timeout: 2 }\n`,
  );
  await dropByDefault(lab, ["lb", "rs1", "rs2"], [6]);
  before = await snapshot(lab, HOSTS);
});

afterAll(async () => {
  await lab?.down();
});

describe("examples/tun.yaml over IPv6", () => {
  it("applies, and requests alternate", async () => {
    await lab.ensureBare();
    const { status, stdout, stderr } = await lab.do("apply", "--yes");
    expect(stderr + stdout).toContain("Verified");
    expect(status, stdout).toBe(0);
    expect(stdout).toMatch(/rr: rs1 5, rs2 5/);
    expect(await lab.on("rs2", "ip -6 address show dev ip6tnl0")).toContain(VIP);
  });

  it("fails where the director may choose the VIP as the source of the tunnel's packets", async () => {
    await lab.ensureApplied();
    const forget = "ip -6 route add fd99::/64 dev eth0; ip -6 route del fd99::/64 dev eth0";
    const prefer = (lifetime: string) =>
      lab.on("lb", `ip address change ${VIP} dev eth0 valid_lft forever preferred_lft ${lifetime}; ${forget}`);
    await prefer("forever");
    const { status, stdout } = await lab.do("verify");
    await prefer("0");
    expect(status, stdout).toBe(3);
    expect(stdout).toMatch(/✗ web: \d of 10 requests/);
    expect(unwrapped(stdout)).toMatch(/lb: address fd00:15::145\/128 dev eth0 differs from the topology/);
  });

  it.each([
    ["GUE", "{ type: gue, port: 6080 }", "--tun-type gue --tun-port 6080 --tun-nocsum"],
    ["GRE", "{ type: gre }", "--tun-type gre --tun-nocsum"],
  ])("%s takes its place on live hosts", async (name, tunnel, saved) => {
    await lab.ensureApplied();
    const file = lab.variant(`${name}.yaml`, (text) =>
      text.replace("mode: tun\n", `mode: tun\n    tunnel: ${tunnel}\n`),
    );
    const { status, stdout, stderr } = await lab.lvsctl("apply", "--lab", "--yes", file);
    expect(stderr + stdout).toContain("Verified");
    expect(status, stdout).toBe(0);
    expect(await lab.on("lb", "ipvsadm -S -n")).toContain(`-r [fd00:16::144]:80 -i -w 1 ${saved}\n`);
  });

  it("destroys, and leaves every host as it was", async () => {
    await lab.ensureApplied();
    const { status, stderr } = await lab.do("destroy", "--yes");
    expect(stderr).not.toMatch(/LVS-/);
    expect(status, stderr).toBe(0);
    expect(differences(before, await snapshot(lab, HOSTS))).toEqual([]);
  });
});
