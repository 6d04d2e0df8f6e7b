/** The sessions by which a run reaches its hosts, where they pass, and what could cut them off. */
import type { Login } from "../probes/login.ts";
import type { NetworkPart } from "./network.ts";

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

/** The network of a host that a session passes: as it was found, and what the plan has of it afterwards. */
export interface PassedNetwork {
  readonly found: Required<NetworkPart>;
  readonly planned: Required<NetworkPart>;
}

/** A change of a resource that would cut a session off. */
export interface Danger {
  readonly change: { readonly kind: string; readonly key: string };
  /** Completes "this change would …": `take tunl0 down, over which it runs`. */
  readonly would: string;
}
