/** Addresses for a first look at a mode: private ones (RFC 1918), and for clients those of documentation (RFC 5737). */

import type { ModeTraits } from "../mode-traits.ts";
import { type AddressKind, repliesThroughDirector } from "./answers.ts";

type Sample = ReadonlyMap<AddressKind, readonly string[]>;

/** A network in which a mode shows what it is for. */
export function sampleOf(traits: ModeTraits): Sample {
  if (repliesThroughDirector(traits)) {
    return new Map<AddressKind, readonly string[]>([
      ["director", ["192.0.2.2/24", "10.0.0.1/24"]],
      ["real-server", ["10.0.0.11/24", "10.0.0.12/24"]],
      ["vip", ["192.0.2.100"]],
      ["client", ["192.0.2.50/24"]],
    ]);
  }
  const isNear = traits.reach === "segment";
  const isLocal = traits.settings?.localAddresses === "required";
  return new Map<AddressKind, readonly string[]>([
    ["director", ["10.0.0.2/24"]],
    ["real-server", ["10.0.0.11/24", isNear ? "10.0.0.12/24" : "10.0.1.12/24"]],
    ["vip", ["10.0.0.100"]],
    ["local-address", isLocal ? ["10.0.0.201", "10.0.0.202"] : []],
    ["client", ["198.51.100.50/24"]],
    ["firewall", ["10.0.0.1/24", ...(isNear ? [] : ["10.0.1.1/24"]), "198.51.100.1/24"]],
  ]);
}
