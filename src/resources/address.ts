/** IP addresses on interfaces. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { type Addresses, parseAddresses } from "../lvs/ip.ts";
import { addressLength, formatCidr, isLinkLocal, networkOf, parseCidr } from "../net/address.ts";
import { command, quote, raw, type ShellCommand, sh } from "../shell/quote.ts";
import { LOCAL_TABLE, routeName, type TableRoute } from "./network.ts";
import { requireOutput } from "./outputs.ts";
import { installHint } from "./packages.ts";
import { type Change, identity, oneByOne, type Problem, type ResourceKind, type State, showsAll } from "./resource.ts";

/** An IP address on an interface. */
export interface AddressState extends State {
  /** Canonical. */
  readonly address: string;
  readonly prefix: number;
  readonly device: string;
  /** IPv6 only. */
  readonly asSource?: false;
}

/** Devices that a module creates when it is loaded, so they may not exist yet while planning. */
const MADE_BY_MODULES: ReadonlySet<string> = new Set(["tunl0", "gre0", "sit0", "ip6tnl0", "ip6gre0"]);

/** Addresses on interfaces. Source: ip-address(8), of iproute2 and BusyBox. */
export const address: ResourceKind<AddressState, Addresses> = {
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

  read: () => [{ name: "address", argv: ["ip", "address", "show"] }],

  parse(outputs, states, { host }) {
    const found = parseAddresses(requireOutput(outputs, "address", host, { name: "ip", hint: installHint("ip") }));
    const wanted = new Map(states.map((state) => [address.key(state), state.prefix]));
    const actual = new Map<string, AddressState>();
    for (const { address: text, prefix, device, isDeprecated } of found.addresses) {
      const state = { address: text, prefix, device, ...(isDeprecated ? ({ asSource: false } as const) : {}) };
      const key = address.key(state);
      if (!actual.has(key) || wanted.get(key) === prefix) actual.set(key, state);
    }
    return { states: actual, detail: found };
  },

  diff: (actual, desired) => [
    ...(actual.prefix === desired.prefix ? [] : ["prefix"]),
    // An address whose lifetime runs out is deprecated too, and that is fine.
    ...(desired.asSource === false && actual.asSource !== false ? ["asSource"] : []),
  ],
  bare: () => ({ states: new Map(), detail: { devices: [], addresses: [], mayBeBusyBox: false } }),
  commands: (changes, { detail }) => oneByOne(changes, (change) => script(change, detail)),
  comesBack: "addresses",
  atBoot: (states, { detail }) =>
    states.map((state) => ({ what: address.describe(state), script: addUnlessThere(state, detail) })),

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

function script({ before, after }: Change<AddressState>, found: Addresses): ShellCommand {
  if (before && after && before.prefix === after.prefix) {
    const preference = after.asSource === false ? "0" : "forever";
    const lifetimes = ["valid_lft", "forever", "preferred_lft", preference];
    return command("ip", "address", "change", formatCidr(after), "dev", after.device, ...lifetimes);
  }
  const remove = before && removal(before);
  const add = after && addition(after, found);
  const isIpv6 = (after ?? before)?.address.includes(":");
  // The kernel accepts one IPv4 address with two prefixes at a time, but never an IPv6 address twice.
  return (isIpv6 ? [remove, add] : [add, remove]).filter((part) => part !== undefined).join(" &&\n") as ShellCommand;
}

/**
 * Removing the first IPv4 address of a subnet removes all others in it, ours or not, unless the kernel is told to promote
 * one of them. Source: the kernel's ip-sysctl.rst, promote_secondaries.
 */
function removal(state: AddressState): ShellCommand {
  const { address: text, prefix, device } = state;
  const remove = command("ip", "address", "del", formatCidr(state), "dev", device);
  if (text.includes(":") || prefix === 32) return remove;
  return sh`{ f=${`/proc/sys/net/ipv4/conf/${device}/promote_secondaries`}; was=$(cat "$f" 2>/dev/null) || :
[ "$was" != 0 ] || echo 1 >"$f"
${raw(remove)} && s=0 || s=$?
[ "$was" != 0 ] || echo 0 >"$f"
[ "$s" = 0 ]; }`;
}

function addUnlessThere(state: AddressState, found: Addresses): ShellCommand {
  const shown = `${state.address.includes(":") ? "inet6" : "inet"} ${formatCidr(state)} `;
  const add = raw(script({ kind: address.kind, key: address.key(state), before: undefined, after: state }, found));
  return sh`ip address show dev ${state.device} | grep -qF ${shown} || ${add}`;
}

/**
 * A virtual IPv6 address should answer at once, so we skip the second of duplicate address detection if the host's `ip`
 * can; one that cannot has changed nothing by then. The loopback device has no detection.
 */
function addition(state: AddressState, { mayBeBusyBox }: Addresses): ShellCommand {
  const { prefix, device, asSource } = state;
  const preference = asSource === false ? ["preferred_lft", "0"] : [];
  const add = (...flags: readonly string[]) =>
    command("ip", "address", "add", formatCidr(state), "dev", device, ...flags, ...preference);
  if (prefix !== 128 || device === "lo") return add();
  return mayBeBusyBox ? sh`{ ${raw(add("nodad"))} 2>/dev/null || ${raw(add())}; }` : add("nodad");
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
    hint: `Write /${actual.prefix} in the topology, remove the address (ip address del ${formatCidr(actual)} dev ${actual.device}), or let lvsctl take it over with --adopt.`,
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
    hint: `Remove it there (ip address del ${formatCidr(elsewhere)} dev ${elsewhere.device}), or choose another address.`,
  };
}
