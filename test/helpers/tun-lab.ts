/** The lab of examples/tun.yaml on hosts that others use too; one real server is behind a router. */
import { expect } from "vitest";
import { dropByDefault } from "./default-drop.ts";
import { type Snapshot, snapshot } from "./host-snapshot.ts";
import { LabUnderTest } from "./lab-under-test.ts";
import { unwrapped } from "./mode-checks.ts";

export const HOSTS = ["router", "lb", "rs1", "rs2", "client"];
export const REAL_SERVERS = ["rs1", "rs2"];
export const VIP = "1.65.15.145";

/**
 * Strict source checks are on, somebody has already loaded ipip, and rs2 uses the tunnel device for something else. The one
 * on rs1 has been up before, because the first time makes the kernel add IPv6 settings that stay.
 */
const FOREIGN: Readonly<Record<string, string>> = {
  rs1: "modprobe ipip; ip link set tunl0 up; ip link set tunl0 down; echo 1 >/proc/sys/net/ipv4/conf/tunl0/rp_filter; echo 1 >/proc/sys/net/ipv4/conf/all/rp_filter",
  rs2: "modprobe ipip; ip link set tunl0 up; ip address add 192.0.2.8/32 dev tunl0",
  lb: ":",
};

/** Brings it up under its own name, and saves the state of its hosts. */
export async function upTunnels(name: string): Promise<{ readonly lab: LabUnderTest; readonly before: Snapshot }> {
  const lab = await LabUnderTest.up("tun.yaml", name, (text) => `${text}verify: { requests: 10, timeout: 2 }\n`);
  try {
    await Promise.all(Object.entries(FOREIGN).map(([host, script]) => lab.on(host, script)));
    await dropByDefault(lab, Object.keys(FOREIGN));
    return { lab, before: await snapshot(lab, HOSTS) };
  } catch (error) {
    await lab.down();
    throw error;
  }
}

/** Breaks one thing on each of these hosts; verify has to fail and report each of them; then everything is repaired. */
export async function expectTwin(
  lab: LabUnderTest,
  file: string,
  broken: Readonly<Record<string, { readonly take: string; readonly mend: string }>>,
  says: readonly RegExp[],
): Promise<void> {
  await lab.ensureApplied(file);
  await Promise.all(Object.entries(broken).map(([host, { take }]) => lab.on(host, take)));
  const { status, stdout } = await lab.lvsctl("verify", "--lab", file);
  await Promise.all(Object.entries(broken).map(([host, { mend }]) => lab.on(host, mend)));
  expect(status).toBe(3);
  for (const text of says) expect(unwrapped(stdout)).toMatch(text);
}

/** Opens a connection to each real server in turn and holds both, each with half a request, during `look`. */
export async function holdingConnections<T>(lab: LabUnderTest, look: () => Promise<T>): Promise<T> {
  const open = `exec 3<>/dev/tcp/${VIP}/80 4<>/dev/tcp/${VIP}/80; echo "GET / HTTP/1.1" >&3; echo "GET / HTTP/1.1" >&4`;
  await lab.on(
    "client",
    `bash -c '${open}; echo $$ >/tmp/holder; exec sleep 36000' >/dev/null 2>&1 &
    until [ -s /tmp/holder ]; do kill -0 $! || exit 1; sleep 0.2; done`,
  );
  try {
    return await look();
  } finally {
    await lab.on("client", "kill $(cat /tmp/holder); rm /tmp/holder");
  }
}

/** Scripts that change a setting of an interface, and restore it. */
export const setting = (path: string, value: number, was = 0) => ({
  take: `echo ${value} >/proc/sys/net/ipv4/conf/${path}`,
  mend: `echo ${was} >/proc/sys/net/ipv4/conf/${path}`,
});
