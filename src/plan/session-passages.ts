/**
 * The hosts that carry the sessions by which a run works: each host's own end, and those on the way to it, a router or
 * a host that is jumped over. Pure.
 */
import type { AddressState } from "../resources/address.ts";
import type { RouteState } from "../resources/route.ts";
import type { Login } from "../resources/surroundings.ts";
import type { HostState } from "./host-state.ts";
import { bestRoute } from "./route-table.ts";

/** One host on the way of a session. */
export interface Passage {
  readonly host: string;
  /** `end`: it is logged in to; `transit`: it hands the packets on; `client`: the connection begins there. */
  readonly role: "end" | "transit" | "client";
  /** Whose session it is; another host's where the role is not `end`. */
  readonly session: Login & { readonly host: string };
  /** The address of this host that the session needs. */
  readonly own: string;
}

const MAXIMUM_HOPS = 16;

/** Every passage of every session; hosts that were not read have none. */
export function sessionPassages(states: ReadonlyMap<string, HostState>): readonly Passage[] {
  const owners = addressOwners(states);
  return [...states.values()].flatMap(({ host, surroundings }) => {
    const login = surroundings?.login;
    if (login === undefined) return [];
    const session = { ...login, host };
    const end = { host, role: "end", session, own: login.address } as const;
    return [end, ...wayOf(session, states, owners)];
  });
}

/** From the session's host towards its client, router by router as far as they are hosts of ours. */
function wayOf(
  session: Passage["session"],
  states: ReadonlyMap<string, HostState>,
  owners: ReadonlyMap<string, string>,
): readonly Passage[] {
  const passages: Passage[] = [];
  const seen = new Set([session.host]);
  let via = session.reply?.via;
  while (via !== undefined && passages.length < MAXIMUM_HOPS) {
    const host = owners.get(via);
    if (host === undefined || seen.has(host) || owners.get(session.client) === host) break;
    seen.add(host);
    passages.push({ host, role: "transit", session, own: via });
    const state = states.get(host);
    via = state && bestRoute(observedRoutes(state), session.client)?.via;
  }
  const client = owners.get(session.client);
  if (client === undefined || seen.has(client)) return passages;
  return [...passages, { host: client, role: "client", session, own: session.client }];
}

/** Which host has an address, towards others. */
function addressOwners(states: ReadonlyMap<string, HostState>): ReadonlyMap<string, string> {
  const all = [...states.values()].flatMap((state) =>
    observedAddresses(state)
      .filter(({ device }) => device !== "lo")
      .map(({ address }) => [address, state.host] as const),
  );
  return new Map(all);
}

export function observedAddresses({ observed }: HostState): readonly AddressState[] {
  return [...(observed.get("address")?.states.values() ?? [])].map((state) => state as AddressState);
}

export function observedRoutes({ observed }: HostState): readonly RouteState[] {
  return [...(observed.get("route")?.states.values() ?? [])].map((state) => state as RouteState);
}
