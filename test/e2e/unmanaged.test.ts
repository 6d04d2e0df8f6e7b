/**
 * examples/unmanaged.yaml: hosts that lvsctl does not log in to. The test is their owner, and does by hand what `plan` lists.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { LabUnderTest, type Result } from "../helpers/lab-under-test.ts";
import { Owners } from "../helpers/owners.ts";

const NAME = "e2e-unmanaged";
const OWNED = ["win1", "team2"] as const;

let lab: LabUnderTest;
let owners: Owners;

const serve = (port: number) =>
  `cd /tmp && { setsid python3 -m http.server ${port} --bind :: </dev/null >/dev/null 2>&1 & echo $! >/tmp/server; }
until ss -ltn | grep -q ":${port} "; do kill -0 $(cat /tmp/server) || exit 1; sleep 1; done`;
const stop = "kill $(cat /tmp/server)";

beforeAll(async () => {
  lab = await LabUnderTest.up("unmanaged.yaml", NAME);
  // sshd runs this file at every login.
  for (const host of OWNED) await lab.on(host, "echo 'echo >>/tmp/logins' >/root/.ssh/rc");
  await lab.on("win1", serve(8080));
  await lab.on("team2", serve(80));
  owners = await Owners.of(lab);
});
afterAll(() => lab?.down());
beforeEach(async () => {
  await lab.ensureApplied();
  for (const host of OWNED) await owners.work(host);
});

const oneLine = (text: string) => text.replaceAll(/\s+/g, " ");

function expectOk({ status, stdout, stderr }: Result) {
  expect(status, stdout + stderr).toBe(0);
}

/** Verification fails; what it says, in one line. */
async function fails(): Promise<string> {
  const { status, stdout } = await lab.do("verify");
  expect(status, stdout).toBe(3);
  return oneLine(stdout);
}

describe("the plan", () => {
  it("lists for each owner what the host needs, and why; a second one in a line", async () => {
    await lab.ensureBare();
    const { stdout } = await lab.do("plan");
    expect(stdout).toContain("win1  not managed by lvsctl; its owner has to set up:");
    expect(stdout).toContain("  • route default via 10.0.0.1\n");
    expect(stdout).toContain("  • address 192.0.2.100/32 dev lo (files)\n");
    expect(oneLine(stdout)).toContain("must not answer ARP requests for the VIP");
    expect(stdout).toContain("  • a program that answers on tcp port 8080 of 10.0.0.21 (shop)\n");
    expect(stdout).not.toContain("ip address add");
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    await lab.ensureApplied();
    const again = await lab.do("plan");
    const [team2] = /^team2 .*$/m.exec(again.stdout) ?? [];
    expect(team2).toBe("team2  not managed by lvsctl; its owner has to set up 5 things (-v lists them)");
    expect(again.stdout).toContain("Nothing to change on 4 hosts");
    expect((await lab.do("plan", "-v")).stdout).toContain("ip address add 192.0.2.100/32 dev lo");
  });

  it("is for others' hosts alone where --limit names one of them", async () => {
    const { status, stderr } = await lab.do("plan", "--limit", "win1");
    expect(status).toBe(64);
    expect(oneLine(stderr)).toContain('--limit names "win1", to which lvsctl does not log in (`managed: false`)');
  });
});

describe("with what is listed, and nothing else", () => {
  it("an apply is verified: requests spread over all real servers, by NAT and by direct routing", async () => {
    await lab.ensureBare();
    const applied = await lab.do("apply", "--yes");
    expectOk(applied);
    const said = oneLine(applied.stdout);
    expect(said).toContain("shop: rr: rs1 10, win1 10");
    expect(said).toContain("files: rr: rs2 10, team2 10");
    expect(said).toContain("win1 on 10.0.0.21:8080 takes connections (tried from lb)");
    expect(said).toMatch(/team2 answers for 192\.0\.2\.22 with [0-9a-f:]+ \(asked by lb\)/);
    expect(said).toContain("no other host answers for 192.0.2.100 (asked by lb)");
    expect(said).toContain("team2: lvsctl does not log in to it, so it was only checked from outside");
  });
});

