/** IP addresses on interfaces. */
import { isDeepStrictEqual } from "node:util";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { type Addresses, type InterfaceAddress, parseAddresses } from "../lvs/ip.ts";
import { addressLength, type Family, formatCidr, isLinkLocal, networkOf, parseCidr } from "../net/address.ts";
import { command, quote, raw, type ShellCommand, sh } from "../shell/quote.ts";
import { LOCAL_TABLE, routeName, type TableRoute } from "./network.ts";
import { requireOutput } from "./outputs.ts";
import { installHint } from "./packages.ts";
import { type Change, identity, oneByOne, type Problem, type ResourceKind, type State, showsAll } from "./resource.ts";
import { type RouteState, routeScript } from "./route-state.ts";
import { readSourced, sourcedRoutes, sourceOf } from "./sourced-routes.ts";
import { clockOf, endOf, hasEnded, readClock, secondsLeft, TELL_TIME } from "./time-left.ts";

/** An IP address on an interface. */
export interface AddressState extends State {
  /** Canonical. */
  readonly address: string;
  readonly prefix: number;
  readonly device: string;
  /** IPv6 only. */
  readonly asSource?: false;
  /** What `ip address add` is told besides: `brd 10.0.0.255 label eth0:1`. Absent: what lvsctl's own addresses get. */
  readonly options?: readonly string[];
  /** When it ends, by the host's clock, in seconds since 1970: those from DHCP or from a router do. */
  readonly validUntil?: number;
  /** From when on it is no source any more. */
  readonly preferredUntil?: number;
}

/** What was found of a host's addresses. */
interface FoundAddresses extends Addresses {
  /** The time by the host's clock. */
  readonly clock?: number;
  /** Routes by hand or of the network configuration that name one of the host's addresses as their source. */
  readonly sourced?: readonly RouteState[];
  /** The addresses that the run has removed before, and with them their routes. */
  readonly removed?: ReadonlySet<string>;
}

/** Devices that a module creates when it is loaded, so they may not exist yet while planning. */
const MADE_BY_MODULES: ReadonlySet<string> = new Set(["tunl0", "gre0", "sit0", "ip6tnl0", "ip6gre0"]);

