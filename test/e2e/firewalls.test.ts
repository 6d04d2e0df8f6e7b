/** What services that load rules do to ours, on hosts with systemd, with nf_tables behind iptables; docs/hosts.md has the table. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PlanProblem } from "../../src/plan/plan.ts";
import { nfTablesServices } from "../helpers/beside.ts";
import { describeServicesBeside, outcomesOf, SETTLED } from "../helpers/beside-lab.ts";
import { checkedJson } from "../helpers/checked-json.ts";
import { LabUnderTest, succeeded } from "../helpers/lab-under-test.ts";

const NAME = "e2e-rules";
const HOOK = `/etc/systemd/system/nftables.service.d/lvsctl-${NAME}.conf`;

let lab: LabUnderTest;

beforeAll(async () => {
  const withoutSecond = (text: string) =>
    text.replace(/^ {2}rs2:.*\n(?: {4}.*\n)*/gm, "").replace(/, rs2\b.*?(?=[\]}])/g, "");
  const packages = nfTablesServices.flatMap((service) => service.packages).join(",");
  const flags = ["--engine", "qemu", "--init", "systemd", "--packages", packages];
  lab = await LabUnderTest.up("dr.yaml", NAME, withoutSecond, [], flags);
});

afterAll(() => lab?.down());

describeServicesBeside(nfTablesServices, () => lab);

describe("firewalld in its zone public, which lets in little and nothing through", () => {
  const START = `sed -i s/^DefaultZone=.*/DefaultZone=public/ /etc/firewalld/firewalld.conf
systemctl start firewalld; until firewall-cmd --state; do sleep 0.5; done`;
  const END = `systemctl stop firewalld; rm -f /etc/firewalld/zones/public.xml /etc/firewalld/policies/lvsctl-*.xml; ${SETTLED}`;
  let file: string;

  beforeAll(async () => {
    await lab.ensureBare();
    file = lab.variant("unpublished.yaml", (text) => text.replace(/^ *publish: .*\n/m, ""));
  });

  it.each([
    { host: "fw", what: "a router" },
    { host: "dr", what: "a director" },
  ])("$what: nobody is answered without what the plan advises, and everybody with it", async ({ host }) => {
    await lab.on(host, START);
    try {
      const advice = await adviceFor(host, file);
      expect(advice).toHaveLength(1);
      expect(advice[0]).toContain('destination address="172.16.10.10" port port="80" protocol="tcp" accept');
      const { status, stdout } = await lab.lvsctl("apply", "--lab", "--yes", file);
      expect(status, stdout).toBe(3);
      expect(stdout).toMatch(/✗ web: 0 of \d+ requests/);
      await lab.on(host, `${advice.join("\n")}\n${SETTLED}`);
      expect(await adviceFor(host, file)).toEqual([]);
      await succeeded(lab.lvsctl("verify", "--lab", file));
    } finally {
      await lab.on(host, END);
      await lab.ensureBare();
    }
  });

  it("a firewall that publishes: what it translates passes as it is", async () => {
    await lab.on("fw", START);
    try {
      expect(await adviceFor("fw", lab.file)).toEqual([]);
      await succeeded(lab.do("apply", "--yes"));
    } finally {
      await lab.on("fw", END);
    }
  });

  /** The commands by which a plan says that firewalld lets packets pass, as they stand there. */
  async function adviceFor(host: string, topology: string): Promise<readonly string[]> {
    const plan = checkedJson(await succeeded(lab.lvsctl("plan", "--lab", "--format", "json", topology)));
    const warnings = (plan["warnings"] as readonly PlanProblem[]).filter((one) => one.host === host);
    return warnings.flatMap(({ hint }) => {
      if (!hint.includes("firewall-cmd")) return [];
      const [, policy] = /of their own: (.*firewall-cmd --reload)\./.exec(hint) ?? [];
      const [, zone = ""] = /: (firewall-cmd --permanent .*), and the same without --permanent/.exec(hint) ?? [];
      return policy ?? `${zone}\n${zone.replace(" --permanent", "")}`;
    });
  }
});

describe("a chain of nft on the director that drops the requests", () => {
  it.each([
    { priority: 97, when: "before IPVS takes them", isSeen: true },
    { priority: 100, when: "after that", isSeen: false },
  ])("with priority $priority, $when", async ({ priority, isSeen }) => {
    await lab.ensureBare();
    const chain = `chain c { type filter hook input priority ${priority}; tcp dport 80 drop; }`;
    await lab.on("dr", `nft 'table inet theirs { ${chain}; }'`);
    try {
      const plan = await lab.do("plan");
      expect(plan.stdout.includes("inet theirs c"), plan.stdout).toBe(isSeen);
      const { status, stdout } = await lab.do("apply", "--yes");
      expect(status, stdout).toBe(isSeen ? 3 : 0);
    } finally {
      await lab.on("dr", "nft delete table inet theirs");
    }
    expect((await lab.do("verify")).status).toBe(0);
  });
});

describe("without what lvsctl has put into systemd", () => {
  it("our rules are lost for good; plan says what is missing, and apply mends both", async () => {
    const [nftables] = nfTablesServices;
    if (nftables === undefined) throw new Error("nftables is the first");
    await lab.ensureApplied();
    await lab.on("fw", `rm ${HOOK}; systemctl daemon-reload; ${SETTLED}`);
    const expected = { rules: "lost" } as const;
    expect(await outcomesOf(lab, nftables, "systemctl restart nftables", expected)).toEqual(expected);
    expect((await lab.do("verify")).status).toBe(3);
    const plan = await lab.do("plan");
    expect(plan.stdout).toMatch(/\+ iptables -t nat -I PREROUTING -j LVSCTL-e2e-rules-PREROUTING/);
    expect(plan.stdout).toMatch(/~ restore of e2e-rules at boot/);
    lab.forgetState();
    await lab.ensureApplied();
    const { status, stdout } = await lab.do("verify");
    expect(status, stdout).toBe(0);
  });

  it("is left without a trace of ours after a destroy", async () => {
    await lab.ensureApplied();
    await succeeded(lab.do("destroy", "--yes"));
    expect(
      await lab.on(
        "fw",
        "systemctl restart nftables; find /etc/systemd /run/systemd -name '*lvsctl*'; iptables-save | grep LVSCTL || :",
      ),
    ).toBe("");
    expect(await lab.on("fw", "ls -d /etc/systemd/system/nftables.service.d 2>&1 || :")).toContain("No such file");
  });
});