describe("verification fails and names the host", () => {
  it("without the virtual address on a real server", async () => {
    await lab.on("team2", "ip address del 192.0.2.100/32 dev lo");
    const said = await fails();
    expect(said).toMatch(/Likely cause: team2: \d+ connections? of files to it got no reply to the first packet/);
    expect(said).toContain("shop: 20 of 20 requests");
    expect(said).toContain("4 hosts match the topology");
  });

  it("if it answers ARP for the virtual address", async () => {
    await lab.on("team2", "echo 0 >/proc/sys/net/ipv4/conf/all/arp_ignore");
    expect(await fails()).toMatch(/✗ team2 \(on eth0, [0-9a-f:]+\) answers for 192\.0\.2\.100 too \(asked by lb\)/);
  });

  it("without its gateway, where replies have to come back through the director", async () => {
    await lab.on("win1", "ip route del default");
    const said = await fails();
    expect(said).toMatch(/Likely cause: win1: \d+ connections? of shop to it got no reply to the first packet/);
    expect(said).toContain("files: 20 of 20 requests");
  });

  it("if no program answers", async () => {
    await lab.on("win1", stop);
    const said = await fails();
    await lab.on("win1", serve(8080));
    expect(said).toContain("✗ shop: win1 on 10.0.0.21:8080 takes no connections from lb (connection refused)");
  });

  it("if it is not there at all", async () => {
    await lab.on("win1", "ip address del 10.0.0.21/24 dev eth0");
    const said = await fails();
    expect(said).toContain("✗ no host answers for 10.0.0.21, which is an address of win1 (asked by lb)");
    expect(said).toContain("✓ team2 answers for 192.0.2.22");
  });
});

describe("no login", () => {
  /** How many logins there have been, with this one. */
  const logins = async (host: string) => Number(await lab.on(host, "wc -l </tmp/logins"));

  it("is ever opened, by any command, and nothing of lvsctl's is there", async () => {
    const before = await Promise.all(OWNED.map(logins));
    expectOk(await lab.do("plan"));
    expectOk(await lab.do("drift"));
    expectOk(await lab.lvsctl("ledger", "show", "--lab", lab.file));
    expectOk(await lab.lvsctl("drain", "--lab", "--yes", "--drain-timeout", "0", lab.file, "win1"));
    expect((await lab.do("verify")).stdout).toContain("win1 is drained");
    expectOk(await lab.lvsctl("undrain", "--lab", "--yes", lab.file, "win1"));
    expect((await lab.do("rollback", "--yes")).stderr).toContain("No run is pending on lb, rs1, rs2, client");
    expectOk(await lab.do("destroy", "--yes", "--no-drain"));
    expectOk(await lab.do("apply", "--yes"));
    const after = await Promise.all(OWNED.map(logins));
    expect(after).toEqual(before.map((count) => count + 1));
    for (const host of OWNED) expect(await lab.on(host, "ls -d /var/lib/lvsctl /run/lvsctl 2>/dev/null || :")).toBe("");
  });
});

describe("a host to which lvsctl no longer logs in", () => {
  const given = (text: string) =>
    text
      .replace("rs2:   { role: real-server,", "rs2:   { role: real-server, managed: false,")
      .replace(/(mode: dr\n(?: .*\n)*?) {4}testPage: true\n/, "$1");
  const known = () => lab.on("lb", `grep -c '"name":"rs2"' /var/lib/lvsctl/${NAME}/ledger.json || :`);

  it("keeps what lvsctl made, is not forgotten, and can be destroyed or forgotten", async () => {
    const file = lab.variant("given.yaml", given);
    const planned = await lab.lvsctl("plan", "--lab", file);
    expect(oneLine(planned.stdout)).toContain(
      `Warning: rs2 was a real server of ${NAME}, and lvsctl does not log in to it any more. What lvsctl made there stays.`,
    );
    const applied = await lab.lvsctl("apply", "--lab", "--yes", file);
    expectOk(applied);
    expect(await lab.on("rs2", "ip address show dev lo")).toContain("192.0.2.100/32");
    expect((await known()).trim()).toBe("1");
    const verified = await lab.lvsctl("verify", "--lab", file);
    expectOk(verified);
    expect(oneLine(verified.stdout)).toContain("rs2 was a real server");

    expectOk(await lab.lvsctl("destroy", "--lab", "--yes", "--no-drain", "--name", NAME, "--host", "rs2"));
    expect(await lab.on("rs2", "ip address show dev lo")).not.toContain("192.0.2.100/32");
    const forgotten = await lab.lvsctl("apply", "--lab", "--yes", "--forget", "rs2", file);
    expectOk(forgotten);
    expect((await known()).trim()).toBe("0");
    expect((await lab.lvsctl("plan", "--lab", file)).stdout).not.toContain("Warning");
    lab.forgetState();
  });

  it("is named by a destroy that leaves it", async () => {
    const file = lab.variant("given.yaml", given);
    const destroyed = await lab.lvsctl("destroy", "--lab", "--yes", "--no-drain", file);
    lab.forgetState();
    expect(destroyed.status, destroyed.stderr).toBe(4);
    expect(oneLine(destroyed.stderr)).toContain(`lvsctl destroy --lab --name ${NAME} --host rs2`);
    expect(await lab.on("rs2", "ip address show dev lo")).toContain("192.0.2.100/32");
    expect(await lab.on("lb", "ipvsadm -S -n")).toBe("");
  });
});
