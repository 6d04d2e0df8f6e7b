/** Several topologies on one host: what each of them owns, and where they conflict. Pure. */

import type { DesiredResource, DesiredState } from "../compile/desired-state.ts";
import { bareCommand, type FollowUp } from "../errors/follow-up.ts";
import type { Ledger, LedgerEntry } from "../ledger/ledger.ts";
import { identity, type Observed, type ResourceKind } from "../resources/resource.ts";
import type { HostState } from "./host-state.ts";
import type { PlanProblem } from "./plan.ts";

/** What another topology's ledger says about a resource. */
export interface Claim {
  readonly topology: string;
  readonly entry: LedgerEntry;
}

/** What other topologies own on a host, by resource identity; a resource may have several owners. */
export function claimsOn({ others = [] }: HostState): ReadonlyMap<string, readonly Claim[]> {
  const claims = new Map<string, Claim[]>();
  for (const { topology, entries } of others) {
    for (const entry of entries) {
      const name = identity(entry);
      claims.set(name, [...(claims.get(name) ?? []), { topology, entry }]);
    }
  }
  return claims;
}

/** The conflict over a resource that another topology wants in another state, or that topologies cannot share at all. */
export function contradiction(
  resource: DesiredResource,
  kind: ResourceKind,
  claims: readonly Claim[],
  host: string,
  next: FollowUp = bareCommand,
): PlanProblem | undefined {
  const claim = claims.find(({ entry }) => kind.exclusive || kind.diff(entry.state, resource.state).length > 0);
  if (!claim) return undefined;
  const { topology, entry } = claim;
  const [theirs, wanted] = [kind.describe(entry.state), kind.describe(resource.state)];
  const message = kind.exclusive
    ? `The topology ${topology} has this on the host: ${theirs}. Two topologies cannot share it.`
    : `The topology ${topology} has set this on the host to something else: ${theirs}.`;
  const hint = kind.exclusive
    ? `Give one of them another port, address or host, or write both services into one file.`
    : `Let both ask for the same, or for different hosts.`;
  const away = `Or remove the other topology: ${next("destroy", { name: topology, hosts: [host] })}.`;
  return { host, description: wanted, message, hint: `${hint} ${away}` };
}

/** The topology whose resources are in the way of this one: if we owned them, the kind would see no problem. */
export function ownerOfObstacle(
  resource: DesiredResource,
  kind: ResourceKind,
  observed: Observed,
  ours: ReadonlySet<string>,
  others: readonly Ledger[],
): string | undefined {
  return others.find(({ entries }) => {
    const theirs = entries.filter((entry) => entry.kind === resource.kind).map(({ key }) => key);
    const all = new Set([...ours, ...theirs]);
    return kind.problem?.(resource.state, observed, all.has(resource.key), all) === undefined;
  })?.topology;
}

/** A machine whose ledger says that it is a different host of this topology. */
export function mistakenHost(
  desired: DesiredState,
  { host, ledger }: HostState,
  next: FollowUp = bareCommand,
): PlanProblem | undefined {
  if (ledger === undefined || ledger.host === host || !desired.hosts.has(ledger.host)) return undefined;
  return {
    host,
    description: `the ledger of ${ledger.host}`,
    message: `This machine has the ledger of ${ledger.host}: ${host} is now a different machine, or a copy of it.`,
    hint: `Check where ssh connects (ssh -G ${host}) and which machine answers. If you swapped the two hosts on purpose, remove the old setup first: ${next("destroy")}.`,
  };
}
