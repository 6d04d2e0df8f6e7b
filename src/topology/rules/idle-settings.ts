/** Settings that have no effect, although whoever wrote them expects one. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import type { Draft } from "../draft.ts";
import type { Service } from "../generated/topology-file.ts";
import type { ModeSetting } from "../mode-traits.ts";
import { modesWith, orUse } from "../other-modes.ts";
import { isSet } from "../service-mode.ts";

/** Why each setting does nothing in the modes that do not use it. */
const REASONS: Readonly<Record<ModeSetting, (draft: Draft) => string>> = {
  tunnel: () => "no other mode has a tunnel",
  mssClamp: () => "only a tunnel's header takes room away from a segment",
  masquerade: whyNoMasquerade,
  localAddresses: () => "no other mode puts an address of the director in place of the client's",
  arp: () => "only there real servers have the virtual address, for which they must not answer ARP",
};
const SETTINGS = Object.keys(REASONS) as readonly ModeSetting[];

/** LVS-CONFIG-049 for settings of another mode or protocol, LVS-CONFIG-050 for a tunnel's port. */
export function* idleSettings(draft: Draft): Iterable<LvsctlError> {
  for (const [name, file] of draft.serviceFiles) {
    const path = ["services", name];
    const mode = draft.modeOf(name);
    const { settings } = mode.traits;
    for (const key of SETTINGS) {
      if (settings === undefined || settings[key] !== undefined || !isSet(file, key)) continue;
      const message = `\`${key}\` does nothing in mode ${mode.name}: ${REASONS[key](draft)}.`;
      const hint = `Delete it${orUse(draft, (traits) => traits.settings?.[key] !== undefined)}.`;
      yield draft.problem("LVS-CONFIG-049", [...path, key], { message, hint }, "key");
    }
    if (file.mssClamp !== undefined && !hasTcp(file)) {
      const message = "Only TCP has segments whose size the two ends agree on.";
      yield draft.problem("LVS-CONFIG-049", [...path, "mssClamp"], { message, hint: "Delete `mssClamp`." }, "key");
    }
    yield* checkTunnel(draft, path, file);
  }
}

/** Whether a service answers to TCP. */
function hasTcp({ protocol, match }: Service): boolean {
  return match === undefined
    ? (protocol ?? "tcp") === "tcp"
    : match.some((entry) => (entry.protocol ?? "tcp") === "tcp");
}

/** `fullnat always replaces the client's address, and dr and tun never do`, for whichever modes exist. */
function whyNoMasquerade(draft: Draft): string {
  const always = modesWith(draft, ({ rewrites }) => rewrites?.source === "always");
  const never = modesWith(draft, ({ rewrites }) => rewrites !== undefined && rewrites.source === undefined);
  const replaces = always.length === 1 ? "replaces" : "replace";
  return `${always.join(" and ")} always ${replaces} the client's address, and ${never.join(" and ")} never ${never.length === 1 ? "does" : "do"}`;
}

function* checkTunnel(draft: Draft, path: readonly string[], { tunnel }: Service): Iterable<LvsctlError> {
  if (tunnel === undefined) return;
  const { type = "ipip", port, checksum } = tunnel;
  if (type === "gue" && port === undefined) {
    const message = "GUE is IP in UDP, so director and real servers have to agree on a UDP port.";
    yield draft.problem("LVS-CONFIG-050", [...path, "tunnel"], { message, hint: "Add `port: 6080`." }, "key");
  }
  const idle = [
    ...(type !== "gue" && port !== undefined ? ["port"] : []),
    ...(type === "ipip" && checksum === true ? ["checksum"] : []),
  ];
  for (const key of idle) {
    const message = `A tunnel of the type ${type} has no ${key}.`;
    const hint = `Delete \`${key}\`, or set \`type: gue\`.`;
    yield draft.problem("LVS-CONFIG-050", [...path, "tunnel", key], { message, hint }, "key");
  }
  if (type === "gre" && checksum === true) {
    const message =
      "The real servers' own device for GRE, gre0, drops packets with a checksum, because it is not set to expect one.";
    const hint = "Delete `checksum`, or set `type: gue`.";
    yield draft.problem("LVS-CONFIG-050", [...path, "tunnel", "checksum"], { message, hint }, "key");
  }
}
