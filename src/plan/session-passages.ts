/**
 * The hosts that lvsctl's own sessions pass through: each session's own host, and any router or jump host on the way to it.
 * Pure.
 */
import type { NetworkPart } from "../resources/network.ts";
import type { Passage } from "../resources/passage.ts";
import type { HostState } from "./host-state.ts";
import { bestRoute } from "./route-table.ts";

type Networks = ReadonlyMap<string, Required<NetworkPart>>;

const MAXIMUM_HOPS = 16;

/** Every passage of every session; hosts that were not read have none. `networks`: as found, by host. */
export function sessionPassages(states: ReadonlyMap<string, HostState>, networks: Networks): readonly Passage[] {
  const owners = addressOwners(networks);
  return [...states.values()].flatMap(({ host, surroundings }) => {
    const login = surroundings?.login;
    if (login === undefined) return [];
    const session = { ...login, host };
    const end = { host, role: "end", session, own: login.address } as const;
    return [end, ...wayOf(session, networks, owners)];
  });
}

/** From the session's host towards its client, router by router, for as long as the routers are hosts of ours. */
function wayOf(
  session: Passage["session"],
  networks: Networks,
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
    via = bestRoute(networks.get(host)?.routes ?? [], session.client)?.via;
  }
  const client = owners.get(session.client);
  if (client === undefined || seen.has(client)) return passages;
  return [...passages, { host: client, role: "client", session, own: session.client }];
}

/** Which host owns each address, as others see it. */
function addressOwners(networks: Networks): ReadonlyMap<string, string> {
  const all = [...networks].flatMap(([host, { addresses }]) =>
    addresses.filter(({ device }) => device !== "lo").map(({ address }) => [address, host] as const),
  );
  return new Map(all);
}
