/** That the tools of the fault suite break what they say, and that it heals. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  cutManagement,
  emptyDisk,
  fillDisk,
  freezeDisk,
  jumpClocks,
  killSessions,
  smallDisk,
  stopLogins,
  thawDisk,
  unwrap,
  wholeDisk,
  wrap,
} from "../helpers/faults.ts";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import { unrelatedTraffic } from "../helpers/unrelated-traffic.ts";

let lab: LabUnderTest;

beforeAll(async () => {
  lab = await LabUnderTest.up("dr.yaml", "e2e-fault-tools");
}, 90_000);

afterAll(() => lab?.down());

describe("faults", () => {
  it("sessions die, and others can be begun", async () => {
    const session = lab.on("rs1", "sleep 60");
    await sleep(1500);
    await lab.on("rs1", killSessions);
    await expect(session).rejects.toThrow();
    expect(await lab.on("rs1", "echo back")).toBe("back\n");
  });

  it.each(["netem", "iptables"] as const)("the management link is cut by %s, and heals by itself", async (by) => {
    await lab.on("rs1", "touch /run/mark");
    await lab.on("rs1", cutManagement(6, by));
    await sleep(1000);
    const begun = Date.now();
    expect(await lab.on("rs1", "cat /run/mark; echo back")).toBe("back\n");
    expect(Date.now() - begun).toBeGreaterThan(3000);
    expect(await lab.on("rs1", "tc qdisc show dev mgmt; iptables -S INPUT")).not.toMatch(/netem|DROP/);
  });

  it("nobody can log in while sshd is down", async () => {
    await lab.on("rs1", stopLogins(4));
    await sleep(1500);
    await expect(lab.on("rs1", "true")).rejects.toThrow();
    await sleep(6000);
    expect(await lab.on("rs1", "iptables -S INPUT")).not.toContain("REJECT");
  });

  it("a disk is full or frozen, and what is on it outlives both", async () => {
    const write = "head -c 9000 /dev/zero >/var/lib/lvsctl/test && echo written";
    await lab.on("rs1", `mkdir -p /var/lib/lvsctl; echo kept >/var/lib/lvsctl/kept\n${smallDisk}\n${fillDisk}`);
    await expect(lab.on("rs1", write)).rejects.toThrow(/No space left/);
    expect(await lab.on("rs1", `${emptyDisk}\n${write}\n${freezeDisk}`)).toBe("written\n");
    await expect(lab.on("rs1", write)).rejects.toThrow(/Read-only/);
    expect(
      await lab.on("rs1", `${thawDisk}\n${write}\n${wholeDisk}\ncat /var/lib/lvsctl/kept; ls /var/lib/dpkg >/dev/null`),
    ).toBe("written\nkept\n");
    expect(await lab.on("rs1", "rm -r /var/lib/lvsctl; grep -c ' /var/lib ' /proc/mounts || :")).toBe("0\n");
  });

  it("a command fails, hangs, prints garbage, or does something besides, and only in its chosen case", async () => {
    const path = "export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    const use = `${path}\nip route get 127.0.0.1 >/dev/null\nip address show dev lo`;
    await lab.on("rs1", wrap("ip", "address show", "fail"));
    await expect(lab.on("rs1", use)).rejects.toThrow(/out of order/);
    await lab.on("rs1", wrap("ip", "address show", "garbage"));
    expect(await lab.on("rs1", use)).not.toContain("LOOPBACK");
    await lab.on("rs1", wrap("ip", "address show", "hang"));
    await expect(lab.on("rs1", use.replace("ip address", "timeout 2 ip address"))).rejects.toThrow();
    await lab.on("rs1", wrap("ip", "address show", { after: "touch /run/after" }));
    expect(await lab.on("rs1", `${use}\nls /run/after`)).toMatch(/LOOPBACK.*\/run\/after/s);
    await lab.on("rs1", `rm /run/after\n${unwrap("ip")}`);
    expect(await lab.on("rs1", `${use}; ls /run/after 2>&1 || :; pgrep -xf 'sleep 3597' || :`)).toMatch(
      /LOOPBACK.*No such file[^\n]*\n$/s,
    );
  });

  it("the clocks jump, and back", async () => {
    const now = async () => Number(await lab.on("fw", "date +%s"));
    const before = await now();
    await jumpClocks(lab, 86_400);
    expect(await now()).toBeGreaterThan(before + 86_000);
    await jumpClocks(lab, -86_400);
    expect(await now()).toBeLessThan(before + 600);
  });

  it("somebody else's service loses nothing while nothing happens to it, and is missed when it is gone", async () => {
    const calm = await unrelatedTraffic(lab);
    await sleep(3000);
    const undisturbed = await calm.end();
    expect(undisturbed.losses).toEqual([]);
    expect(undisturbed.sent).toBeGreaterThan(5);
    const disturbed = await unrelatedTraffic(lab);
    await lab.on("dr", "ipvsadm -S -n >/run/table; ipvsadm -C; sleep 2; ipvsadm -R </run/table; rm /run/table");
    await sleep(1000);
    expect((await disturbed.end()).lost).toBeGreaterThan(0);
  });
});
