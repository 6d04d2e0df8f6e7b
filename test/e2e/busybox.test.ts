/** A director and a real server whose `ip` is BusyBox's, beside a real server with iproute2. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import { expectDestroyed, expectNoChange, unwrapped, verifyWithout } from "../helpers/mode-checks.ts";
import { realServersOf } from "../helpers/served-page.ts";

const HOSTS = ["lb", "rs1", "rs2", "client"];

/** Before /usr/sbin in everybody's PATH; BusyBox goes by the name that it is called by. */
const ONLY_BUSYBOX =
  "ln -s /usr/bin/busybox /usr/local/sbin/ip; ! ip address add 2001:db8::1/128 dev lo nodad 2>/dev/null";

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up("../test/fixtures/e2e/busybox.yaml", "e2e-busybox");
  for (const host of ["lb", "rs1"]) await lab.on(host, ONLY_BUSYBOX);
  await Promise.all(HOSTS.map((host) => lab.on(host, "for t in mangle filter; do iptables -t $t -S; done >/dev/null")));
  before = await snapshot(lab, HOSTS);
});

afterAll(() => lab?.down());

describe("BusyBox's ip on a director and on a real server", () => {
  it("will do for addresses of both families and for local routes", async () => {
    await lab.ensureBare();
    const { status, stdout, stderr } = await lab.do("apply", "--yes");
    expect(stderr + stdout).toContain("Verified");
    expect(status, stdout).toBe(0);
    for (const name of ["web", "v6"]) expect(stdout).toContain(`✓ ${name}: rr: rs1 2, rs2 2`);
    const marked = ["172.16.11.7:80", "172.16.11.9:80"];
    expect((await realServersOf(lab, "many", "client", marked)).toSorted()).toEqual(["rs1", "rs2"]);
  });

  it("gives IPv6 VIPs that the host does not choose as its own source", async () => {
    await lab.ensureApplied();
    expect(await lab.on("lb", "ip address show dev eth0")).toMatch(
      /inet6 2001:db8:10::10\/128 scope global deprecated/,
    );
    expect(await lab.on("rs1", "ip address show dev lo")).toContain("inet6 2001:db8:10::10/128");
  });

  it("applies a second time without changing anything", () => expectNoChange(lab));

  it("is read as iproute2's: what is missing is named and mended", async () => {
    const text = await verifyWithout(
      lab,
      "rs1",
      "ip address del 172.16.10.10/32 dev lo; ip address del 2001:db8:10::10/128 dev lo; ip route del local 172.16.11.0/24 dev lo table local",
      ":",
    );
    expect(text).toMatch(/✗ web: [0-3] of 4 requests/);
    expect(text).toMatch(/✗ v6: [0-3] of 4 requests/);
    expect(text).toMatch(/rs1: address 172\.16\.10\.10\/32 dev lo is missing/);
    expect(text).toMatch(/rs1: address 2001:db8:10::10\/128 dev lo is missing/);
    expect(text).toMatch(/rs1: route local 172\.16\.11\.0\/24 .* is missing/);
    const mended = await lab.do("apply", "--yes");
    expect(unwrapped(mended.stdout)).toContain("3 to create, 0 to change, 0 to remove");
    expect(mended.status).toBe(0);
  });

  it("destroys everything, on all hosts", () => expectDestroyed(lab, before));
});