/** Addresses on interfaces. Source: ip-address(8), of iproute2 and BusyBox. */
export const address: ResourceKind<AddressState, FoundAddresses> = {
  kind: "address",
  schema: {
    type: "object",
    required: ["address", "device"],
    additionalProperties: false,
    properties: {
      address: { type: "string", description: "The IP address, without a prefix length." },
      prefix: {
        type: "integer",
        minimum: 0,
        maximum: 128,
        description: "The prefix length. Default: 32 for IPv4, 128 for IPv6.",
      },
      device: {
        type: "string",
        pattern: "^[^:\\x00-\\x1f\\x7f]{1,255}$",
        description: "The interface that gets the address: eth0, lo.",
      },
      asSource: {
        type: "boolean",
        description: "IPv6: whether the host may choose it as the source of what it sends by itself. Default: true.",
      },
    },
  },

  resolve({ address: written, prefix, device, asSource }) {
    const text = prefix === undefined ? String(written) : `${written}/${prefix}`;
    const cidr = parseCidr(text);
    if (!cidr) {
      throw new LvsctlError("LVS-FACT-003", `${text} is not an IP address with a prefix length.`, {
        hint: "Write the address without its prefix, and the prefix as a number: 0 to 32 for IPv4, 0 to 128 for IPv6.",
      });
    }
    const state = { address: cidr.address, prefix: cidr.prefix, device: String(device) };
    return [asSource === false && cidr.family === 6 ? { ...state, asSource } : state];
  },
  key: (state) => `${state.address} dev ${state.device}`,
  fields: {
    ...{ address: true, prefix: true, device: true, asSource: true },
    ...{ options: true, validUntil: true, preferredUntil: true },
  },

  read: (states) => [
    readClock("address"),
    { name: "address", argv: ["ip", "address", "show"] },
    ...readSourced([...new Set(states.map(familyOf))]),
  ],

  parse(outputs, states, { host }) {
    const found = parseAddresses(requireOutput(outputs, "address", host, { name: "ip", hint: installHint("ip") }));
    const wanted = new Map(states.map((state) => [address.key(state), state.prefix]));
    const actual = new Map<string, AddressState>();
    for (const one of found.addresses) {
      const state = stateFrom(one, (seconds) => endOf(seconds, outputs, "address", host));
      const key = address.key(state);
      if (!actual.has(key) || wanted.get(key) === state.prefix) actual.set(key, state);
    }
    const clock = clockOf(outputs, "address");
    const sourced = sourcedRoutes(outputs, (seconds) => endOf(seconds, outputs, "address", host));
    const detail = {
      ...found,
      ...(clock === undefined ? {} : { clock }),
      ...(sourced.length > 0 ? { sourced } : {}),
    };
    return { states: actual, detail };
  },

  diff: (actual, desired) => [
    ...(actual.prefix === desired.prefix ? [] : ["prefix"]),
    // An address whose lifetime runs out is deprecated too, and that is fine.
    ...(desired.asSource === false && actual.asSource !== false ? ["asSource"] : []),
  ],
  bare: () => ({ states: new Map(), detail: { devices: [], addresses: [], mayBeBusyBox: false } }),
  commands: (changes, { detail }) => oneByOne(changes, (change) => script(change, detail)),
  detailAfter: (changes, { detail }) => {
    const gone = changes.flatMap(({ key, after }) => (after === undefined ? [key] : []));
    return gone.length === 0 ? detail : { ...detail, removed: new Set([...(detail.removed ?? []), ...gone]) };
  },
  detailForUndo: ({ states, detail }, before) => {
    const removed = new Set([...before.states.keys()].filter((key) => !states.has(key)));
    return { ...detail, removed, ...(before.detail.sourced ? { sourced: before.detail.sourced } : {}) };
  },
  comesBack: "addresses",
  atBoot: (states, { detail }) =>
    states.map((state) => ({
      what: address.describe(state),
      script: addUnlessThere(state, detail),
      later: {
        when: sh`concerns ${state.device} && ! { ${raw(isThere(state))}; }`,
        ofNetwork: { address: state.address },
      },
    })),

  problem(desired, observed, owned, ours) {
    return (
      missingDevice(desired, observed.detail) ??
      (owned ? undefined : otherPrefix(desired, observed.states.get(address.key(desired)))) ??
      otherDevice(desired, observed.states, ours)
    );
  },

  implies: (state) =>
    (isLinkLocalText(state) ? [] : [localRoute(state), ...connectedRoute(state)]).map((made) => ({
      kind: "route",
      key: routeName(made),
      state: { ...made },
    })),
  isRenamed: (old, now) => old.address === now.address && old.prefix === now.prefix,
  isOver: ({ validUntil }, { detail }) => hasEnded(validUntil, detail.clock),
  restsOn: ({ device }) => (MADE_BY_MODULES.has(device) ? [identity({ kind: "tunnel", key: device })] : []),
  network: (placed) => ({ addresses: [placed] }),
  list: showsAll(() => address),
  whenChangedByOthers: "leave",
  describe: (state) => `address ${formatCidr(state)} dev ${quote(state.device)}`,
};

/** Several interfaces can have one link-local address, and their routes are the same but for the interface. */
function isLinkLocalText({ address: text }: AddressState): boolean {
  return text.includes(":") && isLinkLocal({ address: text, family: 6 });
}

const BY_KERNEL = ["proto", "kernel"] as const;

/** The route by which the host takes packets for the address. */
function localRoute({ address: text, device }: AddressState): TableRoute {
  const family = text.includes(":") ? 6 : 4;
  const to = formatCidr({ address: text, prefix: addressLength(family) });
  return { family, to, type: "local", device, table: LOCAL_TABLE, options: BY_KERNEL };
}

/** The route to the address's network; none for a single address. The kernel gives those of IPv6 a metric of their own. */
function connectedRoute({ address: text, prefix, device }: AddressState): readonly TableRoute[] {
  const cidr = parseCidr(`${text}/${prefix}`);
  if (cidr === undefined || prefix === addressLength(cidr.family)) return [];
  const metric = cidr.family === 6 ? { metric: 256 } : {};
  return [
    {
      family: cidr.family,
      to: formatCidr(networkOf(cidr)),
      type: "unicast",
      device,
      table: "main",
      ...metric,
      options: BY_KERNEL,
    },
  ];
}

