/** Real servers in a director's IPVS table. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import {
  type Destination,
  destinationArguments,
  destinationKey,
  type ForwardingMethod,
  realServerArguments,
  type ServiceId,
  serviceArguments,
  type Tunnel,
} from "../lvs/ipvsadm.ts";
import { canonicalAddress } from "../net/address.ts";
import { differingFields } from "./fields.ts";
import {
  addIfMissing,
  addOrEdit,
  bareTable,
  type IpvsTable,
  ipvsadmSteps,
  parseTable,
  readTable,
  SERVICE_FIELDS,
  serviceIdFrom,
  serviceProperties,
} from "./ipvs.ts";
import { type Change, type ResourceKind, type State, showsAll } from "./resource.ts";

/** A real server of a virtual service, with its connection thresholds. */
export interface IpvsDestinationState extends State, Destination {
  readonly service: ServiceId;
  /** Active plus inactive connections; 0: no threshold. */
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  /** Why its weight is 0 despite the topology. Stored only in the ledger; the kernel does not know about it. */
  readonly drained?: Drained;
}

/** Who took a real server out of service, and when. It stays out until it is undrained. */
export interface Drained {
  /** The real server's host name. */
  readonly server: string;
  /** ISO 8601, by the clock of the machine that lvsctl ran on. */
  readonly since: string;
  /** `ann@laptop` */
  readonly by: string;
  /** Drained in all services of the real server, or only in this one. */
  readonly scope: "server" | "service";
}

/** Reads from a ledger's state whether a real server is drained, by whom and since when. */
export function drainedFrom({ drained }: State): Drained | undefined {
  if (typeof drained !== "object" || drained === null) return undefined;
  const { server, since, by, scope } = drained as State;
  if (!isOneLine(server) || !isOneLine(since) || !isOneLine(by)) return undefined;
  return { server, since, by, scope: scope === "server" ? "server" : "service" };
}

/** Text that is safe to print as it is. */
function isOneLine(value: unknown): value is string {
  return typeof value === "string" && /^[^\p{Cc}\p{Cf}]{1,255}$/u.test(value);
}

const threshold = { type: ["integer", "null"], minimum: 0, maximum: 65535 };

/** What each method changes in a request. */
const REWRITES: ReadonlyMap<unknown, readonly ("destination" | "outer")[]> = new Map<
  ForwardingMethod,
  [] | ["outer"] | ["destination"]
>([
  ["dr", []],
  ["tun", ["outer"]],
  ["nat", ["destination"]],
]);

