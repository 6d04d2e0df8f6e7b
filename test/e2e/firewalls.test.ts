/** What the services that load saved rules do to ours, on hosts with systemd, with nf_tables behind iptables. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import { expectNoChange } from "../helpers/mode-checks.ts";

const NAME = "e2e-rules";
const UNIT = `lvsctl-${NAME}.service`;
const HOOK = `/etc/systemd/system/nftables.service.d/lvsctl-${NAME}.conf`;
/** Waits until systemd has nothing left to do. */
const SETTLED = `until [ -z "$(systemctl list-jobs --no-legend --plain)" ]; do sleep 0.5; done`;

let lab: LabUnderTest;

beforeAll(async () => {
  const withoutSecond = (text: string) =>
    text.replace(/^ {2}rs2:.*\n(?: {4}.*\n)*/gm, "").replace(/, rs2\b.*?(?=[\]}])/g, "");
  lab = await LabUnderTest.up("dr.yaml", NAME, withoutSecond, [], ["--engine", "qemu", "--init", "systemd"]);
  await lab.on("fw", "systemctl start nftables");
  expect(await lab.on("fw", "cat /etc/nftables.conf")).toContain("flush ruleset");
});

afterAll(() => lab?.down());

describe("nftables.service on a firewall that publishes", () => {
  it.each(["restart", "reload", "stop", "start"])("loses our rules on %s, and they come back", async (action) => {
    await lab.ensureApplied();
    const before = await lab.on("fw", `${SETTLED}; systemctl show -P ActiveEnterTimestampMonotonic ${UNIT}`);
    expect(await lab.on("fw", "iptables -t nat -S")).toContain(`LVSCTL-${NAME}-PREROUTING -d`);
    await lab.on("fw", `systemctl ${action} nftables; ${SETTLED}`);
    // Our unit was started anew: the rules are not merely still there.
    expect(await lab.on("fw", `systemctl show -P ActiveEnterTimestampMonotonic ${UNIT}`)).not.toBe(before);
    const { status, stdout } = await lab.do("verify");
    expect(status, stdout).toBe(0);
    await expectNoChange(lab);
  });

  it("loses them for good without our hook; plan says what is missing, and apply mends both", async () => {
    await lab.ensureApplied();
    await lab.on("fw", `rm ${HOOK}; systemctl daemon-reload; systemctl restart nftables; ${SETTLED}`);
    expect(await lab.on("fw", "iptables -t nat -S")).not.toContain("LVSCTL");
    expect((await lab.do("verify")).status).toBe(3);
    const plan = await lab.do("plan");
    expect(plan.stdout).toMatch(/\+ iptables -t nat -I PREROUTING -j LVSCTL-e2e-rules-PREROUTING/);
    expect(plan.stdout).toMatch(/~ start-up of e2e-rules/);
    lab.forgetState();
    await lab.ensureApplied();
    const { status, stdout } = await lab.do("verify");
    expect(status, stdout).toBe(0);
  });

  it("is left without a trace of ours after a destroy", async () => {
    await lab.ensureApplied();
    expect((await lab.do("destroy", "--yes")).status).toBe(0);
    expect(
      await lab.on(
        "fw",
        "systemctl restart nftables; find /etc/systemd /run/systemd -name '*lvsctl*'; iptables-save | grep LVSCTL || :",
      ),
    ).toBe("");
    expect(await lab.on("fw", "ls -d /etc/systemd/system/nftables.service.d 2>&1 || :")).toContain("No such file");
  });
});