function familyOf({ address: text }: AddressState): Family {
  return text.includes(":") ? 6 : 4;
}

function stateFrom(found: InterfaceAddress, end: (seconds: number) => number): AddressState {
  const { address: text, prefix, device, isDeprecated, options = [], validFor, preferredFor } = found;
  const state = { address: text, prefix, device };
  return {
    ...state,
    ...(isDeprecated ? ({ asSource: false } as const) : {}),
    ...(isDeepStrictEqual(options, usualOptions(state)) ? {} : { options }),
    ...(validFor === undefined ? {} : { validUntil: end(validFor) }),
    ...(preferredFor === undefined ? {} : { preferredUntil: end(preferredFor) }),
  };
}

/**
 * What lvsctl's own addresses get. A virtual IPv6 address should answer at once, so we skip the second of duplicate address
 * detection if the host's `ip` can. The loopback device has no detection.
 */
function usualOptions({ prefix, device }: AddressState): readonly string[] {
  return prefix === 128 && device !== "lo" ? ["nodad"] : [];
}

function script({ before, after }: Change<AddressState>, found: FoundAddresses): ShellCommand {
  if (before && after && before.prefix === after.prefix) {
    return withOptions("change", after, after.options ?? before.options ?? usualOptions(after), found);
  }
  const remove = before && removal(before, found);
  const add = after && addition(after, found);
  const isIpv6 = (after ?? before)?.address.includes(":");
  // The kernel accepts one IPv4 address with two prefixes at a time, but never an IPv6 address twice.
  const parts = isIpv6 ? [remove, add] : [add, remove];
  return [...parts, ...(after ? routesBack(before, after, found) : [])]
    .filter((part) => part !== undefined)
    .join(" &&\n") as ShellCommand;
}

/**
 * The routes that the kernel has deleted with the address, or that have lost it as their source: IPv6 keeps them without one. An
 * address that is still being checked for duplicates cannot be a source yet.
 */
function routesBack(
  before: AddressState | undefined,
  after: AddressState,
  { sourced = [], removed }: FoundAddresses,
): readonly ShellCommand[] {
  const family = familyOf(after);
  const isLost = before === undefined ? removed?.has(address.key(after)) : family === 6;
  return sourced
    .filter((one) => isLost && one.family === family && sourceOf(one) === after.address)
    .map((one) => {
      const replace = routeScript({ kind: "route", key: routeName(one), before: one, after: one });
      if (family === 4) return replace;
      return sh`{ i=0; until [ "$i" = 5 ] || { ${raw(replace)}; } 2>/dev/null; do i=$((i + 1)); sleep 1; done
[ "$i" != 5 ] || ${raw(replace)}; }`;
    });
}

/** The address as `ip` is told it, and as it prints it: the prefix of a point-to-point address belongs to its peer. */
function withPeer(state: AddressState): readonly string[] {
  const { options = [] } = state;
  const at = options.indexOf("peer");
  return at < 0 ? [formatCidr(state)] : [state.address, ...options.slice(at, at + 2)];
}

/**
 * Removing the first IPv4 address of a subnet removes all others in it, ours or not, unless the kernel is told to promote
 * one of them. Source: the kernel's ip-sysctl.rst, promote_secondaries. BusyBox tells the kernel of the prefix only where it
 * is a peer's, and else the kernel takes the first one of several.
 */
function removal(state: AddressState, { mayBeBusyBox }: FoundAddresses): ShellCommand {
  const { address: text, device } = state;
  const isIpv6 = text.includes(":");
  const own = ["peer", formatCidr(state)];
  const remove = command(
    ...removalOf(mayBeBusyBox && !isIpv6 ? { ...state, options: [...(state.options ?? []), ...own] } : state),
  );
  if (isIpv6 || withPeer(state).at(-1)?.endsWith("/32")) return remove;
  return sh`{ f=${`/proc/sys/net/ipv4/conf/${device}/promote_secondaries`}; was=$(cat "$f" 2>/dev/null) || :
[ "$was" != 0 ] || echo 1 >"$f"
${raw(remove)} && s=0 || s=$?
[ "$was" != 0 ] || echo 0 >"$f"
[ "$s" = 0 ]; }`;
}

