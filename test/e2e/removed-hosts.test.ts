/** Hosts that leave the topology's file: deleted, renamed, away; and other machines that hold a VIP. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { checkedJson } from "../helpers/checked-json.ts";
import { differences, type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest, type Result } from "../helpers/lab-under-test.ts";

const NAME = "e2e-removed-hosts";
const HOSTS = ["lb1", "spare", "rs1", "rs2", "pc"];
const FLAGS = ["--yes", "--no-verify", "--no-drain"] as const;

let lab: LabUnderTest;
let bare: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up("../test/fixtures/e2e/removed-hosts.yaml", NAME);
  const touch = "for t in filter nat mangle; do iptables -t $t -S; ip6tables -t $t -S; done >/dev/null";
  await Promise.all(HOSTS.map((host) => lab.on(host, touch)));
  bare = await snapshot(lab, HOSTS);
});
afterAll(() => lab?.down());
beforeEach(() => lab.ensureApplied());

/** The spare machine has taken the place of lb1, which is no longer in the file. */
const moved = (text: string) =>
  text.replace(/^ {2}lb1: .*\n/m, "").replace("spare: { role: client", "spare: { role: director");
const withoutRs2 = (text: string) => text.replace(/^ {2}rs2: .*\n/m, "").replace(", rs2: {}", "");
const oneLine = (text: string) => text.replaceAll(/\s+/g, " ");

/** The removed hosts that a plan of this file reports, with what becomes of them. */
async function removedBy(file: string, ...flags: readonly string[]) {
  const { stdout } = await lab.lvsctl("plan", "--lab", "--format", "json", ...flags, file);
  const { removed } = checkedJson(stdout) as { removed: { host: string; state: string }[] };
  return removed.map(({ host, state }) => `${host} ${state}`);
}

/** What differs on one host from the state before anything was applied. */
async function leftOn(host: string) {
  return (await left()).filter((line) => line.startsWith(host));
}

/** The same on all hosts. They share a kernel and its modules, which stay while another host uses them. */
async function left() {
  return differences(bare, await snapshot(lab, HOSTS)).filter((line) => !/^\S+: [+-] ip_vs\w*$/.test(line));
}

function expectOk({ status, stdout, stderr }: Result) {
  expect(status, stdout + stderr).toBe(0);
}

