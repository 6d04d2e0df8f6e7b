/**
 * Two topologies on the same hosts: one VIP, two ports. Either can go, and the other serves on without a lost request; the
 * last one leaves the hosts as they were. And what becomes of them when a ledger is damaged.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkedJson } from "../helpers/checked-json.ts";
import { differences, type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest, type Result } from "../helpers/lab-under-test.ts";

const HOSTS = ["fw", "dr", "rs1", "rs2", "client"];
const WEB = "e2e-sharing";
const ADMIN = "e2e-sharing-admin";
const PORTS: Record<string, number> = { [WEB]: 80, [ADMIN]: 8080 };

/** Asks a service again and again until told to stop, and notes every request that is not answered. */
const loop = (port: number) => `rm -f /tmp/stop /tmp/requests
cat >/tmp/loop.sh <<'END'
while [ ! -e /tmp/stop ]; do
curl -sS -o /dev/null --connect-timeout SECONDS --max-time SECONDS http://10.0.2.1:${port}/ && echo answered || echo lost
sleep 0.02
done >/tmp/requests 2>/dev/null
END
setsid sh /tmp/loop.sh </dev/null >/dev/null 2>&1 &
until [ -s /tmp/requests ]; do sleep 0.1; done`;

const END_LOOP = `touch /tmp/stop
while pgrep -f '/tmp/loop.s[h]' >/dev/null; do sleep 0.1; done
grep -c answered /tmp/requests || :
grep -c lost /tmp/requests || :
rm -f /tmp/stop /tmp/requests /tmp/loop.sh`;

let lab: LabUnderTest;
let files: Record<string, string>;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up("dr.yaml", WEB, (text) => `${text}\nverify: { requests: 8, timeout: 3 }\n`);
  files = { [WEB]: lab.file, [ADMIN]: variant(ADMIN, "port: 80", `port: ${PORTS[ADMIN]}`) };
  for (const host of HOSTS) await lab.on(host, "iptables -t nat -S >/dev/null; iptables -S >/dev/null");
  before = await snapshot(lab, HOSTS);
});

afterAll(async () => {
  await lab?.down();
});

function variant(name: string, from: string, to: string): string {
  return lab.variant(`${name}.yaml`, (text) => text.replace(/^name: .*$/m, `name: ${name}`).replace(from, to));
}

/** The lab's own topology and the others are reached in one way. */
function lvsctl(command: string, topology: string, ...flags: readonly string[]): Promise<Result> {
  return lab.lvsctl(...command.split(" "), "-F", lab.sshConfig, ...flags, files[topology] ?? topology);
}

async function apply(topology: string, ...flags: readonly string[]): Promise<void> {
  const { status, stdout, stderr } = await lvsctl("apply", topology, "--yes", ...flags);
  if (flags.length === 0) expect(stderr + stdout).toContain("Verified");
  expect(status, stdout).toBe(0);
  there.add(topology);
}

async function destroy(topology: string): Promise<string> {
  const { status, stdout, stderr } = await lvsctl("destroy", topology, "--yes");
  expect(stderr).not.toMatch(/LVS-/);
  expect(status, stdout).toBe(0);
  there.delete(topology);
  return unwrapped(stdout);
}

/** Which of the two are on the hosts. */
const there = new Set<string>();

/** Brings it about that these two, and no others, are on the hosts. */
async function ensure(...wanted: readonly string[]): Promise<void> {
  for (const topology of [...there]) if (!wanted.includes(topology)) await destroy(topology);
  for (const topology of wanted) if (!there.has(topology)) await apply(topology, "--no-verify");
}

/** What came of the requests to one topology's service while another thing was done. */
async function requestsDuring(topology: string, work: () => Promise<unknown>): Promise<Record<string, number>> {
  await lab.on("client", loop(PORTS[topology] ?? 0).replaceAll("SECONDS", String(lab.seconds(3))));
  await work();
  const [answered, lost] = (await lab.on("client", END_LOOP)).trim().split("\n").map(Number);
  return { answered: answered ?? -1, lost: lost ?? -1 };
}

describe("two topologies on the same hosts", () => {
  it("are both built and verified, and neither plan changes the other's", async () => {
    await ensure();
    await apply(WEB);
    const meanwhile = await requestsDuring(WEB, () => apply(ADMIN));
    expect(meanwhile["lost"]).toBe(0);
    expect(meanwhile["answered"]).toBeGreaterThan(20);
    for (const topology of [WEB, ADMIN]) {
      const { status, stdout } = await lvsctl("plan", topology, "--detailed-exitcode");
      expect(stdout).toContain("Nothing to change on 5 hosts");
      expect(status, stdout).toBe(0);
    }
  });

  it("are told from each other where they want the same: the plan stops and names the owner", async () => {
    await ensure(WEB, ADMIN);
    const rival = variant("e2e-sharing-rival", "scheduler: rr", "scheduler: wrr");
    const { status, stderr } = await lvsctl("apply", rival, "--yes");
    expect(status).toBe(1);
    const text = unwrapped(stderr);
    expect(text).toContain(`The topology ${WEB} has this on the host: IPVS service tcp 172.16.10.10:80 (rr)`);
    expect(text).toContain(`The topology ${WEB} has this on the host: web server on port 80`);
    expect(text).toContain(`lvsctl destroy --ssh-config ${lab.sshConfig} --name ${WEB} --host dr`);
    expect(await lab.on("dr", "ls /var/lib/lvsctl")).toBe(`${WEB}\n${ADMIN}\n`);
  });

  it("leave each other what they need when one goes, and the last one leaves nothing", async () => {
    await ensure(WEB, ADMIN);
    let shown = "";
    const meanwhile = await requestsDuring(ADMIN, async () => {
      shown = await destroy(WEB);
    });
    expect(meanwhile["lost"]).toBe(0);
    expect(meanwhile["answered"]).toBeGreaterThan(20);
    for (const kept of ["net.ipv4.ip_forward = 1", "address 172.16.10.10/32 dev lo", "arp_ignore = 1"]) {
      expect(shown).toMatch(new RegExp(`${kept.replaceAll(".", "\\.")} +\\(left: the topology ${ADMIN} needs it\\)`));
    }
    const end = await requestsDuring(ADMIN, () => destroy(ADMIN));
    expect(end["lost"]).toBeGreaterThan(0);
    expect(differences(before, await snapshot(lab, HOSTS))).toEqual([]);
  });
});

