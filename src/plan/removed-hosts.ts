/** Hosts that the ledgers know and the topology's file no longer names. Pure. */
import type { DesiredState } from "../compile/desired-state.ts";
import type { KnownHost } from "../ledger/known-host.ts";
import type { Host } from "../topology/topology.ts";
import type { HostState } from "./host-state.ts";
import type { Plan, RemovedHost } from "./plan.ts";

type States = ReadonlyMap<string, HostState>;
type FileHost = Pick<Host, "name" | "roles" | "ssh" | "managed" | "interfaces">;

/** The hosts of the file on which the topology makes anything, as ledgers are to know them. */
export function hostsToKnow(
  hosts: readonly Pick<Host, "name" | "roles" | "ssh">[],
  desired: DesiredState,
): readonly KnownHost[] {
  return hosts
    .filter(({ name }) => (desired.hosts.get(name)?.length ?? 0) > 0)
    .map(({ name, roles, ssh: { identityFile: _, ...ssh } }) => ({ name, roles, ssh }));
}

/**
 * What the ledgers of these hosts say of hosts that the file no longer names, or to which lvsctl no longer logs in: those that
 * are only called something else now, those whose name belongs to another machine, those that have been given away, and those
 * that nobody has looked at yet (`missing`). `hosts`: all hosts of the file, including those that `--limit` leaves out.
 */
export function findRemoved(
  hosts: readonly FileHost[],
  states: States,
): { readonly told: readonly RemovedHost[]; readonly missing: readonly KnownHost[] } {
  const inFile = new Map(hosts.map((host) => [host.name, host]));
  const known = knownBy(states);
  const byLedger = new Map(
    [...states.values()].flatMap(({ host, ledger }) => (ledger && ledger.host !== host ? [[ledger.host, host]] : [])),
  );
  const told: RemovedHost[] = [];
  const missing: KnownHost[] = [];
  for (const one of known) {
    const same = inFile.get(one.name);
    const isKnown = same !== undefined || byLedger.has(one.name);
    const given = same?.managed === false ? same : isKnown ? undefined : givenAway(one, hosts);
    if (given !== undefined) {
      const renamed = given.name === one.name ? {} : { renamedTo: given.name };
      told.push({ ...one, state: "unmanaged", ...renamed });
      continue;
    }
    if (same !== undefined) {
      if (isReplaced(one, same, states)) told.push({ ...one, state: "replaced" });
      continue;
    }
    const renamedTo = byLedger.get(one.name) ?? hosts.find(({ ssh }) => isSamePlace(ssh, one.ssh))?.name;
    if (renamedTo === undefined) missing.push(one);
    else told.push({ ...one, state: "renamed", renamedTo });
  }
  return { told, missing };
}

/** Every host that one of the ledgers knows, each once. */
function knownBy(states: States): readonly KnownHost[] {
  const known = new Map<string, KnownHost>();
  for (const { ledger } of states.values()) {
    for (const host of ledger?.hosts ?? []) if (!known.has(host.name)) known.set(host.name, host);
  }
  return [...known.values()];
}

/** The host of the file that this one is now, if lvsctl does not log in to that: at its old destination, or with its address. */
function givenAway({ ssh }: KnownHost, hosts: readonly FileHost[]): FileHost | undefined {
  const addressesOf = ({ interfaces }: FileHost) => interfaces.flatMap(({ addresses }) => addresses);
  return hosts.find(
    (host) =>
      !host.managed &&
      (isSamePlace(host.ssh, ssh) || addressesOf(host).some(({ address }) => address === ssh.destination)),
  );
}

/** The name is that of another machine now: it is elsewhere, and has no ledger, while others say that there is one. */
function isReplaced(known: KnownHost, { name, ssh }: FileHost, states: States): boolean {
  const state = states.get(name);
  return state !== undefined && state.ledger === undefined && !isSamePlace(ssh, known.ssh);
}

/** Whether two destinations are one machine, whoever logs in. */
export function isSamePlace(one: KnownHost["ssh"], other: KnownHost["ssh"]): boolean {
  return one.destination === other.destination && (one.port ?? 22) === (other.port ?? 22) && one.jump === other.jump;
}

/** The plan with what it says of removed hosts, and with the hosts that the ledgers know from then on. */
export function withRemoved(plan: Plan, known: readonly KnownHost[], removed: readonly RemovedHost[]): Plan {
  const remembered = removed
    .filter(({ state }) => state !== "renamed" && state !== "replaced")
    .map(({ name, roles, ssh }) => ({ name, roles, ssh }));
  return {
    ...plan,
    knownHosts: [...known, ...remembered],
    ...(removed.length > 0 ? { removed } : {}),
  };
}
