/** Traffic through copies of the built-in modes' playbooks: one service for each, on one lab. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyModes } from "../helpers/copied-modes.ts";
import { type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import { expectDestroyed, expectNoChange, peersOf, unwrapped } from "../helpers/mode-checks.ts";
import { modeNames } from "../helpers/mode-names.ts";
import { whoAnswers } from "../helpers/served-page.ts";

const HOSTS = ["core", "lb", "rs1", "rs2", "far1", "far2", "client"];
const NEAR = ["rs1", "rs2"];
const FAR = ["far1", "far2"];

/** Each mode's service, who sees whom there, and what it cannot do without: a step of its playbook, and that on hosts. */
const services = [
  {
    mode: "dr",
    name: "direct",
    vip: "172.16.10.20",
    peers: { hosts: NEAR, port: 80, addresses: ["10.0.2.253"] },
    step: "vip-on-real-server",
    hosts: NEAR,
    take: "ip address del 172.16.10.20/32 dev lo",
    mend: "ip address add 172.16.10.20/32 dev lo",
    says: /rs1: address 172\.16\.10\.20\/32 dev lo is missing/,
  },
  {
    mode: "fullnat",
    name: "translated",
    vip: "172.16.10.23",
    peers: { hosts: FAR, port: 8080, addresses: ["172.16.10.201"] },
    step: "source-nat",
    hosts: ["lb"],
    ...withoutRuleFor("172.16.10.23"),
    says: /lb: iptables -t nat .* --vaddr 172\.16\.10\.23 .* -j SNAT --to-source 172\.16\.10\.201 is missing/,
  },
  {
    mode: "nat",
    name: "masked",
    vip: "172.16.10.21",
    peers: { hosts: NEAR, port: 8080, addresses: ["172.16.10.5"] },
    step: "masquerade",
    hosts: ["lb"],
    ...withoutRuleFor("172.16.10.21"),
    says: /lb: iptables -t nat .* --vaddr 172\.16\.10\.21 .* -j MASQUERADE is missing/,
  },
  {
    mode: "tun",
    name: "tunnelled",
    vip: "172.16.10.22",
    peers: { hosts: FAR, port: 80, addresses: ["10.0.2.253"] },
    step: "vip-on-real-server",
    hosts: FAR,
    take: "ip link set tunl0 down",
    mend: "ip link set tunl0 up",
    says: /far1: tunnel device tunl0 up differs from the topology/,
  },
];

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  const folder = copyModes();
  const copies = readdirSync(folder).map((file) => join(folder, file));
  lab = await LabUnderTest.up("../test/fixtures/e2e/own-modes.yaml", "e2e-own-modes", undefined, copies);
  rmSync(folder, { recursive: true });
  const touch =
    "modprobe nf_conntrack; for t in filter nat mangle; do iptables -t $t -S; ip6tables -t $t -S; done >/dev/null";
  await Promise.all(HOSTS.map((host) => lab.on(host, touch)));
  // The first time that the device is up, the kernel adds IPv6 settings that stay.
  await Promise.all(FAR.map((host) => lab.on(host, "modprobe ipip; ip link set tunl0 up; ip link set tunl0 down")));
  before = await snapshot(lab, HOSTS);
});

afterAll(() => lab?.down());

it("there is a service for every mode", () => {
  expect(services.map(({ mode }) => mode)).toEqual(modeNames());
});

describe("copies of the built-in modes' playbooks", () => {
  it("apply, and every request is answered", async () => {
    await lab.ensureBare();
    const { status, stdout } = await lab.do("apply", "--yes");
    for (const { name, vip } of services) {
      expect(unwrapped(stdout)).toContain(`✓ ${name}: 4 of 4 requests from client to http://${vip}:80/ were answered`);
    }
    expect(status, stdout).toBe(0);
  });

  it.each(services)("shows real servers the same peer as $mode does", async ({ vip, peers }) => {
    await lab.ensureApplied();
    await whoAnswers(lab, "client", [`${vip}:80`, `${vip}:80`]);
    expect(await peersOf(lab, peers.hosts, peers.port)).toEqual(peers.addresses);
  });

  it("apply a second time without changing anything", () => expectNoChange(lab));

  it("verify names what each of them misses on the hosts, and none is answered without it", async () => {
    await lab.ensureApplied();
    for (const { hosts, take } of services) await Promise.all(hosts.map((host) => lab.on(host, take)));
    const { status, stdout } = await lab.do("verify");
    for (const { hosts, mend } of services.toReversed()) await Promise.all(hosts.map((host) => lab.on(host, mend)));
    expect(status, stdout).toBe(3);
    for (const { name, says } of services) {
      expect(unwrapped(stdout)).toContain(`✗ ${name}: 0 of 4 requests`);
      expect(unwrapped(stdout)).toMatch(says);
    }
  });

  it("do what is written in them: without one step in its copy, a mode's service is not answered", async () => {
    for (const { mode, step } of services) {
      const folder = dirname(lab.file);
      const text = readFileSync(join(folder, `my-${mode}.yaml`), "utf8");
      writeFileSync(join(folder, `lame-${mode}.yaml`), withoutStep(text, step));
    }
    const lame = lab.variant("lame.yaml", (text) => text.replaceAll("./my-", "./lame-"));
    await lab.ensureApplied(lame);
    const { status, stdout } = await lab.lvsctl("verify", "--lab", lame);
    expect(status, stdout).toBe(3);
    for (const { name } of services) expect(stdout).toContain(`✗ ${name}: 0 of 4 requests`);
    await lab.ensureApplied();
    const again = await lab.do("verify");
    expect(again.status, again.stdout).toBe(0);
  });

  it("destroy everything, on all hosts", () => expectDestroyed(lab, before));
});

/** Scripts that delete a service's rule from the director's nat table, and restore it. */
function withoutRuleFor(vip: string): { readonly take: string; readonly mend: string } {
  const kept = `/run/nat-${vip}`;
  return {
    take: `iptables-save -t nat >${kept}
iptables -t nat -S | sed -n '/--vaddr ${vip.replaceAll(".", "\\.")} /s/^-A/iptables -t nat -D/p' | sh -e`,
    mend: `iptables-restore <${kept}; rm ${kept}`,
  };
}

/** A playbook's text without one of its steps. */
function withoutStep(text: string, id: string): string {
  const [head, ...steps] = text.split(/^(?= {2}- id: )/m);
  const kept = steps.filter((step) => !step.startsWith(`  - id: ${id}\n`));
  expect(kept).toHaveLength(steps.length - 1);
  return [head, ...kept].join("");
}
