/** The network of a host, as found there and as a plan leaves it. Pure. */
import { joinParts, type NetworkPart } from "../resources/network.ts";
import type { ResourceKind, State } from "../resources/resource.ts";
import type { HostState } from "./host-state.ts";

type Kinds = ReadonlyMap<string, ResourceKind>;

/** What one state contributes to its host's network; nothing if there is no state. */
export function partOf(kinds: Kinds, kind: string, state: State | undefined): Required<NetworkPart> {
  const part = state === undefined ? undefined : kinds.get(kind)?.network?.(state);
  return joinParts(part === undefined ? [] : [part]);
}

/** The network found on a host, from every kind that was read. */
export function foundNetwork({ observed }: Pick<HostState, "observed">, kinds: Kinds): Required<NetworkPart> {
  return joinParts(
    [...observed].flatMap(([name, { states }]) => {
      const network = kinds.get(name)?.network;
      return network === undefined ? [] : [...states.values()].map((state) => network(state));
    }),
  );
}

/** What these states together contribute to a host's network. For a plan, these are the states after its changes. */
export function networkOfStates(
  resources: readonly { readonly kind: string; readonly state: State | undefined }[],
  kinds: Kinds,
): Required<NetworkPart> {
  return joinParts(resources.map(({ kind, state }) => partOf(kinds, kind, state)));
}
