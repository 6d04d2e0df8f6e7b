/** What services that load rules do to ours, on hosts with systemd, with nf_tables behind iptables; docs/hosts.md has the table. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nfTablesServices } from "../helpers/beside.ts";
import { expectOutcomes, outcomeOf, SETTLED } from "../helpers/beside-lab.ts";
import { LabUnderTest, succeeded } from "../helpers/lab-under-test.ts";
import { expectNoChange } from "../helpers/mode-checks.ts";

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

describe.each(nfTablesServices)("$name on a firewall that publishes", (service) => {
  beforeAll(async () => {
    await lab.ensureApplied();
    await lab.on("fw", `exec >/dev/null 2>&1; ${service.setUp}; ${SETTLED}`);
    lab.forgetState();
    await lab.ensureApplied();
  });

  afterAll(() => lab?.on("fw", `exec >/dev/null 2>&1; ${service.tearDown}; ${SETTLED}`));

  it("does to our rules what docs/hosts.md says, and the service works afterwards", async () => {
    await expectOutcomes(lab, service);
    await expectNoChange(lab);
  });
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
    expect(await outcomeOf(lab, nftables, "systemctl restart nftables", "lost")).toBe("lost");
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
