/**
 * The tunnel devices that come with a kernel module: tunl0, gre0 and so on. They accept packets from any sender and are
 * shared by everybody, so we manage only their link state, and restore it.
 */
import { parseLinks } from "../lvs/ip.ts";
import { command, type ShellCommand, sh } from "../shell/quote.ts";
import { requireOutput } from "./outputs.ts";
import { installHint } from "./packages.ts";
import { type Change, nothingFound, oneByOne, type ResourceKind, type State } from "./resource.ts";

/** The fallback device of a tunnel module, and whether it is up. */
export interface TunnelState extends State {
  readonly device: string;
  readonly isUp: boolean;
}

const DEVICES = ["tunl0", "gre0", "ip6tnl0", "ip6gre0"] as const;

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
          "The device, which its module makes: tunl0 (ipip), gre0 (ip_gre), ip6tnl0 (ip6_tunnel), ip6gre0 (ip6_gre).",
      },
    },
  },

  resolve: ({ device }) => [{ device: String(device), isUp: true }],
  key: ({ device }) => device,

  read: () => [{ name: "tunnel", argv: ["ip", "link", "show"] }],

  parse(outputs, states, { host }) {
    const links = parseLinks(requireOutput(outputs, "tunnel", host, { name: "ip", hint: installHint("ip") }));
    const found = states.flatMap(({ device }) => {
      const isUp = links.get(device);
      return isUp === undefined ? [] : [[device, { device, isUp }] as const];
    });
    return { states: new Map(found), detail: undefined };
  },

  diff: (actual, desired) => (actual.isUp === desired.isUp ? [] : ["isUp"]),
  bare: nothingFound,
  commands: (changes) => oneByOne(changes, script),
  comesBack: "devices",
  list: {
    read: (context) => tunnel.read([], context),
    parse: (outputs, context) => {
      const all = DEVICES.map((device) => ({ device, isUp: true }));
      return [...tunnel.parse(outputs, all, context).states.values()].filter(({ isUp }) => isUp);
    },
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
  describe: ({ device, isUp }) => `tunnel device ${device} ${isUp ? "up" : "down"}`,
};

/** Our addresses are already gone from a device that we release; if it still has some, somebody else uses it. */
function script({ key, after }: Change<TunnelState>): ShellCommand {
  if (after?.isUp) return command("ip", "link", "set", key, "up");
  return sh`[ ! -e ${`/sys/class/net/${key}`} ] || ip address show dev ${key} scope global | grep -q inet || ip link set ${key} down`;
}
