/** Routes: default gateways and others. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { canonicalDestination, routeArguments } from "../lvs/ip-route.ts";
import { LAB_PROTOCOL } from "../lvs/lab-protocol.ts";
import { addressFamily, canonicalAddress, type Family, parseCidr } from "../net/address.ts";
import { quote, raw, type ShellCommand, sh } from "../shell/quote.ts";
import { differingFields } from "./fields.ts";
import { routeName } from "./network.ts";
import { outputOf, requireOutput } from "./outputs.ts";
import { installHint } from "./packages.ts";
import { nothingFound, oneByOne, type Problem, type ResourceKind, type State } from "./resource.ts";
import { type RouteState, routeScript, routesIn } from "./route-state.ts";
import { clockOf, endOf, hasEnded, readClock } from "./time-left.ts";
import { unlessThere } from "./unless-there.ts";

const MAIN_TABLES: readonly RouteState[] = ([4, 6] as const).map((family) => {
  return { family, table: "main", to: "default", type: "unicast" };
});

/** Routes. Source: ip-route(8), of iproute2 and BusyBox. */
export const route: ResourceKind<RouteState, number | undefined> = {
  kind: "route",
  schema: {
    type: "object",
    required: ["to"],
    additionalProperties: false,
    properties: {
      to: { type: "string", description: "Where it leads: default, or a network such as 10.0.0.0/8." },
      via: { type: ["string", "null"], description: "The gateway's address." },
      device: {
        type: ["string", "null"],
        pattern: "^[^:\\x00-\\x1f\\x7f]{1,255}$",
        description: "The interface that it leaves by.",
      },
      table: {
        type: ["string", "integer", "null"],
        pattern: "^(main|[1-9][0-9]{0,9})$",
        description: "The routing table: main, or a number. Default: main.",
      },
      metric: {
        type: ["integer", "null"],
        minimum: 0,
        maximum: 4294967295,
        description: "The metric. Default: the kernel's, which wins over greater ones.",
      },
      type: {
        enum: ["unicast", "local", "blackhole", "unreachable", "prohibit", "throw", null],
        description: "What happens to the packets. Default: unicast.",
      },
      family: {
        enum: [4, 6, null],
        description: "The address family of a default route without a gateway. Default: 4.",
      },
    },
  },

  resolve: (written) => [stateFrom(written)],
  key: routeName,
  fields: {
    ...{ family: true, to: true, type: true, via: true, device: true, metric: true, options: true, table: true },
    ...{ nhid: true, validFor: true, validUntil: true },
  },

  read: (states) => [
    ...(states.some(({ family }) => family === 6) ? [readClock("route")] : []),
    ...tablesOf(states).map(({ family, table }) => ({
      name: readName(family, table),
      argv: ["ip", `-${family}`, "route", "show", "table", table],
    })),
  ],

  parse(outputs, states, { host }) {
    const found = tablesOf(states).flatMap(({ family, table }) => {
      const name = readName(family, table);
      if (/FIB table does not exist/.test(outputOf(outputs, name).stderr)) return [];
      const ip = { name: "ip", hint: installHint("ip") };
      return routesIn(requireOutput(outputs, name, host, ip), { family, table }, (seconds) =>
        endOf(seconds, outputs, "route", host),
      );
    });
    const actual = new Map<string, RouteState>();
    // Where somebody's local route stands beside the kernel's own, it is the one that can be changed.
    for (const state of [...found.filter((one) => !comesWithAddress(one)), ...found.filter(comesWithAddress)]) {
      if (!actual.has(route.key(state))) actual.set(route.key(state), state);
    }
    for (const state of states) {
      const effective = actual.has(route.key(state)) ? undefined : effectiveRoute(found, state);
      if (effective) actual.set(route.key(state), effective);
    }
    return { states: actual, detail: clockOf(outputs, "route") };
  },

  diff(actual, desired) {
    // A local route makes packets the host's own, whatever interface it names.
    const isAnyDevice = desired.device === undefined || (desired.type === "local" && comesWithAddress(actual));
    const fields = isAnyDevice ? (["type", "via"] as const) : (["type", "via", "device"] as const);
    return differingFields(actual, desired, fields);
  },
  // A route that leads where the original did may be ours, without its protocol, source address or MTU.
  diffFromOriginal(actual, original) {
    const fields = route.diff(actual, original);
    const isOurs = (actual.options ?? []).length === 0 && (original.options ?? []).length > 0;
    return fields.length === 0 && isOurs ? ["options"] : fields;
  },
  bare: nothingFound,
  commands: (changes) => oneByOne(changes, routeScript),
  comesBack: "routes",
  atBoot: (states) =>
    states.map((state) => {
      const change = { kind: route.kind, key: route.key(state), before: state, after: state };
      const added = routeScript({ ...change, before: undefined });
      const later = { when: isMissing(state), script: unlessThere(added, "exists"), ofNetwork: {} };
      return { what: route.describe(state), script: routeScript(change), later };
    }),

  problem(desired, { states }, owned) {
    const actual = states.get(route.key(desired));
    return owned || !actual || route.diff(actual, desired).length === 0 ? undefined : conflictingRoute(desired, actual);
  },

  // Routes that the kernel adds for an address come and go with it.
  list: {
    read: (context) => route.read(MAIN_TABLES, context),
    parse: (outputs, context) =>
      [...route.parse(outputs, MAIN_TABLES, context).states.values()].filter(
        ({ options = [] }) => !options.join(" ").includes("proto kernel"),
      ),
  },
  isSetting: true,
  isOfLab: (state) => protocolOf(state) === LAB_PROTOCOL,
  isImplied: comesWithAddress,
  isOver: ({ validUntil }, { detail }) => hasEnded(validUntil, detail),
  network: (entry) => ({ routes: [entry] }),
  whenChangedByOthers: "leave",
  describe: (state) =>
    `route ${routeArguments({ ...state, options: [] }, state.table)
      .map(quote)
      .join(" ")}`,
};

