/** Not sawing off the branch: what would cut lvsctl's own login off is refused, and once allowed, guarded by the host. */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { checkedJson } from "../helpers/checked-json.ts";
import { differences, type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import { unwrapped } from "../helpers/mode-checks.ts";

const HOSTS = ["lb1", "rs1", "client"];

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up("../test/fixtures/e2e/conflicts.yaml", "e2e-management");
  await Promise.all(
    HOSTS.map((host) => lab.on(host, "for t in mangle filter nat; do iptables -t $t -S; done >/dev/null")),
  );
  await lab.ensureApplied();
  before = await snapshot(lab, HOSTS);
});

afterAll(async () => {
  await lab?.down();
});

/** Limits that a host which is cut off reaches soon, for this machine. */
const short = () => [...["--confirm-timeout", String(lab.seconds(8))], ...["--step-timeout", String(lab.seconds(5))]];

/** The topology with a route of rs1 to the machine that we come from, by another host. */
const CUTTING = {
  about: "a route to where the login comes from",
  edit: (text: string) => text.replace("routes: [{", "routes: [{ to: 198.18.0.1/32, via: 172.16.10.5 }, {"),
  would: "this change would make 198.18.0.1 reached via 172.16.10.5, and not dev mgmt today",
};

describe("a change to what carries the login is refused", () => {
  it.each([
    CUTTING,
    {
      about: "an address whose network the login comes from",
      edit: (text: string) => text.replace("eth0: 172.16.10.21/24", "eth0: [172.16.10.21/24, 198.18.0.6/29]"),
      would: "198.18.0.1 reached dev eth0, and not dev mgmt today",
    },
  ])("$about", async ({ edit, would }) => {
    await lab.ensureApplied();
    const file = lab.variant("cut.yaml", edit);
    const { status, stdout } = await lab.lvsctl("plan", "--lab", file);
    const text = unwrapped(stdout).replaceAll(/\n {2,3}/g, " ");
    expect(text).toMatch(
      /! rs1: .*: lvsctl is logged in here by a session from 198\.18\.0\.1 to 198\.18\.0\.3 port 22,/,
    );
    expect(text).toContain(would);
    expect(text).toContain("--confirm-at rs1=ADDRESS");
    expect(status).toBe(1);
    const applied = await lab.lvsctl("apply", "--lab", "--yes", file);
    expect(applied.status).toBe(1);
    expect(applied.stderr).toContain("nothing has been changed");
  });
});