/** Real servers in the kernel's IPVS table. Source: ipvsadm(8). */
export const ipvsDestination: ResourceKind<IpvsDestinationState, IpvsTable> = {
  kind: "ipvs-destination",
  schema: {
    type: "object",
    required: ["service", "address", "method"],
    additionalProperties: false,
    properties: {
      service: {
        type: "object",
        additionalProperties: false,
        properties: serviceProperties,
        description: "The virtual service that the real server belongs to.",
      },
      address: { type: "string", description: "The real server's address (RIP)." },
      port: {
        type: ["integer", "null"],
        minimum: 0,
        maximum: 65535,
        description: "The real server's port. Default: the service's. Only NAT can use another one.",
      },
      method: { enum: ["dr", "tun", "nat"], description: "How packets reach the real server." },
      weight: {
        type: ["integer", "null"],
        minimum: 0,
        maximum: 2147483647,
        description: "The weight; 0 receives no new connections. Default: 1.",
      },
      upperThreshold: {
        ...threshold,
        description: "From this many connections on it gets no new ones. Default: 0, no limit.",
      },
      lowerThreshold: { ...threshold, description: "Below this many it gets new ones again. Default: 0." },
      tunnel: {
        type: ["object", "null"],
        required: ["type"],
        additionalProperties: false,
        properties: {
          type: { enum: ["ipip", "gue", "gre"], description: "The encapsulation." },
          port: { type: ["integer", "null"], minimum: 1, maximum: 65535, description: "The UDP port; GUE only." },
          checksum: {
            enum: ["none", "checksum", "remote", null],
            description: "GUE and GRE: the checksum. Default: none.",
          },
        },
        description: "How method tun wraps packets. Default: ipip.",
      },
    },
  },

  resolve(written) {
    const service = serviceIdFrom(written["service"] as State);
    const method = written["method"] as ForwardingMethod;
    return [
      {
        service,
        address: canonicalAddress(String(written["address"])),
        port: portFrom(service, method, written["port"]),
        method,
        weight: Number(written["weight"] ?? 1),
        upperThreshold: Number(written["upperThreshold"] ?? 0),
        lowerThreshold: Number(written["lowerThreshold"] ?? 0),
        ...(method === "tun" ? tunnelFrom(written["tunnel"]) : {}),
      },
    ];
  },
  rewrites: ({ method }) => REWRITES.get(method),
  key: (state) => destinationKey(state.service, state),
  fields: {
    service: SERVICE_FIELDS,
    ...{ address: true, port: true, method: true, weight: true, upperThreshold: true, lowerThreshold: true },
    tunnel: { type: true, port: true, checksum: true },
    drained: { server: true, since: true, by: true, scope: true },
  },

  read: () => readTable,
  parse(outputs, _states, { host }) {
    const table = parseTable(outputs, host);
    const states = table.services.flatMap(({ service, destinations }) =>
      destinations.map((destination) => {
        const key = destinationKey(service, destination);
        const [upperThreshold, lowerThreshold] = table.thresholds.get(key) ?? [0, 0];
        return [key, { service, ...destination, upperThreshold, lowerThreshold }] as const;
      }),
    );
    return { states: new Map(states), detail: table };
  },

  diff: (actual, desired) =>
    differingFields(actual, desired, ["method", "weight", "upperThreshold", "lowerThreshold", "tunnel"]),
  bare: bareTable,
  commands: (changes) => ipvsadmSteps(changes, line),
  comesBack: "real servers",
  atBoot: (states) =>
    states.map((state) => ({
      what: ipvsDestination.describe(state),
      script: addOrEdit(state, line),
      later: addIfMissing(state, line),
    })),

  problem(desired, { states }, owned) {
    const key = ipvsDestination.key(desired);
    const actual = states.get(key);
    const differing = actual ? ipvsDestination.diff(actual, desired) : [];
    if (owned || differing.length === 0) return undefined;
    return {
      message: `The real server ${key} exists with other settings (${differing.join(", ")}), and lvsctl did not make it.`,
      hint: "Remove it (ipvsadm -d), or let lvsctl take it over with --adopt.",
      adoptable: true,
    };
  },

  list: showsAll(() => ipvsDestination),
  whenChangedByOthers: "restore",
  describe: (state) => `real server ${ipvsDestination.key(state)} (${state.method}, weight ${state.weight})`,
};

function line({ before, after }: Pick<Change<IpvsDestinationState>, "before" | "after">): readonly string[] {
  if (!after) return before ? ["-d", ...serviceArguments(before.service), ...realServerArguments(before)] : [];
  return [
    before ? "-e" : "-a",
    ...serviceArguments(after.service),
    ...destinationArguments(after),
    ...(after.upperThreshold > 0 ? ["-x", String(after.upperThreshold)] : []),
    ...(after.lowerThreshold > 0 ? ["-y", String(after.lowerThreshold)] : []),
  ];
}

/** DR and tunnels do not rewrite ports: the kernel uses the service's port no matter what is asked for. */
function portFrom(service: ServiceId, method: ForwardingMethod, written: unknown): number {
  const own = "fwmark" in service ? 0 : service.port;
  const port = typeof written === "number" ? written : own;
  if (method === "nat" || port === own) return port;
  if ("fwmark" in service) return own;
  throw new LvsctlError(
    "LVS-FACT-003",
    `A real server cannot have port ${port} for a service on port ${own} with ${method}.`,
    {
      hint: "Let the real server listen on the service's port, or use NAT.",
    },
  );
}

function tunnelFrom(written: unknown): Pick<Destination, "tunnel"> {
  const { type = "ipip", port, checksum } = (written ?? {}) as Partial<Record<keyof Tunnel, unknown>>;
  if (type !== "gue" && type !== "gre") return {};
  const kind = checksum === "checksum" || checksum === "remote" ? checksum : "none";
  return { tunnel: { type, ...(typeof port === "number" ? { port } : {}), checksum: kind } };
}
