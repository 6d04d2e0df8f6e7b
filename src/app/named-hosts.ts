/** Which topology a command works on and where its hosts are: from the file, or by name where the file is lost. */
import type { DesiredState } from "../compile/desired-state.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { loadAndCompile, loadTopologyFile } from "./load.ts";
import { type HostOptions, type Target, targetsOf } from "./sessions.ts";

/** What the command line names: a topology file, or a topology and its hosts as ssh knows them. */
export type Subject = { readonly file: string } | { readonly name: string; readonly hosts: readonly string[] };

export interface NamedHosts {
  /** The topology's name. */
  readonly topology: string;
  /** What `--limit` leaves of its hosts. */
  readonly targets: readonly Target[];
}

/** The hosts of a subject; a file is only asked where they are. Throws LVS-CONFIG-000, and LVS-USAGE-001 for --limit. */
export async function findHosts(subject: Subject, options: HostOptions): Promise<NamedHosts> {
  if (!("file" in subject)) return hostsByName(subject, options);
  const topology = await loadTopologyFile(subject.file);
  return { topology: topology.name, targets: await targetsOf(topology, options) };
}

/**
 * The same with what the file asks of each host; nothing of any host where there is no file. Throws LVS-PLAYBOOK-000, too.
 */
export async function findHostsAndDesired(
  subject: Subject,
  options: HostOptions,
): Promise<NamedHosts & { readonly desired: DesiredState }> {
  if (!("file" in subject)) {
    return { ...hostsByName(subject, options), desired: { topology: subject.name, hosts: new Map() } };
  }
  const { topology, desired } = await loadAndCompile(subject.file);
  return { topology: topology.name, targets: await targetsOf(topology, options), desired };
}

function hostsByName(
  { name, hosts }: { readonly name: string; readonly hosts: readonly string[] },
  { limit }: HostOptions,
): NamedHosts {
  const unknown = limit?.find((host) => !hosts.includes(host));
  if (unknown !== undefined) {
    const message = `--limit names ${JSON.stringify(unknown)}, which --host does not.`;
    throw new LvsctlError("LVS-USAGE-001", message, { hint: `With --name, the hosts are ${hosts.join(", ")}.` });
  }
  const chosen = [...new Set(hosts)].filter((host) => limit?.includes(host) ?? true);
  return { topology: name, targets: chosen.map((host) => ({ name: host, ssh: { destination: host } })) };
}
