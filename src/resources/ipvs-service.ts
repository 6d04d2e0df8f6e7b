/** Virtual services in a director's IPVS table. */

import {
  type Destination,
  realServerArguments,
  type ServiceId,
  type ServiceSettings,
  serviceArguments,
  serviceKey,
  settingsArguments,
} from "../lvs/ipvsadm.ts";
import type { RunningProgram } from "../probes/login.ts";
import { command } from "../shell/quote.ts";
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
import { ipvsDestination } from "./ipvs-destination.ts";
import { installHint } from "./packages.ts";
import type { Danger, Passage } from "./passage.ts";
import {
  type Change,
  type ForeignPart,
  identity,
  type JudgedChange,
  type ResourceKind,
  type State,
  showsAll,
} from "./resource.ts";

/** A virtual service without its real servers, which are resources of their own. */
export type IpvsServiceState = State & ServiceSettings & { readonly service: ServiceId };

/** Virtual services in the kernel's IPVS table. Source: ipvsadm(8). */
export const ipvsService: ResourceKind<IpvsServiceState, IpvsTable> = {
  kind: "ipvs-service",
  schema: {
    type: "object",
    required: ["scheduler"],
    additionalProperties: false,
    properties: {
      ...serviceProperties,
      scheduler: {
        type: "string",
        pattern: "^[a-z][a-z0-9_]{0,14}$",
        description: "The scheduler, as ipvsadm -s has it: rr, wrr, lc, wlc, sh, mh, …",
      },
      schedulerFlags: {
        type: ["array", "null"],
        items: { type: "string", pattern: "^[a-z0-9-]{1,32}$" },
        description: "The scheduler's flags, as ipvsadm -b has them: sh-port, mh-fallback. Default: none.",
      },
      persistence: {
        type: ["object", "null"],
        required: ["timeout"],
        additionalProperties: false,
        properties: {
          timeout: {
            type: "integer",
            minimum: 1,
            maximum: 2678400,
            description: "Seconds until a client is forgotten.",
          },
          netmask: {
            type: ["string", "integer", "null"],
            description:
              "Which clients count as one: a netmask such as 255.255.255.0 for IPv4, a prefix length for IPv6. " +
              "Default: each client by itself.",
          },
          engine: {
            enum: ["sip", null],
            description:
              "The persistence engine, as ipvsadm --pe has it: sip goes by the Call-ID as well. Default: none.",
          },
        },
        description: "Whether a client comes back to the same real server, and how long. Default: not.",
      },
      onePacket: {
        type: ["boolean", "null"],
        description: "Whether each UDP packet is scheduled by itself. Default: false.",
      },
    },
  },

  resolve: (written) => [
    {
      service: serviceIdFrom(written),
      scheduler: String(written["scheduler"]),
      schedulerFlags: [...((written["schedulerFlags"] ?? []) as readonly string[])].sort(),
      ...persistenceFrom(written["persistence"]),
      onePacket: written["onePacket"] === true,
    },
  ],
  key: ({ service }) => serviceKey(service),
  fields: {
    service: SERVICE_FIELDS,
    ...{ scheduler: true, schedulerFlags: true, persistenceEngine: true, onePacket: true },
    persistence: { timeout: true, netmask: true },
  },

  read: () => readTable,
  parse(outputs, _states, { host }) {
    const table = parseTable(outputs, host);
    const states = table.services.map(
      ({ service, settings }) => [serviceKey(service), { service, ...settings }] as const,
    );
    return { states: new Map(states), detail: table };
  },

  diff: (actual, desired) =>
    differingFields(actual, desired, ["scheduler", "schedulerFlags", "persistence", "persistenceEngine", "onePacket"]),
  bare: bareTable,
  commands: (changes) => ipvsadmSteps(changes, line),
  comesBack: "virtual services",
  atBoot: (states) =>
    states.map((state) => ({
      what: ipvsService.describe(state),
      script: addOrEdit(state, line),
      later: addIfMissing(state, line),
    })),

  problem(desired, { states, detail }, owned) {
    if (!detail.hasProgram) {
      return { message: "There is no ipvsadm.", hint: installHint("ipvsadm") };
    }
    const actual = states.get(serviceKey(desired.service));
    if (owned || !actual || ipvsService.diff(actual, desired).length === 0) return undefined;
    const theirs = `ipvsadm -D ${serviceArguments(desired.service).join(" ")}`;
    return {
      message: `The service ${serviceKey(desired.service)} exists with other settings (${settings(actual)}), and lvsctl did not make it.`,
      hint: `Find out whose it is (keepalived, ldirectord, kube-proxy?) and remove it: ${theirs}. Or let lvsctl take it over with --adopt.`,
      adoptable: true,
    };
  },

  foreignParts: (states, { detail }, ours) =>
    detail.services
      .filter(({ service }) => states.some((state) => serviceKey(state.service) === serviceKey(service)))
      .flatMap(({ service, destinations }) => destinations.map((destination) => foreignServer(service, destination)))
      .filter((part) => !ours.has(identity(part))),

  network: ({ service }) => ("fwmark" in service ? { marks: [service.fwmark] } : {}),
  dangers: sessionDangers,
  rivals: { programs: ["keepalived", "ldirectord", "kube-proxy"], conflict: sharedTable },
  exclusive: true,
  list: showsAll(() => ipvsService),
  whenChangedByOthers: "restore",
  describe: (state) => `IPVS service ${serviceKey(state.service)} (${settings(state)})`,
};

