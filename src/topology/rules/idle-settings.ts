/** Settings that would do nothing: whoever wrote one expects something of it. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import type { Draft } from "../draft.ts";
import type { Service } from "../generated/topology-file.ts";
import { isBuiltIn } from "../modes.ts";

interface Setting {
  readonly key: "tunnel" | "mssClamp" | "masquerade" | "localAddresses" | "arp";
  readonly modes: readonly string[];
  readonly why: string;
}

const SETTINGS: readonly Setting[] = [
  { key: "tunnel", modes: ["tun"], why: "no other mode has a tunnel" },
  { key: "mssClamp", modes: ["tun"], why: "only a tunnel's header takes room away from a segment" },
  { key: "masquerade", modes: ["nat"], why: "fullnat always replaces the client's address, and dr and tun never do" },
  {
    key: "localAddresses",
    modes: ["fullnat"],
    why: "no other mode puts an address of the director in place of the client's",
  },
  {
    key: "arp",
    modes: ["dr", "tun"],
    why: "only there real servers have the virtual address, for which they must not answer ARP",
  },
];

/** LVS-CONFIG-049 for settings of another mode or protocol, LVS-CONFIG-050 for a tunnel's port. */
export function* idleSettings(draft: Draft): Iterable<LvsctlError> {
  for (const [name, file] of draft.serviceFiles) {
    const path = ["services", name];
    for (const { key, modes, why } of SETTINGS) {
      if (!isBuiltIn(file.mode) || modes.includes(file.mode) || !isWanted(file[key])) continue;
      const message = `\`${key}\` does nothing in mode ${file.mode}: ${why}.`;
      const hint = `Delete it, or use the mode ${modes.join(" or ")}.`;
      yield draft.problem("LVS-CONFIG-049", [...path, key], { message, hint }, "key");
    }
    if (file.mssClamp !== undefined && !hasTcp(file)) {
      const message = "Only TCP has segments whose size the two ends agree on.";
      yield draft.problem("LVS-CONFIG-049", [...path, "mssClamp"], { message, hint: "Delete `mssClamp`." }, "key");
    }
    yield* checkTunnel(draft, path, file);
  }
}

/** Whether TCP is among what a service answers to. */
function hasTcp({ protocol, match }: Service): boolean {
  return match === undefined
    ? (protocol ?? "tcp") === "tcp"
    : match.some((entry) => (entry.protocol ?? "tcp") === "tcp");
}

function isWanted(value: Service[keyof Service]): boolean {
  return value !== undefined && value !== false;
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
