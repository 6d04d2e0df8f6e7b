/**
 * What the rules need to know about a mode. Each mode's playbook declares it in its header, under `traits`; whatever a
 * playbook leaves out is unknown, and rules that depend on it do not apply.
 */

import type { Position } from "../errors/lvsctl-error.ts";

/** A part of a request that the director can change on the way to a real server. */
export type RewrittenPart = "source" | "destination" | "outer";

/** The service settings that only some modes use. */
export const modeSettings = ["tunnel", "mssClamp", "masquerade", "internet", "localAddresses", "arp"] as const;
/** One of them. */
export type ModeSetting = (typeof modeSettings)[number];

/** The traits of a mode. Absent: unknown. */
export interface ModeTraits {
  /**
   * Who sends the replies to clients: the real servers themselves, bypassing the director, or the director, through which
   * all replies return.
   */
  readonly answeredBy?: "director" | "real-server";
  /** What the director changes in a request: always, or if a service has that setting. Other parts stay unchanged. */
  readonly rewrites?: { readonly [part in RewrittenPart]?: "always" | ModeSetting };
  /** Whether a real server can listen on a port other than the service's. */
  readonly mapsPorts?: boolean;
  /** Where real servers can be: on one of the director's segments, or anywhere its routes lead. */
  readonly reach?: "segment" | "routed";
  /** Whether a director can be one of its own real servers. */
  readonly localNode?: boolean;
  /** Whether the address at which a real server gets requests can be of the other family than the service's. */
  readonly mixedFamilies?: boolean;
  /** The settings that this mode uses. The others have no effect. */
  readonly settings?: { readonly [setting in ModeSetting]?: "optional" | "required" };
  /** What other programs and people call it, in small letters and without anything between them. */
  readonly otherNames?: readonly string[];
}

/** Whether a mode uses a setting, as far as its traits tell. */
export function usesSetting({ settings }: ModeTraits, setting: ModeSetting): boolean {
  return settings === undefined || settings[setting] !== undefined;
}

/** A service that uses a mode, for messages. */
export interface ModeUser {
  readonly service: string;
  /** The real server that has the mode as its own; absent if the service has it. */
  readonly server?: string;
  /** Where the topology file names the mode. */
  readonly at?: () => Position;
}

/** Finds modes. Playbooks are read on demand, so callers should ask only for what they need. */
export interface Modes {
  /** Whether a mode of this name is built in. */
  isBuiltIn(name: string): boolean;
  /** The built-in modes: those that require no setting first, then by name. Reads all of them. */
  builtIn(): ReadonlyMap<string, ModeTraits>;
  /**
   * The traits of a mode, given as its name or as the path of a playbook; empty if the playbook cannot be read or has
   * mistakes. `user` is the first service that uses it.
   */
  traitsOf(mode: string, user: ModeUser): ModeTraits;
  /**
   * Whether a mode, given in the same way, can have services by firewall mark; not if its steps ask for the virtual address
   * and never for the mark.
   */
  takesMarks(mode: string, user: ModeUser): boolean;
}
