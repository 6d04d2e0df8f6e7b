/**
 * What the rules have to know of a mode. Each mode's playbook states it in its header, under `traits`; what a playbook
 * leaves out is unknown, and rules that would have to know it do not apply.
 */

/** A part of a request that the director can change on the way to a real server. */
export type RewrittenPart = "source" | "destination" | "outer";

/** A setting of a service that means something in some modes only. */
export type ModeSetting = "tunnel" | "mssClamp" | "masquerade" | "localAddresses" | "arp";

/** The traits of a mode. Absent: unknown. */
export interface ModeTraits {
  /** Who sends the replies to clients: the real servers themselves, past the director, or the director, which they return to. */
  readonly answeredBy?: "director" | "real-server";
  /** What the director changes in a request: always, or where a service has that setting. Parts without an entry stay. */
  readonly rewrites?: { readonly [part in RewrittenPart]?: "always" | ModeSetting };
  /** Whether a real server can listen on another port than the service's. */
  readonly mapsPorts?: boolean;
  /** Where real servers can be: on a segment of the director's, or wherever its routes lead. */
  readonly reach?: "segment" | "routed";
  /** Whether a director can be one of its own real servers. */
  readonly localNode?: boolean;
  /** The settings that mean something in this mode. The others do nothing. */
  readonly settings?: { readonly [setting in ModeSetting]?: "optional" | "required" };
}

/** Finds modes. Playbooks are read when they are first asked for, so a caller asks for no more than it needs. */
export interface Modes {
  /** Whether a mode of this name comes with lvsctl. */
  isBuiltIn(name: string): boolean;
  /** The modes that come with lvsctl: first those that require no setting, and then by name. Reads all of them. */
  builtIn(): ReadonlyMap<string, ModeTraits>;
  /**
   * The traits of a mode, given as its name or as the path of a playbook; empty where the playbook cannot be read or has
   * mistakes. `service` is the first that uses it, for messages.
   */
  traitsOf(mode: string, service: string): ModeTraits;
}