function removalOf(state: AddressState): readonly string[] {
  return ["ip", "address", "del", ...withPeer(state), "dev", state.device];
}

function isThere(state: AddressState): ShellCommand {
  const shown = `${state.address.includes(":") ? "inet6" : "inet"} ${withPeer(state).join(" ")} `;
  return sh`ip address show dev ${state.device} | grep -qF ${shown}`;
}

function addUnlessThere(state: AddressState, found: FoundAddresses): ShellCommand {
  const add = raw(withOptions("add", state, state.options ?? usualOptions(state), found));
  return sh`${raw(isThere(state))} || ${add}`;
}

/** A DHCP client may have renewed what lvsctl had replaced, and then it has more time than we know of. */
function addition(state: AddressState, found: FoundAddresses): ShellCommand {
  if (state.validUntil !== undefined) return sh`{ ${raw(addUnlessThere(state, found))}; }`;
  return withOptions("add", state, state.options ?? usualOptions(state), found);
}

/** `ip` of BusyBox does not know `nodad`, and that of CentOS 7 cannot be told from it; one that does not has changed nothing. */
function withOptions(
  verb: "add" | "change",
  state: AddressState,
  options: readonly string[],
  { mayBeBusyBox }: FoundAddresses,
): ShellCommand {
  const end = lifetimes(verb, state);
  const rest = options.filter((_, at) => options[at] !== "peer" && options[at - 1] !== "peer");
  const argv = (words: readonly string[]) =>
    sh`${raw(command("ip", "address", verb, ...withPeer({ ...state, options }), "dev", state.device, ...words))}${raw(end)}`;
  const script =
    mayBeBusyBox && rest.includes("nodad")
      ? sh`{ ${raw(argv(rest))} 2>/dev/null || ${raw(argv(rest.filter((word) => word !== "nodad")))}; }`
      : argv(rest);
  return end.includes("$") ? sh`{ ${raw(TELL_TIME)} && ${raw(script)}; }` : script;
}

/** For how long the address is there, and may be a source; nothing for a new one that is both for ever. */
function lifetimes(verb: "add" | "change", { asSource, validUntil, preferredUntil }: AddressState): ShellCommand {
  const valid = validUntil === undefined ? sh`forever` : secondsLeft(validUntil, 1);
  const finite = preferredUntil === undefined ? sh`forever` : secondsLeft(preferredUntil, 0);
  const preferred = asSource === false ? sh`0` : finite;
  const isShort = verb === "add" && validUntil === undefined;
  if (isShort && preferred === "forever") return sh``;
  return sh`${raw(isShort ? sh`` : sh` valid_lft ${raw(valid)}`)} preferred_lft ${raw(preferred)}`;
}

function missingDevice({ device }: AddressState, { devices }: Addresses): Problem | undefined {
  if (devices.includes(device) || MADE_BY_MODULES.has(device)) return undefined;
  return {
    message: `There is no interface ${device}.`,
    hint: `Name one that the host has: ${devices.join(", ")}.`,
  };
}

function otherPrefix(desired: AddressState, actual: AddressState | undefined): Problem | undefined {
  if (!actual || actual.prefix === desired.prefix) return undefined;
  return {
    message: `${desired.device} has ${formatCidr(actual)}, which lvsctl did not make; ${formatCidr(desired)} is needed.`,
    hint: `Write /${actual.prefix} in the topology, remove the address (${removalOf(actual).join(" ")}), or let lvsctl take it over with --adopt.`,
    adoptable: true,
  };
}

function otherDevice(
  desired: AddressState,
  states: ReadonlyMap<string, AddressState>,
  ours: ReadonlySet<string> = new Set(),
): Problem | undefined {
  if (states.has(address.key(desired)) || isLinkLocalText(desired)) return undefined;
  const elsewhere = [...states].find(([key, state]) => state.address === desired.address && !ours.has(key))?.[1];
  if (!elsewhere) return undefined;
  return {
    message: `${formatCidr(elsewhere)} is on ${elsewhere.device}, where lvsctl did not put it; ${desired.device} is to have it.`,
    hint: `Remove it there (${removalOf(elsewhere).join(" ")}), or choose another address.`,
  };
}
