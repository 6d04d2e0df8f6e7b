/**
 * Restarts a host of a lab by reboot(2). Real: every process of the host ends at once, its network namespace with everything
 * the kernel keeps in it (addresses, routes, netfilter, IPVS, parameters) is replaced with a new one, /run and /tmp are
 * emptied, the disk stays, the boot has a new id, and /etc/rc.local runs. Simulated: the kernel itself keeps running, so its
 * modules stay loaded and /proc/uptime continues; the only init is rc.local and sshd.
 */
import { expect } from "vitest";
import type { LabUnderTest } from "./lab-under-test.ts";
import { until } from "./watched-process.ts";

const BOOT_ID = "cat /proc/sys/kernel/random/boot_id";

/** What PID 1 of a host is. */
export type Init = "systemd" | "openrc";

/** Restarts hosts that have systemd or OpenRC, as an administrator would, and waits until all that they start is there. */
export async function rebootByInit(init: Init, lab: LabUnderTest, ...hosts: readonly string[]): Promise<void> {
  await Promise.all(
    hosts.map(async (host) => {
      await restart(lab, host, init === "systemd" ? "systemctl reboot" : "openrc-shutdown --reboot now");
      await isStarted(init, lab, host);
    }),
  );
}

/**
 * Restarts hosts, waits until they can be logged in to and whatever their rc.local starts has ended, and returns its output.
 */
export async function reboot(lab: LabUnderTest, ...hosts: readonly string[]): Promise<readonly string[]> {
  return Promise.all(hosts.map((host) => rebootOne(lab, host)));
}

/** Waits until a host has started everything; with systemd, nothing has failed. */
export async function isStarted(init: Init, lab: LabUnderTest, host: string): Promise<void> {
  if (init === "systemd")
    expect(await lab.on(host, "systemctl is-system-running --wait || systemctl --failed")).toBe("running\n");
  else await lab.on(host, "while ps ax | grep -v grep | grep -q 'openrc default\\|restore.sh'; do sleep 0.5; done");
}

/** The id of a host's present boot. */
export function bootId(lab: LabUnderTest, host: string): Promise<string> {
  return lab.on(host, BOOT_ID);
}

async function restart(lab: LabUnderTest, host: string, command: string): Promise<void> {
  const before = await lab.on(host, BOOT_ID);
  await lab.on(host, command).catch(() => {}); // The session ends with the host.
  await awaitBoot(lab, host, before);
}

/** Waits until a host's boot is another one than before. */
export async function awaitBoot(lab: LabUnderTest, host: string, before: string): Promise<void> {
  const isBack = async () => (await bootId(lab, host).catch(() => before)) !== before;
  await until(`${host} comes back`, isBack, { lab: lab.directory, restMs: 500 });
}

async function rebootOne(lab: LabUnderTest, host: string): Promise<string> {
  await restart(lab, host, "busybox reboot -f");
  return lab.on(
    host,
    "while ps ax | grep -v grep | grep -qE 'rc.local|restore.sh'; do sleep 1; done\ncat /run/rc.local.log 2>/dev/null || :",
  );
}
