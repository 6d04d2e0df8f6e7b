/**
 * The tunnel devices that come with a kernel module: tunl0, gre0 and so on. They accept packets from any sender and are
 * shared by everybody, so we manage only their link state and what they take out of packets, and restore both.
 */
import { parseLinks } from "../lvs/ip.ts";
import { command, raw, type ShellCommand, sh } from "../shell/quote.ts";
import type { ReadOutputs } from "../shell/read-script.ts";
import { outputOf, requireOutput } from "./outputs.ts";
import { installHint } from "./packages.ts";
import { type Change, nothingFound, oneByOne, type ResourceKind, type State } from "./resource.ts";

/** The fallback device of a tunnel module, and whether it is up. */
export interface TunnelState extends State {
  readonly device: string;
  readonly isUp: boolean;
  /** ip6tnl0 only: what it takes out of packets, IPv6 alone as when its module is loaded, or any. Absent: either. */
  readonly takes?: "any" | "ipv6";
}

const DEVICES = ["tunl0", "gre0", "sit0", "ip6tnl0", "ip6gre0"] as const;

/** The one device that does not take every kind of packet unless it is told to. */
const CHOOSY = "ip6tnl0";
/** Of all devices: asking for one by name would load its module, and iproute2 before 3.18 cannot ask by type. */
const DETAILS = { name: "tunnel-details", argv: ["ip", "-d", "link", "show"] };

/** Tunnel devices that receive packets from any sender. */
export const tunnel: ResourceKind<TunnelState> = {
  kind: "tunnel",
  schema: {
    type: "object",
    required: ["device"],
    additionalProperties: false,
    properties: {
      device: {
        enum: DEVICES,
        description:
          "The device, which its module makes: tunl0 (ipip), gre0 (ip_gre), sit0 (sit), ip6tnl0 (ip6_tunnel), ip6gre0 (ip6_gre).",
      },
      takes: {
        enum: ["any", null],
        description: "any: ip6tnl0 takes IPv4 packets out of IPv6 ones too. Default: IPv6 packets alone.",
      },
    },
  },

  resolve: ({ device, takes }) => [
    { device: String(device), isUp: true, ...(takes === "any" && device === CHOOSY ? { takes } : {}) },
  ],
  key: ({ device }) => device,
  fields: { device: true, isUp: true, takes: true },

  read: (states) => [
    { name: "tunnel", argv: ["ip", "link", "show"] },
    ...(states.some(({ device }) => device === CHOOSY) ? [DETAILS] : []),
  ],

  parse(outputs, states, { host }) {
    const links = parseLinks(requireOutput(outputs, "tunnel", host, { name: "ip", hint: installHint("ip") }));
    const found = states.flatMap(({ device }) => {
      const isUp = links.get(device);
      return isUp === undefined
        ? []
        : [[device, { device, isUp, ...(device === CHOOSY ? taken(outputs) : {}) }] as const];
    });
    return { states: new Map(found), detail: undefined };
  },

  diff: (actual, desired) => [
    ...(actual.isUp === desired.isUp ? [] : ["isUp"]),
    // Whoever needs IPv6 alone is not disturbed by the rest.
    ...(desired.takes === undefined || actual.takes === desired.takes ? [] : ["takes"]),
  ],
  join: (one, other) => (one.isUp === other.isUp ? { ...one, ...other } : undefined),
  bare: nothingFound,
  commands: (changes) => oneByOne(changes, script),
  comesBack: "devices",
  list: {
    read: (context) => tunnel.read(ALL, context),
    parse: (outputs, context) => [...tunnel.parse(outputs, ALL, context).states.values()].filter(({ isUp }) => isUp),
  },
  isSetting: true,
  dangers: ({ role, session }, changes) =>
    changes
      .filter(({ key, action, before, after }) => {
        const goesDown = action !== "none" && before?.isUp === true && after?.isUp !== true;
        return goesDown && role === "end" && session.reply?.device === key;
      })
      .map((change) => ({ change, would: `take ${change.key} down, over which it runs` })),
  whenChangedByOthers: "leave",
  describe: ({ device, isUp, takes }) =>
    `tunnel device ${device} ${isUp ? "up" : "down"}${takes === "any" ? ", takes any packet" : ""}`,
};

const ALL = DEVICES.map((device) => ({ device, isUp: true }));

/** From a line such as `    ip6tnl any remote any local any …` below the device's own. BusyBox shows none. */
function taken(outputs: ReadOutputs): Pick<TunnelState, "takes"> {
  const details = outputOf(outputs, DETAILS.name).stdout;
  const [, kind] = /^\d+: ip6tnl0@.*\n(?: .*\n)*? +ip6tnl (any|ip6ip6) /m.exec(details) ?? [];
  return kind === undefined ? {} : { takes: kind === "any" ? "any" : "ipv6" };
}

/**
 * Our addresses are already gone from a device that we release; if it still has some, somebody else uses it. What ip6tnl0 takes
 * can be changed by `ip -6 tunnel`, but not by netlink (`ip link`), which would have to leave all else as it is.
 */
function script({ key, before, after }: Change<TunnelState>): ShellCommand {
  const choose = (mode: string) => command("ip", "-6", "tunnel", "change", key, "mode", mode);
  const isReset = before?.takes === "any" && (after === undefined || after.takes === "ipv6");
  if (after?.isUp) {
    const steps = [
      ...(before?.isUp ? [] : [command("ip", "link", "set", key, "up")]),
      ...(after.takes === "any" && before?.takes !== "any" ? [choose("any")] : []),
      ...(isReset ? [choose("ip6ip6")] : []),
    ];
    return steps.join(" &&\n") as ShellCommand;
  }
  const down = command("ip", "link", "set", key, "down");
  const release = isReset ? sh`{ ${raw(choose("ip6ip6"))} && ${raw(down)}; }` : down;
  const used = key === "sit0" ? NOT_BY_ITSELF : sh`grep -q inet`;
  return sh`[ ! -e ${`/sys/class/net/${key}`} ] || ip address show dev ${key} scope global | ${raw(used)} || ${raw(release)}`;
}

/** As soon as sit0 is up the kernel gives it an address for each IPv4 address of the host: `::192.0.2.11/96`. */
const NOT_BY_ITSELF = sh`grep inet | grep -qv ' ::[0-9a-f.:]*/96 '`;
