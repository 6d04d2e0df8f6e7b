/** A host that nobody has read, described well enough to produce commands: what `diff` and `render` plan for. Pure. */
import type { ResourceKind } from "../resources/resource.ts";
import type { HostState } from "./host-state.ts";

/** The state of a host that has nothing of ours; each kind says what it finds there. */
export function bareHost(host: string, kinds: ReadonlyMap<string, ResourceKind>): HostState {
  return { host, observed: new Map([...kinds].map(([name, kind]) => [name, kind.bare()])), ledger: undefined };
}
