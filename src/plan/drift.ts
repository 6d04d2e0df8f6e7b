/** What somebody changed by hand: a host's ledger compared with what was found there. Needs no topology file. Pure. */

import type { LedgerEntry } from "../ledger/ledger.ts";
import { identity, type Observed, type ResourceKind } from "../resources/resource.ts";
import type { HostState } from "./host-state.ts";

/**
 * `gone`: something we made is missing. `changed`: it is there with other settings. `added`: something foreign is inside
 * something of ours, such as a rule in one of our chains.
 */
export type Difference = GoneThing | ChangedThing | AddedThing;

/** Something of ours that is missing. */
export interface GoneThing extends Thing {
  readonly what: "gone";
}

/** Something of ours whose settings are no longer those that lvsctl gave it. */
export interface ChangedThing extends Thing {
  readonly what: "changed";
  readonly fields: readonly { readonly name: string; readonly set: unknown; readonly now: unknown }[];
}

/** Something foreign inside something of ours. */
export interface AddedThing extends Thing {
  readonly what: "added";
  /** The command that removes it. */
  readonly remedy: string;
}

interface Thing {
  readonly kind: string;
  readonly key: string;
  /** One readable line about what we set, or about what was added. */
  readonly description: string;
}

/** The differences on one host. */
export interface HostDrift {
  readonly host: string;
  /** False: lvsctl has made nothing for this topology there, so nothing can differ. */
  readonly hasLedger: boolean;
  /** How many things were compared. */
  readonly checked: number;
  /** In the order in which lvsctl made them; additions come last. */
  readonly differences: readonly Difference[];
}

/** The differences on all hosts of a topology. */
export interface Drift {
  readonly topology: string;
  readonly hosts: readonly HostDrift[];
  /** Addresses of ours, and VIPs that the hosts had before, for which other machines answer as well. */
  readonly rivals: readonly Rival[];
  /** What could not be checked, and why. */
  readonly notes: readonly string[];
}

/** Machines that answer for an address that a host has from us, or at which it serves. */
export interface Rival {
  readonly host: string;
  readonly address: string;
  /** The host that asked. */
  readonly asker: string;
  /** The host that answers, or its hardware address, in words. */
  readonly who: readonly string[];
}

/** Whether anything differs anywhere. */
export function hasDrift({ hosts, rivals }: Drift): boolean {
  return rivals.length > 0 || hosts.some(({ differences }) => differences.length > 0);
}

/** The differences on one host. */
export function driftOf({ host, ledger, observed }: HostState, kinds: ReadonlyMap<string, ResourceKind>): HostDrift {
  const entries = ledger?.entries ?? [];
  const differences = [
    ...entries.flatMap((entry) => differenceOf(entry, observed.get(entry.kind), kinds.get(entry.kind))),
    ...additions(entries, observed, kinds),
  ];
  return { host, hasLedger: ledger !== undefined, checked: entries.length, differences };
}

function differenceOf(
  { kind: name, key, state }: LedgerEntry,
  observed: Observed | undefined,
  kind: ResourceKind | undefined,
): readonly Difference[] {
  if (!kind) return [];
  const thing = { kind: name, key, description: kind.describe(state) };
  const actual = observed?.states.get(key);
  if (!actual) return [{ ...thing, what: "gone" }];
  const fields = kind.diff(actual, state).map((field) => ({ name: field, set: state[field], now: actual[field] }));
  return fields.length === 0 ? [] : [{ ...thing, what: "changed", fields }];
}

function additions(
  entries: readonly LedgerEntry[],
  observed: ReadonlyMap<string, Observed>,
  kinds: ReadonlyMap<string, ResourceKind>,
): readonly Difference[] {
  const ours = new Set(entries.map(identity));
  return [...new Set(entries.map(({ kind }) => kind))].flatMap((name) => {
    const found = observed.get(name);
    const states = entries.filter(({ kind }) => kind === name).map(({ state }) => state);
    const foreignParts = (found && kinds.get(name)?.foreignParts?.(states, found, ours)) ?? [];
    return foreignParts.map((part) => ({ what: "added" as const, ...part }));
  });
}
