/** What network managers, and what loads saved rules, do to what is ours, on hosts with systemd; docs/hosts.md has the table. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { otherServices, outcomesOfEvents } from "../helpers/beside.ts";
import { besideLab, describeServicesBeside, destroyTunnel, outcomesOf } from "../helpers/beside-lab.ts";
import { type LabUnderTest, succeeded } from "../helpers/lab-under-test.ts";

const NAME = "e2e-nm";
const RECONFIGURE = "networkctl reconfigure eth0";
const VIP = "ip -o address show to 172.16.10.10";

let lab: LabUnderTest;

beforeAll(async () => {
  lab = await besideLab(NAME, otherServices);
});

afterAll(() => lab?.down());

describeServicesBeside(otherServices, () => lab);

describe("without what lvsctl has put into systemd", () => {
  it("our address is lost for good, and drift says so", async () => {
    const networkd = otherServices.find(({ name }) => name === "systemd-networkd");
    if (networkd === undefined) throw new Error("networkd is one of them");
    await lab.ensureBare();
    await lab.on("dr", `exec >/dev/null 2>&1; ${networkd.setUp}`);
    await lab.ensureApplied();
    await lab.on("dr", `systemctl stop lvsctl-${NAME}@systemd-networkd`);
    const [[, usual] = [], ...others] = outcomesOfEvents(networkd).filter(([event]) => event === RECONFIGURE);
    expect(others).toEqual([]);
    const expected = { ...usual, address: "lost", route: "lost" } as const;
    expect(await outcomesOf(lab, networkd, RECONFIGURE, expected)).toEqual(expected);
    const drift = await lab.do("drift");
    expect(drift.status, drift.stdout).toBe(2);
    expect(drift.stdout).toContain("address 172.16.10.10/32 dev eth0");
    expect(drift.stdout).toContain("route 192.0.2.0/25 via 172.16.20.20");
    await lab.on("dr", `systemctl restart lvsctl-${NAME}`);
    expect(await lab.on("dr", VIP)).toContain("172.16.10.10");
  });

  it("is left without a trace of ours after a destroy", async () => {
    await lab.ensureApplied();
    await succeeded(lab.do("destroy", "--yes"));
    await succeeded(destroyTunnel(lab));
    expect(await lab.on("dr", "find /etc /run/systemd -name '*lvsctl*'")).toBe("");
    expect(await lab.on("dr", "systemctl list-units --all --plain --no-legend 'lvsctl*'")).toBe("");
    expect(await lab.on("dr", "ls -d /etc/network/if-up.d /etc/NetworkManager/dispatcher.d | wc -l")).toBe("2\n");
  });
});
