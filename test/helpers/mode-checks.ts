/** What lab tests of different modes share. */
import { expect } from "vitest";
import { differences, type Snapshot, snapshot } from "./host-snapshot.ts";
import { type LabUnderTest, succeeded } from "./lab-under-test.ts";

/** The remote addresses of the TCP connections that hosts have just closed on one of their own ports. */
export async function peersOf(lab: LabUnderTest, hosts: readonly string[], port: number): Promise<readonly string[]> {
  const command = `ss -Hnt state time-wait sport = :${port}`;
  const sockets = (await Promise.all(hosts.map((host) => lab.on(host, command)))).join("");
  return peersIn(sockets);
}

/**
 * The clients that real servers see while a host holds a connection to each of these addresses, `172.16.10.10:80` or
 * `[2001:db8::10]:80`: the remote addresses of connections to the servers' port, sorted.
 */
export async function peersWhileConnected(
  lab: LabUnderTest,
  from: string,
  addresses: readonly string[],
  servers: { readonly hosts: readonly string[]; readonly port: number },
): Promise<readonly string[]> {
  const open = addresses.map((address, index) => {
    const [, host, port] = /^\[?(.+?)\]?:(\d+)$/.exec(address) ?? [];
    // A server may accept a connection only once data arrives, and may close it soon after.
    return `exec ${index + 3}<>/dev/tcp/${host}/${port}; echo "GET / HTTP/1.1" >&${index + 3}`;
  });
  const hold = [...open, "echo $$ >/run/holder", "exec sleep 36000"].join("; ");
  const isThere = `until [ -s /run/holder ]; do kill -0 $! || exit 1; sleep 0.2; done`;
  await lab.on(from, `bash -c '${hold}' >/dev/null 2>&1 &\n${isThere}`);
  const command = `ss -Hnt state established state fin-wait-2 sport = :${servers.port}`;
  const sockets = await Promise.all(servers.hosts.map((host) => lab.on(host, command)));
  await lab.on(from, "kill $(cat /run/holder); rm /run/holder");
  return peersIn(sockets.join("")).toSorted();
}

/** The addresses in the last column of `ss` output, without duplicates. */
function peersIn(sockets: string): readonly string[] {
  const peers = sockets.matchAll(/[\s[](?:::ffff:)?([\da-f.:]+?)\]?:\d+\s*$/gm);
  return [...new Set([...peers].map(([, address = ""]) => address))];
}

/** Removes one thing on a host, restores it by hand, and returns what verify said in between. */
export async function verifyWithout(lab: LabUnderTest, host: string, take: string, mend: string): Promise<string> {
  await lab.ensureApplied();
  await lab.on(host, take);
  const { status, stdout } = await lab.do("verify");
  await lab.on(host, mend);
  expect(status, stdout).toBe(3);
  return unwrapped(stdout);
}

/** Scripts that empty one of our chains, and fill it again. */
export function chainTaken(lab: LabUnderTest, table: string, chain: string): readonly [take: string, mend: string] {
  const ours = `LVSCTL-${lab.name}-${chain}`;
  return [
    `iptables -t ${table} -S ${ours} | sed -n 's/^-A/iptables -t ${table} -A/p' >/run/mend
    iptables -t ${table} -F ${ours}`,
    "sh /run/mend; rm /run/mend",
  ];
}

/** Scripts that turn a kernel flag off, and on again. */
export function flagTaken(path: string): readonly [take: string, mend: string] {
  return [`echo 0 >/proc/sys/${path}`, `echo 1 >/proc/sys/${path}`];
}

/** A second apply finds nothing to change. */
export async function expectNoChange(lab: LabUnderTest): Promise<void> {
  await lab.ensureApplied();
  const { status, stdout } = await lab.do("apply", "--yes", "--no-verify");
  expect(stdout).toContain("Nothing to change on ");
  expect(status).toBe(0);
}

/** After a destroy every host is as before, except for lines that `except` matches. */
export async function expectDestroyed(lab: LabUnderTest, before: Snapshot, except = /(?!)/): Promise<void> {
  await lab.ensureSomething();
  const { status, stderr } = await lab.do("destroy", "--yes");
  expect(stderr).not.toMatch(/LVS-/);
  expect(status).toBe(0);
  const after = await snapshot(lab, [...before.keys()]);
  expect(differences(before, after).filter((line) => !except.test(line))).toEqual([]);
}

/** Text with its line breaks undone, and a cause that several hosts have in common once for each. */
export function unwrapped(text: string): string {
  return text
    .replaceAll(/\n {4,}/g, " ")
    .replaceAll(/^ {2}([\w-]+(?:, [\w-]+)+): (.*)$/gm, (_line, hosts: string, cause: string) =>
      hosts
        .split(", ")
        .map((host) => `  ${host}: ${cause}`)
        .join("\n"),
    );
}

/** A run that nobody confirms is rolled back: by `rollback`, and without lvsctl by these hosts, once the time to confirm is over. */
export async function expectRolledBack(lab: LabUnderTest, hosts: readonly string[]): Promise<void> {
  const unconfirmed = ["apply", "--yes", "--no-verify", "--no-confirm"] as const;
  await lab.ensureBare();
  await succeeded(lab.do(...unconfirmed));
  await succeeded(lab.do("rollback", "--yes"));
  expect(await lab.on("dr", "ipvsadm -S -n")).toBe("");
  await succeeded(lab.do(...unconfirmed, "--confirm-timeout", String(lab.seconds(20))));
  expect(await lab.on("dr", "ipvsadm -S -n")).not.toBe("");
  for (const host of hosts) await lab.on(host, "while [ -e /var/lib/lvsctl/.transaction/id ]; do sleep 1; done");
  expect(await lab.on("dr", "ipvsadm -S -n")).toBe("");
}
