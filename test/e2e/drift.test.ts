/** What somebody changes by hand on hosts with real kernels is named, and put back. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { checkedJson } from "../helpers/checked-json.ts";
import { LabUnderTest, succeeded } from "../helpers/lab-under-test.ts";
import { unwrapped } from "../helpers/mode-checks.ts";

let lab: LabUnderTest;

beforeAll(async () => {
  lab = await LabUnderTest.up("dr.yaml", "e2e-drift");
});

afterAll(async () => {
  await lab?.down();
});

interface Drifted {
  readonly drift: boolean;
  readonly hosts: Readonly<
    Record<string, { readonly differences: readonly { what: string; id: string; fix: string }[] }>
  >;
}

let isDrifted = false;

/** Somebody has changed things by hand since the last apply. */
async function ensureDrift(): Promise<void> {
  if (isDrifted) return;
  await lab.ensureApplied();
  const [chain = ""] = /LVSCTL-\S+-PREROUTING/.exec(await lab.on("fw", "iptables-save -t nat")) ?? [];
  await lab.on(
    "dr",
    "ipvsadm -e -t 172.16.10.10:80 -r 172.16.20.20:80 -g -w 7\nipvsadm -a -t 172.16.10.10:80 -r 172.16.20.99:80 -g",
  );
  await lab.on(
    "fw",
    `rule=$(iptables -t nat -S ${chain} | grep DNAT | sed 's/^-A//')
    eval iptables -t nat -D $rule
    iptables -t nat -A ${chain} -s 192.0.2.7 -j ACCEPT`,
  );
  await lab.on("rs1", "echo 0 >/proc/sys/net/ipv4/conf/all/arp_ignore\nip address del 172.16.10.10/32 dev lo");
  isDrifted = true;
}

/** An apply, and what the differences that are left say is to be done. */
async function mend(): Promise<readonly string[]> {
  await succeeded(lab.do("apply", "--yes", "--no-verify"));
  const { status, stdout } = await lab.do("drift", "--format", "json");
  const { hosts } = checkedJson(stdout) as Drifted;
  const left = Object.entries(hosts).flatMap(([host, { differences }]) => differences.map((one) => ({ host, ...one })));
  expect(status).toBe(2);
  for (const { host, fix } of left) await lab.on(host, fix);
  isDrifted = false;
  return left.map(({ host, what }) => `${host} ${what}`).sort();
}

it("is not there after an apply", async () => {
  if (isDrifted) await mend();
  await lab.ensureApplied();
  const { status, stdout } = await lab.do("drift");
  expect(stdout).toMatch(/No drift on 4 hosts \(\d+ things checked\)\./);
  expect(status, stdout).toBe(0);
});

it("is named, each with what was set, what is there and what to do, and changes nothing", async () => {
  await ensureDrift();
  const before = await lab.on("fw", "iptables-save -t nat | grep -v '^#'");
  const { status, stdout } = await lab.do("drift");
  const text = unwrapped(stdout);
  expect(status).toBe(2);
  expect(text).toMatch(
    /~ real server tcp 172\.16\.10\.10:80 -> 172\.16\.20\.20:80.*weight expected 1, found 7; an apply restores it/,
  );
  expect(text).toMatch(
    /\+ real server tcp 172\.16\.10\.10:80 -> 172\.16\.20\.99:80.*to remove it: \$ ipvsadm -d -t 172\.16\.10\.10:80 -r 172\.16\.20\.99:80\n/,
  );
  expect(text).toMatch(/- iptables -t nat -A LVSCTL-\S+-PREROUTING .*DNAT.*is missing; an apply creates it again/);
  expect(text).toMatch(/\+ iptables -t nat -A LVSCTL-\S+-PREROUTING -s 192\.0\.2\.7\/32 -j ACCEPT/);
  expect(text).toMatch(/~ sysctl net\.ipv4\.conf\.all\.arp_ignore = 1.*expected 1, found 0/);
  expect(text).toMatch(/- address 172\.16\.10\.10\/32 dev lo is missing; an apply/);
  expect(text).toContain("6 differences on 3 hosts");
  expect(text).toMatch(/To restore what lvsctl has set: lvsctl apply --lab \S+/);
  expect(text).toMatch(/^rs2 {2}unchanged/m);
  expect(await lab.on("fw", "iptables-save -t nat | grep -v '^#'")).toBe(before);
});

it("is found without the file, too, and is there for machines", async () => {
  await ensureDrift();
  const { status, stdout } = await lab.lvsctl(
    ...["drift", "--ssh-config", lab.sshConfig, "--name", lab.name, "--host", "dr,rs1", "--format", "json"],
  );
  const { drift, hosts } = checkedJson(stdout) as Drifted;
  expect({ status, drift, found: Object.keys(hosts) }).toEqual({ status: 2, drift: true, found: ["dr", "rs1"] });
  expect(hosts["dr"]?.differences.map(({ what }) => what)).toEqual(["changed", "added"]);
});

it("is repaired by an apply, except for what belongs to somebody else's; that goes by the commands that it names", async () => {
  await ensureDrift();
  expect(await mend()).toEqual(["dr added", "fw added"]);
  await succeeded(lab.do("drift"));
});
