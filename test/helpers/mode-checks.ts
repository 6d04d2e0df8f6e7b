/** What lab tests of a mode have in common. */
import { expect } from "vitest";
import { differences, type Snapshot, snapshot } from "./host-snapshot.ts";
import type { LabUnderTest } from "./lab-under-test.ts";

/** The addresses at the other end of the TCP connections that hosts have just closed on a port of their own. */
export async function peersOf(lab: LabUnderTest, hosts: readonly string[], port: number): Promise<readonly string[]> {
  const command = `ss -Hnt state time-wait sport = :${port}`;
  const sockets = (await Promise.all(hosts.map((host) => lab.on(host, command)))).join("");
  const addresses = [...sockets.matchAll(/[\s[](?:::ffff:)?([\da-f.:]+?)\]?:\d+\s*$/gm)].map(
    ([, address = ""]) => address,
  );
  return [...new Set(addresses)];
}

/** Takes one thing away on a host, puts it back by hand, and gives what verify made of it in between. */
export async function verifyWithout(lab: LabUnderTest, host: string, take: string, mend: string): Promise<string> {
  await lab.on(host, take);
  const { status, stdout } = await lab.do("verify");
  await lab.on(host, mend);
  expect(status, stdout).toBe(3);
  return unwrapped(stdout);
}

/** Scripts that empty a chain of ours, and fill it again. */
export function chainTaken(lab: LabUnderTest, table: string, chain: string): readonly [take: string, mend: string] {
  const ours = `LVSCTL-${lab.name}-${chain}`;
  return [
    `iptables -t ${table} -S ${ours} | sed -n 's/^-A/iptables -t ${table} -A/p' >/run/mend
    iptables -t ${table} -F ${ours}`,
    "sh /run/mend; rm /run/mend",
  ];
}

/** Scripts that turn a flag of the kernel off, and on again. */
export function flagTaken(path: string): readonly [take: string, mend: string] {
  return [`echo 0 >/proc/sys/${path}`, `echo 1 >/proc/sys/${path}`];
}

/** A second apply finds everything as it should be. */
export async function expectNoChange(lab: LabUnderTest): Promise<void> {
  const { status, stdout } = await lab.do("apply", "--yes");
  expect(stdout).toContain("Nothing to change on ");
  expect(status).toBe(0);
}

/** After a destroy every host is as it was, but for what `except` matches. */
export async function expectDestroyed(lab: LabUnderTest, before: Snapshot, except = /(?!)/): Promise<void> {
  const { status, stderr } = await lab.do("destroy", "--yes");
  expect(stderr).not.toMatch(/LVS-/);
  expect(status).toBe(0);
  const after = await snapshot(lab, [...before.keys()]);
  expect(differences(before, after).filter((line) => !except.test(line))).toEqual([]);
}

/** Text as it was before it was broken into lines. */
export function unwrapped(text: string): string {
  return text.replaceAll(/\n {4,}/g, " ");
}
