/** Hosts that lack something, as distributions do: found while reading, with everything else untouched. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { differences, type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest, succeeded } from "../helpers/lab-under-test.ts";

const HOSTS = ["fw", "dr", "rs1", "rs2", "client"];

/** Programs are put out of sight, and back. */
const hide = (...programs: readonly string[]) =>
  programs.map((program) => `for p in $(ls -d ${program}); do mv $p $p.hidden; done`).join("\n");
const ARPING = "/usr/*bin/arping";
const show = (...programs: readonly string[]) =>
  programs.map((program) => `for p in $(ls -d ${program}.hidden); do mv $p \${p%.hidden}; done`).join("\n");

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up("dr.yaml", "e2e-preflight");
  await Promise.all(
    HOSTS.map((host) => lab.on(host, "iptables -t nat -S >/dev/null; iptables -S >/dev/null; ip6tables -S >/dev/null")),
  );
  await lab.on("dr", "mkdir /run/mount"); // umount makes it.
  before = await snapshot(lab, HOSTS);
});

afterAll(async () => {
  await lab?.down();
});

describe("before anything is changed", () => {
  it("names every host that lacks a module or a program, and what to install", async () => {
    await lab.on("dr", `${hide("/usr/sbin/ipvsadm")}\nrmmod ip_vs\nmount -t tmpfs none /lib/modules`);
    await lab.on("fw", hide("/usr/sbin/iptables*"));
    const { status, stdout, stderr } = await lab.do("apply", "--yes");
    await lab.on("dr", `umount /lib/modules\n${show("/usr/sbin/ipvsadm")}`);
    await lab.on("fw", show("/usr/sbin/iptables*"));
    expect(status).toBe(1);
    const text = unwrapped(stdout + stderr);
    expect(text).toMatch(
      /dr: kernel module ip_vs: The kernel module ip_vs is not loaded, and the kernel 6\.\S+ has none/,
    );
    expect(text).toMatch(/linux-modules-extra-6\.\S+ \(apt, Ubuntu\)/);
    expect(text).toMatch(/dr: .*There is no ipvsadm\..*Install the package ipvsadm\./);
    expect(text).toMatch(
      /fw: .*There is no iptables that works\..*iptables \(apt, yum, apk, zypper\) or iptables-nft \(dnf\)/,
    );
    expect(differences(before, await snapshot(lab, HOSTS))).toEqual([]);
  });

  it("names a host without ip", async () => {
    await lab.on("rs1", "mv /usr/bin/ip /usr/bin/ip.hidden; mv /usr/sbin/ip /usr/sbin/ip.hidden");
    const { status, stderr } = await lab.do("apply", "--yes");
    await lab.on("rs1", "mv /usr/bin/ip.hidden /usr/bin/ip; mv /usr/sbin/ip.hidden /usr/sbin/ip");
    expect(status).toBe(1);
    expect(unwrapped(stderr)).toMatch(
      /rs1: LVS-FACT-002 .*rs1 has no ip\..*iproute2 \(apt, apk, zypper\) or iproute \(dnf, yum\)/s,
    );
  });
});

describe("what a host can do without", () => {
  it("works with BusyBox' ip on real servers and without arping on the director, there and back", async () => {
    for (const host of ["rs1", "rs2"]) await lab.on(host, "ln -s $(command -v busybox) /usr/local/sbin/ip");
    await lab.on("dr", hide(ARPING));
    const { status, stdout } = await lab.do("apply", "--yes");
    expect(stdout).toMatch(/rr: rs1 10, rs2 10/);
    expect(status, stdout).toBe(0);
    expect((await lab.do("apply", "--yes")).stdout).toContain("Nothing to change on 5 hosts");
    await succeeded(lab.do("destroy", "--yes"));
    await lab.on("dr", show(ARPING));
    for (const host of ["rs1", "rs2"]) await lab.on(host, "rm /usr/local/sbin/ip");
    expect(differences(before, await snapshot(lab, HOSTS))).toEqual([]);
  });
});

/** Text as it was before it was broken into lines. */
function unwrapped(text: string): string {
  return text.replaceAll(/\n {2,}/g, " ");
}