/** Who adds routes with this protocol; any other protocol is a routing daemon. Source: iproute2's rt_protos. */
const MAKERS: Readonly<Record<string, string>> = {
  kernel: "by the kernel",
  boot: "manually or by a script",
  static: "by the network configuration",
  dhcp: "by the DHCP client",
  ra: "by a router's advertisement",
  [LAB_PROTOCOL]: "by lvsctl lab up, or by somebody else with protocol 198",
};
const LASTING: ReadonlySet<string> = new Set(["boot", "static", "kernel", LAB_PROTOCOL]);

function protocolOf({ options = [] }: RouteState): string {
  return options.includes("proto") ? (options[options.indexOf("proto") + 1] ?? "") : "boot";
}

/** The conflict with somebody else's route to the same destination. */
function conflictingRoute(desired: RouteState, actual: RouteState): Problem {
  const protocol = protocolOf(actual);
  const maker = MAKERS[protocol] ?? `by the routing daemon ${protocol}`;
  const back = LASTING.has(protocol) ? "" : ` But it may be changed again ${maker} at any time.`;
  const ways = [
    ...adviseSame(actual),
    "change the route where it is configured",
    `or run with --adopt: ${route.describe(desired)} replaces it, and destroy restores it.${back}`,
  ];
  return {
    message: `The host already has another route to it, added ${maker}: ${route.describe(actual)}.`,
    hint: ways.join(", ").replace(/^./, (letter) => letter.toUpperCase()),
    adoptable: true,
  };
}

/** How the topology asks for this very route, if it can. */
function adviseSame({ via, device, type, options = [] }: RouteState): readonly string[] {
  if (type !== "unicast" || options.includes("nexthop")) return [];
  if (via !== undefined) return ["use that gateway in the topology"];
  return device === undefined ? [] : [`write \`device: ${device}\` for it in the topology`];
}

function stateFrom(written: State): RouteState {
  const via = typeof written["via"] === "string" ? canonicalAddress(written["via"]) : undefined;
  const text = String(written["to"]);
  const family = parseCidr(text)?.family ?? familyOf(via) ?? (written["family"] === 6 ? 6 : 4);
  const to = canonicalDestination(text, family);
  if (to === undefined) {
    throw new LvsctlError("LVS-FACT-003", `${JSON.stringify(text)} is no network that a route can lead to.`, {
      hint: "Write default, or a network such as 10.0.0.0/8.",
    });
  }
  const { device, metric } = written;
  return {
    family,
    to,
    type: String(written["type"] ?? "unicast"),
    table: String(written["table"] ?? "main"),
    ...(via === undefined ? {} : { via }),
    ...(typeof device === "string" ? { device } : {}),
    ...(typeof metric === "number" && metric !== (family === 6 ? 1024 : 0) ? { metric } : {}),
  };
}

function familyOf(address: string | undefined): Family | undefined {
  return address === undefined ? undefined : addressFamily(address);
}

function tablesOf(states: readonly RouteState[]): readonly Pick<RouteState, "family" | "table">[] {
  return [...new Map(states.map(({ family, table }) => [readName(family, table), { family, table }])).values()];
}

function readName(family: Family, table: string): string {
  return `route-${family}-${table}`;
}

/**
 * If no route has the kernel's default metric: the route that packets take today, provided it matches `desired`. Network
 * managers set metrics on their routes, and one of theirs is as good as ours.
 */
function effectiveRoute(found: readonly RouteState[], desired: RouteState): RouteState | undefined {
  if (desired.metric !== undefined) return undefined;
  const [best] = found
    .filter(({ to, family, table }) => to === desired.to && family === desired.family && table === desired.table)
    .sort((one, other) => (one.metric ?? 0) - (other.metric ?? 0));
  return best && route.diff(best, desired).length === 0 ? best : undefined;
}

/** Whether the kernel made a local route along with an address. */
function comesWithAddress({ type, options = [] }: RouteState): boolean {
  return type === "local" && options.join(" ").includes("proto kernel");
}

/**
 * Whether an event was about the route's interface, and nothing leads there. What does was perhaps put there on purpose; ours with
 * a metric of its own is one of several.
 */
function isMissing({ family, to, table, via, device, metric }: RouteState): ShellCommand {
  const isOther = metric === undefined ? sh`grep -q .` : sh`grep -qw ${`metric ${metric}`}`;
  const leavesBy = sh`ip -${family} route get ${via ?? ""} 2>/dev/null | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p'`;
  const own = device !== undefined ? sh`${device}` : via !== undefined ? sh`"$(${raw(leavesBy)})"` : sh`''`;
  return sh`concerns ${raw(own)} && ! ip -${family} route show table ${table} to exact ${to} 2>/dev/null | ${raw(isOther)}`;
}
