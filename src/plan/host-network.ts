/** The network of a host, from what was found there and what a plan makes of it. Pure. */
import { joinParts, type NetworkPart } from "../resources/network.ts";
import type { ResourceKind, State } from "../resources/resource.ts";
import type { HostState } from "./host-state.ts";

type Kinds = ReadonlyMap<string, ResourceKind>;

/** What one state is to the network of its host; nothing for no state. */
export function partOf(kinds: Kinds, kind: string, state: State | undefined): Required<NetworkPart> {
  const part = state === undefined ? undefined : kinds.get(kind)?.network?.(state);
  return joinParts(part === undefined ? [] : [part]);
}

/** What was found on a host, of all kinds that were looked for. */
export function foundNetwork({ observed }: Pick<HostState, "observed">, kinds: Kinds): Required<NetworkPart> {
  return joinParts(
    [...observed].flatMap(([name, { states }]) => {
      const network = kinds.get(name)?.network;
      return network === undefined ? [] : [...states.values()].map((state) => network(state));
    }),
  );
}

/** What these states are together to the network of a host; what a plan has there, its changes' states afterwards are. */
export function networkOfStates(
  resources: readonly { readonly kind: string; readonly state: State | undefined }[],
  kinds: Kinds,
): Required<NetworkPart> {
  return joinParts(resources.map(({ kind, state }) => partOf(kinds, kind, state)));
}
