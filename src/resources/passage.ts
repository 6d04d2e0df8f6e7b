/** The SSH sessions of a run, the hosts they pass through, and what could cut them off. */
import type { Login } from "../probes/login.ts";
import type { NetworkPart } from "./network.ts";

/** One host on a session's path. */
export interface Passage {
  readonly host: string;
  /** `end`: we log in to it; `transit`: it forwards the packets; `client`: the connection begins there. */
  readonly role: "end" | "transit" | "client";
  /** The session, and the host that it logs in to: another one if the role is not `end`. */
  readonly session: Login & { readonly host: string };
  /** This host's address that the session needs. */
  readonly own: string;
}

/** The network of a host on a session's path: as found, and as planned. */
export interface PassedNetwork {
  readonly found: Required<NetworkPart>;
  readonly planned: Required<NetworkPart>;
}

/** A change that would cut a session off. */
export interface Danger {
  readonly change: { readonly kind: string; readonly key: string };
  /** Completes "this change would …": `take tunl0 down, over which it runs`. */
  readonly would: string;
}