/** The names that the ledgers of these hosts know. */
async function knownOn(...hosts: readonly string[]) {
  const texts = await Promise.all(hosts.map((host) => lab.on(host, `cat /var/lib/lvsctl/${NAME}/ledger.json`)));
  return new Set(texts.flatMap((text) => [...text.matchAll(/"name":"([^"]+)"/g)].map(([, name]) => name)));
}

describe("a director that is deleted from the file", () => {
  it("is reported, cleaned together with the change that replaces it, and forgotten", async () => {
    const file = lab.variant("moved.yaml", moved);
    const planned = oneLine((await lab.lvsctl("plan", "--lab", file)).stdout);
    expect(planned).toContain(`lb1 was a director of ${NAME} and is no longer in the file`);
    expect(await knownOn("rs1")).toContain("lb1");
    const applied = await lab.lvsctl("apply", "--lab", "--yes", file);
    expectOk(applied);
    expect(applied.stdout).toContain("Verified");
    expect(await leftOn("lb1")).toEqual([]);
    expect(await knownOn("spare", "rs1", "rs2")).not.toContain("lb1");
    const again = await lab.lvsctl("apply", "--lab", "--yes", file);
    expect(again.stdout).toContain("Nothing to change on 4 hosts");
    expect(again.stdout).not.toContain("lb1");
  });

  it("is left alone with --limit, and said to be", async () => {
    const file = lab.variant("moved.yaml", moved);
    const applied = await lab.lvsctl("apply", "--lab", ...FLAGS, "--limit", "rs1,rs2", file);
    expectOk(applied);
    expect(oneLine(applied.stdout)).toContain("because of --limit it is left alone");
    expect(await lab.on("lb1", "ipvsadm -S -n")).toContain("192.0.2.100:80");
    expect(await knownOn("rs1")).toContain("lb1");
  });

  it("is not taken for deleted because --limit leaves it out", async () => {
    expect(await removedBy(lab.file, "--limit", "rs1,rs2")).toEqual([]);
    expect(await removedBy(lab.file)).toEqual([]);
  });

  it("goes with a destroy of the new file", async () => {
    const file = lab.variant("moved.yaml", moved);
    expectOk(await lab.lvsctl("destroy", "--lab", "--yes", "--no-drain", file));
    expect(await left()).toEqual([]);
  });
});

describe("a real server that is deleted from the file", () => {
  it("is cleaned after it has left the director's table", async () => {
    const file = lab.variant("no-rs2.yaml", withoutRs2);
    expect(await removedBy(file)).toEqual(["rs2 cleaned"]);
    const applied = await lab.lvsctl("apply", "--lab", "--yes", file);
    expectOk(applied);
    expect(await leftOn("rs2")).toEqual([]);
    expect(await lab.on("lb1", "ipvsadm -S -n")).not.toContain("192.0.2.12");
    expect(applied.stderr).toMatch(/remove: director: real servers[\s\S]*remove: real servers/);
  });
});

describe("a firewall that is deleted from the file", () => {
  const published = (text: string) =>
    text
      .replace("spare: { role: client", "spare: { role: firewall")
      .replaceAll(/((?:lb1|rs[12]): \{ role.*\/24 \}) \}/g, "$1, gateway: 192.0.2.6 }")
      .replace("testPage: true", "testPage: true\n    publish: { on: spare, address: 198.51.100.1, port: 8080 }");

  it("is cleaned, and passes nothing on any more", async () => {
    expectOk(await lab.lvsctl("apply", "--lab", "--yes", "--no-drain", lab.variant("published.yaml", published)));
    expect(await lab.on("spare", "iptables -t nat -S")).toContain("LVSCTL-");
    const file = lab.variant("no-firewall.yaml", (text) => text.replace(/^ {2}spare: .*\n/m, ""));
    expect(oneLine((await lab.lvsctl("plan", "--lab", file)).stdout)).toContain(`spare was a firewall of ${NAME}`);
    expect(await removedBy(file)).toEqual(["spare cleaned"]);
    expectOk(await lab.lvsctl("apply", "--lab", "--yes", "--no-drain", file));
    expect(await leftOn("spare")).toEqual([]);
    const ask = `curl -s -o /dev/null --max-time ${lab.seconds(2)} http://198.51.100.1:8080/ || echo nobody`;
    expect(await lab.on("pc", ask)).toBe("nobody\n");
    expect(await knownOn("lb1", "rs1", "rs2")).not.toContain("spare");
  });
});

describe("a director that is only renamed", () => {
  it("stays as it is, and its ledger has the new name", async () => {
    const file = lab.variant("renamed.yaml", (text) => text.replace("  lb1: { ", "  gate: { ssh: lb1, "));
    const look = "ip -o address show dev eth0; ipvsadm -S -n";
    const before = await lab.on("lb1", look);
    const ssh = ["--ssh-config", lab.sshConfig];
    const planned = await lab.lvsctl("plan", ...ssh, file);
    expect(oneLine(planned.stdout)).toContain("Renamed: lb1 is now called gate; it is the same machine");
    expect(planned.stdout).toContain("Nothing to change");
    expectOk(await lab.lvsctl("apply", ...ssh, ...FLAGS, file));
    lab.forgetState();
    expect(await lab.on("lb1", look)).toBe(before);
    expect(await lab.on("lb1", `cat /var/lib/lvsctl/${NAME}/ledger.json`)).toContain('"host": "gate"');
    expect((await lab.lvsctl("plan", ...ssh, file)).stdout).not.toContain("lb1");
  });
});

describe("a host that is deleted and cannot be reached", () => {
  it("is named as still live, with what to do, while the others go on; and forgotten on request", async () => {
    const file = lab.variant("no-rs2.yaml", withoutRs2);
    const config = lab.variant("ssh_config", () =>
      readFileSync(lab.sshConfig, "utf8").replaceAll(/^(Host\b.*)\brs2\b/gm, "$1nobody"),
    );
    const applied = await lab.lvsctl("apply", "--ssh-config", config, ...FLAGS, file);
    expectOk(applied);
    expect(oneLine(applied.stdout)).toMatch(/rs2 was a real server .* cannot be cleaned .* may still be live/);
    expect(oneLine(applied.stderr)).toContain(`lvsctl destroy --ssh-config ${config} --name ${NAME} --host rs2`);
    expect(await knownOn("lb1", "rs1")).toContain("rs2");
    expect(await lab.on("lb1", "ipvsadm -S -n")).not.toContain("192.0.2.12");

    const forgotten = await lab.lvsctl("apply", "--ssh-config", config, ...FLAGS, "--forget", "rs2", file);
    expectOk(forgotten);
    expect(forgotten.stdout).not.toContain("rs2");
    lab.forgetState();
    expect(await knownOn("lb1", "rs1")).not.toContain("rs2");
  });
});

describe("a VIP", () => {
  it("that another machine holds too fails verification, and is drift; both name the machine", async () => {
    const alone = await lab.do("verify");
    expectOk(alone);
    expect(alone.stdout).toContain("no other host answers for 192.0.2.100 (asked by lb1)");
    expectOk(await lab.do("drift"));

    await lab.on("spare", "ip address add 192.0.2.100/32 dev eth0");
    const { status, stdout } = await lab.do("verify");
    const drift = await lab.do("drift");
    await lab.on("spare", "ip address del 192.0.2.100/32 dev eth0");
    expect(status, stdout).toBe(3);
    expect(oneLine(stdout)).toMatch(/spare \(on eth0, [0-9a-f:]+\) answers for 192\.0\.2\.100 too/);
    expect(drift.status, drift.stdout).toBe(2);
    expect(oneLine(drift.stdout)).toMatch(/spare \(on eth0, [0-9a-f:]+\) answers for 192\.0\.2\.100 too/);
  });
});