describe("a damaged ledger", () => {
  const path = `/var/lib/lvsctl/${WEB}/ledger.json`;

  /** Both are there, and the ledgers of one of them are cut off or open to others. */
  async function damage(): Promise<void> {
    await ensure(ADMIN, WEB);
    await lab.on(
      "rs1",
      `at=$(grep -n arp_announce ${path} | cut -d: -f1); head -n "$((at + 1))" ${path} >/tmp/cut
head -c "$(($(wc -c </tmp/cut) - 25))" /tmp/cut >${path}; rm /tmp/cut`,
    );
    await lab.on("dr", `chmod 0666 ${path}`);
  }

  async function repair(): Promise<Result> {
    const repaired = await lvsctl("ledger repair", WEB, "--yes");
    expect(repaired.stderr).toContain("Repaired.");
    expect(repaired.status).toBe(0);
    return repaired;
  }

  /** Takes away what a repair leaves for people to look at. */
  async function forgetDamage(): Promise<void> {
    for (const host of ["dr", "rs1"]) await lab.on(host, `rm -f /var/lib/lvsctl/${WEB}/ledger.json.damaged-*`);
  }

  it("stops every plan on its host, says what is wrong and what to do", async () => {
    await damage();
    for (const topology of [WEB, ADMIN]) {
      const { status, stdout, stderr } = await lvsctl("plan", topology);
      expect(status).toBe(1);
      expect(stdout).toBe("");
      expect(unwrapped(stderr)).toContain(`The ledger ${path} cannot be used: it is not JSON: truncated or damaged.`);
      expect(unwrapped(stderr)).toContain("it can be written to by users other than root (mode 0666)");
      expect(unwrapped(stderr)).toMatch(
        topology === WEB
          ? /lvsctl ledger repair --ssh-config \S+ \S+\.yaml makes/
          : /lvsctl ledger repair --ssh-config \S+ --name \S+ --host rs1 makes/,
      );
    }
    const shown = await lvsctl("ledger show", WEB);
    expect(shown.status).toBe(1);
    expect(shown.stdout).toMatch(/^rs1 {2}the ledger is not usable$/m);
    expect(shown.stdout).toMatch(/^fw {2}\/var\/lib\/lvsctl\/e2e-sharing\/ledger\.json$/m);
    expect(unwrapped(shown.stdout)).toMatch(/ip_forward = 1 +\(before: sysctl net\.ipv4\.ip_forward = 0\)/);
    await repair();
    await forgetDamage();
  });

  it("is repaired from what is true of the host, after a question, and kept", async () => {
    await damage();
    const asked = await lvsctl("ledger repair", WEB);
    expect(asked.status).toBe(64);
    expect(unwrapped(asked.stdout)).toContain("arp_announce = 2");
    const { stdout } = await repair();
    expect(unwrapped(stdout)).toContain("Found on the host as the topology asks for it");
    expect(await lab.on("rs1", `ls /var/lib/lvsctl/${WEB} | grep -c damaged`)).toBe("1\n");
    const again = await lvsctl("ledger repair", WEB, "--yes");
    expect(again.stderr).toContain("No ledger here needs repair.");
    const shown = checkedJson((await lvsctl("ledger show", WEB, "--format", "json")).stdout);
    expect(shown.hosts.rs1).toMatchObject({ state: "whole", otherTopologies: [ADMIN] });
    await forgetDamage();
  });

  it("accounts for everything again: nothing to change, and both go without a trace in the other order", async () => {
    await damage();
    await repair();
    const { stdout } = await lvsctl("apply", WEB, "--yes");
    expect(stdout).toContain("Nothing to change on 5 hosts");
    const meanwhile = await requestsDuring(WEB, () => destroy(ADMIN));
    expect(meanwhile["lost"]).toBe(0);
    await destroy(WEB);
    for (const host of ["dr", "rs1"]) {
      await lab.on(
        host,
        `rm /var/lib/lvsctl/${WEB}/ledger.json.damaged-*; rmdir /var/lib/lvsctl/${WEB} /var/lib/lvsctl`,
      );
    }
    expect(differences(before, await snapshot(lab, HOSTS))).toEqual([]);
  });
});

/** Text as it was before it was broken into lines. */
function unwrapped(text: string): string {
  return text.replaceAll(/\n {2,}/g, " ");
}
