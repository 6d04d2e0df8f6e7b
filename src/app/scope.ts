/** Which topology a command works on, on which hosts, and how each host is reached: directly, or in the lab. */
import type { DesiredState } from "../compile/desired-state.ts";
import { nearest } from "../document/nearest.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { labSshConfig } from "../lab/lab-ssh.ts";
import { nextOf, withoutLimit } from "../report/next-command.ts";
import type { Topology } from "../topology/topology.ts";
import type { HostOptions, Target } from "./host-options.ts";
import { loadAndCompile, loadTopologyFile } from "./load.ts";

/** What the command line names: a topology file, or a topology and its hosts as ssh knows them. */
export type Subject = { readonly file: string } | { readonly name: string; readonly hosts: readonly string[] };

/** What to work on. */
export interface Scope {
  /** The topology's name. */
  readonly topology: string;
  /** Its hosts, narrowed down by `--limit`. */
  readonly targets: readonly Target[];
  /** What the topology asks of each host; empty if the command does not need it, or if the file is lost. */
  readonly desired: DesiredState;
  /** The file's content; absent if the hosts were named on the command line. */
  readonly file?: Topology;
}

/** The options that say which hosts are meant. */
type Choice = Pick<HostOptions, "lab" | "limit" | "confirmAt" | "given">;

/**
 * The hosts of a subject, with nothing asked of them: from a file, only their locations are used. Throws LVS-CONFIG-000, and
 * as `scopeOf`.
 */
export async function findHosts(subject: Subject, options: Choice): Promise<Scope> {
  if (!("file" in subject)) return scopeByName(subject, options);
  const { topology } = await loadTopologyFile(subject.file);
  return scopeOf(topology, nothing(topology.name), options);
}

/** The hosts of a subject and what its file asks of each. Throws LVS-CONFIG-000 or LVS-PLAYBOOK-000, and as `scopeOf`. */
export async function findHostsAndDesired(subject: Subject, options: Choice): Promise<Scope> {
  if (!("file" in subject)) return scopeByName(subject, options);
  const { topology, desired } = await loadAndCompile(subject.file);
  return scopeOf(topology, desired, options);
}

/**
 * A loaded topology, with the hosts that lvsctl logs in to, narrowed down by the options. Throws LVS-USAGE-001 if an option
 * names a host that is not among them, LVS-LAB-004 for `--lab` if no lab of that name is up, LVS-LAB-005
 * if the lab lacks something that the desired state needs.
 */
export async function scopeOf(topology: Topology, desired: DesiredState, options: Choice): Promise<Scope> {
  const { name, hosts } = topology;
  refuseUnknown(
    name,
    hosts.map((host) => host.name),
    options,
  );
  refuseUnmanaged(hosts, options);
  const chosen = hosts.filter((host) => host.managed && (options.limit?.includes(host.name) ?? true));
  const targets = chosen.map((host) => ({ name: host.name, ssh: host.ssh }));
  const needed = desired.hosts.size === 0 ? undefined : topology;
  return { topology: name, targets: await reached(name, targets, options, needed), desired, file: topology };
}

async function scopeByName(
  { name, hosts }: { readonly name: string; readonly hosts: readonly string[] },
  options: Choice,
): Promise<Scope> {
  const { limit } = options;
  const unknown = limit?.find((host) => !hosts.includes(host));
  if (unknown !== undefined) {
    const message = `--limit names ${JSON.stringify(unknown)}, which --host does not.`;
    throw new LvsctlError("LVS-USAGE-001", message, { hint: `With --name, the hosts are ${hosts.join(", ")}.` });
  }
  const chosen = [...new Set(hosts)].filter((host) => limit?.includes(host) ?? true);
  const targets = chosen.map((host) => ({ name: host, ssh: { destination: host } }));
  return { topology: name, targets: await reached(name, targets, options), desired: nothing(name) };
}

/**
 * How hosts are reached: with `--lab`, a host is reached by its name through the lab's ssh_config, whatever the file says; the
 * lab has to have what `needed` has, if that is given.
 */
export async function reached(
  topology: string,
  targets: readonly Target[],
  { lab, given }: Choice,
  needed?: Topology,
): Promise<readonly Target[]> {
  if (!lab) return targets;
  const sshConfig = await labSshConfig(topology, needed, given?.file);
  return targets.map(({ name }) => ({ name, ssh: { destination: name }, sshConfig }));
}

function refuseUnknown(topology: string, names: readonly string[], { limit = [] }: Choice): void {
  const unknown = limit.find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const guess = nearest(unknown, names);
  throw new LvsctlError("LVS-USAGE-001", `--limit names ${JSON.stringify(unknown)}, which is no host of ${topology}.`, {
    hint: guess ? `Did you mean ${guess}?` : `Its hosts are ${names.join(", ")}.`,
  });
}

/** LVS-USAGE-001 for an option about a host that lvsctl never logs in to. */
function refuseUnmanaged(hosts: Topology["hosts"], { limit = [], confirmAt = new Map(), given }: Choice): void {
  const isUnmanaged = (name: string) => hosts.some((host) => host.name === name && !host.managed);
  const named = [
    ...limit.map((name) => ["--limit", name] as const),
    ...[...confirmAt.keys()].map((name: string) => ["--confirm-at", name] as const),
  ].find(([, name]) => isUnmanaged(name));
  if (named === undefined) return;
  const [flag, name] = named;
  const message = `${flag} names ${JSON.stringify(name)}, to which lvsctl does not log in (\`managed: false\`).`;
  throw new LvsctlError("LVS-USAGE-001", message, {
    hint: `Leave it out. ${nextOf({ given: withoutLimit(given) })("plan -v")} lists what ${name} needs, for its owner.`,
  });
}

function nothing(topology: string): DesiredState {
  return { topology, hosts: new Map() };
}
