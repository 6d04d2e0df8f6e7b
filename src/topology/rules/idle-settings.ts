/** Settings that have no effect, although whoever wrote them expects one. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { addressLength, parseCidr } from "../../net/address.ts";
import { whyChosen } from "../chosen-mark.ts";
import type { Draft } from "../draft.ts";
import type { Service } from "../generated/topology-file.ts";
import { type ModeSetting, modeSettings, usesSetting } from "../mode-traits.ts";
import { orUse } from "../other-modes.ts";
import { isSet, type ServiceMode } from "../service-mode.ts";

/** Why each setting does nothing in a mode that does not use it, as far as the mode's traits tell. */
const REASONS: Readonly<Record<ModeSetting, (mode: ServiceMode) => string | undefined>> = {
  tunnel: withoutOuter("the director puts no header around requests"),
  mssClamp: withoutOuter("only a header around requests takes room away from a segment, and the director adds none"),
  masquerade: whyNoSource,
  internet: ({ traits: { answeredBy } }) =>
    answeredBy === "real-server"
      ? "real servers send past the director, so it is not their way to other networks"
      : "the director passes on what belongs to the service, and nothing else",
  localAddresses: whyNoSource,
  arp: (mode) =>
    mode.rewrites("destination") === true
      ? "requests reach real servers by their own addresses, so they have no virtual one to be silent about"
      : undefined,
};

/** LVS-CONFIG-049 for settings of another mode or protocol, LVS-CONFIG-050 for a tunnel's port. */
export function* idleSettings(draft: Draft): Iterable<LvsctlError> {
  for (const [name, file] of draft.serviceFiles) {
    const path = ["services", name];
    const modes = draft.modesOf(name);
    for (const key of modeSettings) {
      const isIdle = modes.every(({ traits }) => !usesSetting(traits, key));
      if (!isIdle || !isSet(file, key) || isDefault(file, key)) continue;
      const reasons = modes.map((mode) => REASONS[key](mode) ?? "the traits of its playbook do not name it");
      const message = `\`${key}\` does nothing in mode ${modes.map((mode) => mode.name).join(" and ")}: ${[...new Set(reasons)].join("; ")}.`;
      const hint = `Delete it${orUse(draft, (traits) => traits.settings?.[key] !== undefined, [key])}.`;
      yield draft.problem("LVS-CONFIG-049", [...path, key], { message, hint }, "key");
    }
    if (file.mssClamp !== undefined && !hasTcp(file)) {
      const message = "Only TCP has segments whose size the two ends agree on.";
      yield draft.problem("LVS-CONFIG-049", [...path, "mssClamp"], { message, hint: "Delete `mssClamp`." }, "key");
    }
    if (file.arp === "arptables" && !draft.familiesBeside(name).includes(4)) {
      const message =
        "`arp: arptables` does nothing here: ARP is for IPv4, and no host answers for an IPv6 address that is on its loopback or tunnel.";
      yield draft.problem("LVS-CONFIG-049", [...path, "arp"], { message, hint: "Delete `arp`." }, "key");
    }
    for (const [index, { address, interface: device }] of (file.match ?? []).entries()) {
      const cidr = parseCidr(address);
      if (device === undefined || cidr === undefined || cidr.prefix === addressLength(cidr.family)) continue;
      const message = `\`interface\` does nothing here: a director takes packets for all of ${address} by a local route, and no interface gets an address.`;
      const at = [...path, "match", index, "interface"];
      yield draft.problem("LVS-CONFIG-049", at, { message, hint: "Delete `interface`." }, "key");
    }
    if (file.log !== undefined && file.fwmark !== undefined) {
      const why = whyChosen(draft, name);
      const known = why === undefined ? "has a firewall mark" : `is known to IPVS by a mark, because of its ${why}`;
      const message = `\`log\` does nothing here: packets are logged by address and port, and this service ${known}.`;
      yield draft.problem("LVS-CONFIG-049", [...path, "log"], { message, hint: "Delete `log`." }, "key");
    }
    yield* checkTunnel(draft, path, file);
  }
}

/** Whether a setting is written as it is without being written, which says nothing. */
function isDefault({ arp, tunnel = {} }: Service, key: ModeSetting): boolean {
  if (key === "arp") return arp === "sysctl";
  const { type = "ipip", checksum = false, ...others } = tunnel;
  return key === "tunnel" && type === "ipip" && !checksum && Object.keys(others).length === 0;
}

/** Whether a service answers to TCP. */
function hasTcp({ protocol, match }: Service): boolean {
  return match === undefined
    ? (protocol ?? "tcp") === "tcp"
    : match.some((entry) => (entry.protocol ?? "tcp") === "tcp");
}

function withoutOuter(reason: string): (mode: ServiceMode) => string | undefined {
  return (mode) => (mode.rewrites("outer") === false ? reason : undefined);
}

/** Why a setting that replaces the client's address does nothing. */
function whyNoSource({ traits: { rewrites } }: ServiceMode): string | undefined {
  if (rewrites === undefined) return undefined;
  const { source } = rewrites;
  if (source === undefined) return "the director never replaces the client's address";
  if (source === "always") return "the director always replaces the client's address, and not by this setting";
  return `only \`${source}\` makes the director replace the client's address`;
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
      "The kernel's own device for GRE, gre0, drops packets with a checksum, because it is not set to expect one.";
    const hint = "Delete `checksum`, or set `type: gue`.";
    yield draft.problem("LVS-CONFIG-050", [...path, "tunnel", "checksum"], { message, hint }, "key");
  }
}
