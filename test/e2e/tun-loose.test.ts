/** Tunnels to real servers that check sources loosely, because their owner wants that (RFC 3704). */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Snapshot, snapshot, TABLES } from "../helpers/host-snapshot.ts";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import { expectDestroyed, expectNoChange, unwrapped } from "../helpers/mode-checks.ts";
import { whoIsSilent } from "../helpers/served-page.ts";

const HOSTS = ["router", "lb", "rs1", "rs2", "client"];
const REAL_SERVERS = ["rs1", "rs2"];
const DEVICES = ["tunl0", "gre0", "ip6tnl0"];

const ASKED = { plain: "192.0.2.101", gre: "192.0.2.102", "over-six": "192.0.2.103" };

const LOOSE_ON_ALL = "sysctls: { net.ipv4.conf.all.rp_filter: 2 }";
const LOOSE_ON_DEVICES = `sysctls: { ${DEVICES.map((name) => `net.ipv4.conf.${name}.rp_filter: 2`).join(", ")} }`;

const SERVICES = `services:
  plain: { mode: tun, vip: 192.0.2.101, port: 80, scheduler: rr, testPage: true }
  gre: { mode: tun, vip: 192.0.2.102, port: 80, scheduler: rr, testPage: true, tunnel: { type: gre } }
  over-six: { mode: tun, vip: 192.0.2.103, port: 80, scheduler: rr, testPage: true, realServers: { rs1: { address: "2001:db8:1::11" }, rs2: { address: "2001:db8:2::12" } } }
`;

let lab: LabUnderTest;
let before: Snapshot;

const filter = (name: string, value: number) => `echo ${value} >/proc/sys/net/ipv4/conf/${name}/rp_filter`;

beforeAll(async () => {
  lab = await LabUnderTest.up("../test/fixtures/e2e/families.yaml", "e2e-tun-loose", (text) =>
    text
      .replace(/^services:\n.*/ms, SERVICES)
      .replace(/^( +)gateway: \[192\.0\.2\.1, .*\n(?= {2}rs2:)/m, `$&$1${LOOSE_ON_ALL}\n`)
      .replace(/^( +)gateway: \[198\.51\.100\.1, .*\n(?= {2}client:)/m, `$&$1${LOOSE_ON_DEVICES}\n`),
  );
  before = await snapshot(lab, HOSTS, TABLES);
});

afterAll(() => lab?.down());

describe("tunnels to real servers that check sources loosely, on all interfaces or on the tunnel devices", () => {
  it("carry requests, because the devices have the virtual addresses", async () => {
    await lab.ensureBare();
    const { status, stdout, stderr } = await lab.do("apply", "--yes");
    for (const name of Object.keys(ASKED)) {
      expect(unwrapped(stdout), stderr).toMatch(new RegExp(`✓ ${name}: 4 of 4 requests from client`));
      expect(unwrapped(stdout)).toContain(`✓ ${name}: rr: rs1 2, rs2 2`);
    }
    expect(status, stdout).toBe(0);
  });

  it("stay loose", async () => {
    await lab.ensureApplied();
    const values = (names: readonly string[]) =>
      names.map((name) => `cat /proc/sys/net/ipv4/conf/${name}/rp_filter`).join("; ");
    expect(await lab.on("rs1", values(["all", ...DEVICES]))).toBe("2\n0\n0\n0\n");
    expect(await lab.on("rs2", values(["all", ...DEVICES]))).toBe("0\n2\n2\n2\n");
  });

  it("apply a second time without changing anything", () => expectNoChange(lab));

  it("carry nothing where the check is strict, and verify names it", async () => {
    await lab.ensureApplied();
    await lab.on("rs1", filter("all", 1));
    await lab.on("rs2", DEVICES.map((name) => filter(name, 1)).join("\n"));
    const silent = await whoIsSilent(lab, "client", ASKED);
    const { status, stdout } = await lab.do("verify");
    await lab.on("rs1", filter("all", 2));
    await lab.on("rs2", DEVICES.map((name) => filter(name, 2)).join("\n"));
    expect(silent).toEqual(Object.keys(ASKED));
    expect(status, stdout).toBe(3);
    expect(unwrapped(stdout)).toMatch(
      /rs1: sysctl net\.ipv4\.conf\.all\.rp_filter = 2 differs from the topology: value is "1"/,
    );
    expect(unwrapped(stdout)).toMatch(/rs2: sysctl net\.ipv4\.conf\.tunl0\.rp_filter = 2 differs from the topology/);
    expect(unwrapped(stdout)).toMatch(/rs2: \d+ packets were dropped by strict rp_filter/);
    expect(await whoIsSilent(lab, "client", ASKED)).toEqual([]);
  });

  it("carry nothing where the devices have no address", async () => {
    await lab.ensureApplied();
    const placed = [
      ["192.0.2.101", "tunl0"],
      ["192.0.2.102", "gre0"],
      ["192.0.2.103", "ip6tnl0"],
    ];
    const move = (from: (device: string) => string, to: (device: string) => string) =>
      placed
        .map(
          ([vip, device = ""]) =>
            `ip address del ${vip}/32 dev ${from(device)}; ip address add ${vip}/32 dev ${to(device)}`,
        )
        .join("\n");
    const onLo = () => "lo";
    const onDevice = (device: string) => device;
    for (const host of REAL_SERVERS) await lab.on(host, move(onDevice, onLo));
    const silent = await whoIsSilent(lab, "client", ASKED);
    for (const host of REAL_SERVERS) await lab.on(host, move(onLo, onDevice));
    expect(silent).toEqual(Object.keys(ASKED));
    expect(await whoIsSilent(lab, "client", ASKED)).toEqual([]);
  });

  it("are taken down, and every host is as it was", () => expectDestroyed(lab, before));
});