function line({ before, after }: Pick<Change<IpvsServiceState>, "before" | "after">): readonly string[] {
  if (after) return [before ? "-E" : "-A", ...serviceArguments(after.service), ...settingsArguments(after)];
  return before ? ["-D", ...serviceArguments(before.service)] : [];
}

/** Existing connections survive, but a new login would go to a real server. */
function sessionDangers(
  { role, session, own }: Passage,
  changes: readonly JudgedChange<IpvsServiceState>[],
): readonly Danger[] {
  return changes.flatMap((change) => {
    const { service } = change.after ?? {};
    if (role !== "end" || change.before || !service || "fwmark" in service) return [];
    const isTaken = service.port === 0 || service.port === session.port;
    if (service.protocol !== "tcp" || service.address !== own || !isTaken) return [];
    return [{ change, would: `give every new login to the real servers of ${serviceKey(service)}` }];
  });
}

/** The conflict with other programs that fill the same table. */
function sharedTable(running: readonly RunningProgram[], [first, ...more]: readonly string[]) {
  const names = running.map(({ name, process }) => `${name} (process ${process})`).join(" and ");
  const [name] = running.map((one) => one.name);
  return {
    description: "IPVS table",
    message:
      `${names} runs here, and the table holds ${first}${more.length === 0 ? "" : ` and ${more.length} more`}, which ` +
      "lvsctl did not make. Two programs that fill one table undo each other's work.",
    hint:
      `Let one of them have the director: stop ${name} and see that it does not start again (systemctl disable --now ` +
      `${name}), or take the services out of its configuration; or choose another director.`,
  };
}

function foreignServer(service: ServiceId, destination: Destination): ForeignPart {
  const state = { service, ...destination, upperThreshold: 0, lowerThreshold: 0 };
  return {
    kind: ipvsDestination.kind,
    key: ipvsDestination.key(state),
    description: ipvsDestination.describe(state),
    remedy: command("ipvsadm", "-d", ...serviceArguments(service), ...realServerArguments(destination)),
  };
}

function persistenceFrom(written: unknown): Pick<ServiceSettings, "persistence" | "persistenceEngine"> {
  if (typeof written !== "object" || written === null) return {};
  const { timeout, netmask, engine } = written as State;
  const isWhole = netmask === null || netmask === undefined || ["255.255.255.255", "128"].includes(String(netmask));
  return {
    persistence: { timeout: Number(timeout), ...(isWhole ? {} : { netmask: String(netmask) }) },
    ...(typeof engine === "string" ? { persistenceEngine: engine } : {}),
  };
}

/** `rr`, `sh, sh-port, persistent 360 s`. */
function settings(state: ServiceSettings): string {
  const { scheduler, schedulerFlags, persistence, persistenceEngine, onePacket } = state;
  return [
    scheduler,
    ...schedulerFlags,
    ...(persistence ? [`persistent ${persistence.timeout} s`] : []),
    ...(persistence?.netmask === undefined ? [] : [`mask ${persistence.netmask}`]),
    ...(persistenceEngine === undefined ? [] : [`engine ${persistenceEngine}`]),
    ...(onePacket ? ["one packet"] : []),
  ].join(", ");
}
