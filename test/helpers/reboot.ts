/**
 * Restarts a host of a lab by reboot(2). Real is: every process of the host ends at once, its network namespace with all
 * that the kernel holds in it (addresses, routes, netfilter, IPVS, parameters) goes and is made anew, /run and /tmp are
 * emptied, the disk stays, the boot has a new id, and /etc/rc.local is run. Simulated is: the kernel itself goes on, so
 * that its modules stay loaded and /proc/uptime counts on; there is no init but rc.local and sshd.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { LabUnderTest } from "./lab-under-test.ts";

/** Logins that find the host as it was, or none, until it is said not to have come back; each takes a while by itself. */
const TRIES = 200;
const BOOT_ID = "cat /proc/sys/kernel/random/boot_id";

/** Restarts hosts, and waits until they can be logged in to and what their rc.local starts has ended; gives what that said. */
export async function reboot(lab: LabUnderTest, ...hosts: readonly string[]): Promise<readonly string[]> {
  return Promise.all(hosts.map((host) => rebootOne(lab, host)));
}

async function rebootOne(lab: LabUnderTest, host: string): Promise<string> {
  const before = await lab.on(host, BOOT_ID);
  await lab.on(host, "busybox reboot -f").catch(() => {}); // The session dies with the host.
  let now = before;
  for (let tries = 0; now === before; tries += 1) {
    if (tries === TRIES) throw new Error(`${host} did not come back`);
    await sleep(500);
    now = await lab.on(host, BOOT_ID).catch(() => before);
  }
  return lab.on(
    host,
    "while ps ax | grep -v grep | grep -qE 'rc.local|restore.sh'; do sleep 1; done\ncat /run/rc.local.log 2>/dev/null || :",
  );
}