describe("with --allow-management-change", () => {
  it("the plan warns and has no problem", async () => {
    await lab.ensureApplied();
    const file = lab.variant("cut.yaml", CUTTING.edit);
    const { status, stdout } = await lab.lvsctl("plan", "--lab", "--allow-management-change", "--format", "json", file);
    expect(status, stdout).toBe(0);
    expect(checkedJson(stdout)).toMatchObject({
      problems: [],
      warnings: [{ host: "rs1", message: expect.stringContaining(CUTTING.would) }],
    });
  });

  it("a change that cuts the login off is rolled back by the host's timer", async () => {
    await lab.ensureApplied();
    const file = lab.variant("cut.yaml", CUTTING.edit);
    const flags = ["--allow-management-change", ...short(), "--no-verify"];
    const { status, stdout, stderr } = await lab.lvsctl("apply", "--lab", "--yes", ...flags, file);
    expect(unwrapped(stdout)).toContain("Warning: rs1: route 198.18.0.1/32 via 172.16.10.5");
    expect(unwrapped(stderr)).toContain("all changes of this run were rolled back on every host");
    expect(status).toBe(5);
    expect(differences(before, await snapshot(lab, HOSTS))).toEqual([]);
  });

  describe("and the address that the login needs", () => {
    /** rs1 with one more address, by which we log in; lb1 is jumped over. */
    const at = (address: string) => (text: string) =>
      text.replace("eth0: 172.16.10.21/24", `eth0: [172.16.10.21/24, ${address}/32]`);
    const both = (one: string, other: string) => (text: string) =>
      text.replace("eth0: 172.16.10.21/24", `eth0: [172.16.10.21/24, ${one}/32, ${other}/32]`);
    const run = (file: string, ...flags: readonly string[]) =>
      lab.lvsctl("apply", "-F", config, "--accept-new", "--yes", "--no-verify", ...flags, file);
    let config = "";

    beforeAll(async () => {
      config = join(dirname(lab.file), "ssh_config");
      const known = `UserKnownHostsFile ${config}-known`;
      const host = (name: string, address: string) =>
        `Host ${name}\n  HostName ${address}\n  ProxyJump lb1\n  ${known}\n`;
      const identity = `Host *\n  User root\n  IdentityFile /run/lvsctl-lab/${lab.name}/id_ed25519\n`;
      const hosts = host("rs1", "172.16.10.31") + host("rs1-later", "172.16.10.32");
      writeFileSync(config, `${hosts}Host *\n  Include ${lab.sshConfig}\n${identity}`);
    });

    beforeEach(() => lab.ensureApplied(lab.variant("one.yaml", at("172.16.10.31"))));

    it("goes: it is refused without", async () => {
      const { status, stderr } = await run(lab.variant("two.yaml", at("172.16.10.32")));
      expect(unwrapped(stderr).replaceAll(/\n {2,3}/g, " ")).toContain(
        "lvsctl is logged in here by a session from 172.16.10.5 to 172.16.10.31 port 22, and this change would take 172.16.10.31 away, where it ends.",
      );
      expect(status).toBe(1);
    });

    it("goes: it comes back where the host is not found again", async () => {
      const limits = short();
      const { status, stderr } = await run(
        lab.variant("two.yaml", at("172.16.10.32")),
        "--allow-management-change",
        ...limits,
      );
      expect(stderr).toMatch(/rs1: LVS-CONNECT-/);
      expect(status).toBe(5);
      expect(await lab.on("rs1", "ip address show dev eth0")).toMatch(/172\.16\.10\.31/);
    });

    it("goes: the run is confirmed where the host is found again", async () => {
      const moved = lab.variant("two.yaml", at("172.16.10.32"));
      const limits = ["--confirm-timeout", "600", "--confirm-at", "rs1=rs1-later"];
      const { status, stderr } = await run(moved, "--allow-management-change", ...limits);
      expect(status, stderr).toBe(0);
      const addresses = await lab.on("rs1", "ip address show dev eth0; ls -A /var/lib/lvsctl");
      expect(addresses).toContain("172.16.10.32/32");
      expect(addresses).not.toMatch(/172\.16\.10\.31|transaction/);
    });

    it("gets company: the run is confirmed at the new address where that is there, and not where it is not", async () => {
      const limits = (seconds: number) => ["--confirm-timeout", String(seconds), "--confirm-at", "rs1=rs1-later"];
      const absent = await run(
        lab.variant("three.yaml", both("172.16.10.31", "172.16.10.33")),
        ...limits(lab.seconds(15)),
      );
      expect(unwrapped(absent.stderr)).toContain("172.16.10.32:22");
      expect(absent.status).toBe(5);
      expect(await lab.on("rs1", "ip address show dev eth0")).not.toContain("172.16.10.33");
      const there = await run(lab.variant("both.yaml", both("172.16.10.31", "172.16.10.32")), ...limits(600));
      expect(there.stderr).not.toMatch(/LVS-/);
      expect(there.status).toBe(0);
      expect(await lab.on("rs1", "ip address show dev eth0")).toContain("172.16.10.32/32");
    });
  });

  it("a destroy of an allowed change is judged in the same way, and removes everything", async () => {
    await lab.ensureSomething();
    const { status, stderr } = await lab.do("destroy", "--yes");
    expect(stderr).not.toMatch(/LVS-/);
    expect(status, stderr).toBe(0);
  });

  it.each([["rs1"], ["rs1="], ["=a"], ["rs1=-oProxyCommand=x"]])("--confirm-at %s is no place", async (place) => {
    const { status, stderr } = await lab.do("apply", "--confirm-at", place);
    expect(status).toBe(64);
    expect(stderr).toContain("rs1=10.0.0.7");
  });

  it("--confirm-at knows the hosts of the run", async () => {
    const { status, stderr } = await lab.do("apply", "--confirm-at", "rs9=rs1");
    expect(status).toBe(64);
    expect(stderr).toContain("Its hosts are lb1, rs1, client.");
  });
});
