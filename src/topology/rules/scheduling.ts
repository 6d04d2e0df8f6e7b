/** Which scheduler settings go together, and which do not. */
import { andList } from "../../errors/and-list.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import type { Draft } from "../draft.ts";
import type { Service } from "../generated/topology-file.ts";
import { orUse } from "../other-modes.ts";
import { testFrom } from "../service-test.ts";
import { realServersOf } from "../services.ts";

/**
 * LVS-CONFIG-041 for one-packet scheduling that is not possible (tried with Linux 6.12: with nat no reply was translated, nor
 * with the engine sip, for which the kernel has code that would), LVS-CONFIG-049 where it has no effect, LVS-CONFIG-042 for port
 * 0 without persistence, LVS-CONFIG-044 for flags of another scheduler, LVS-CONFIG-045 for thresholds the wrong way round. A
 * service by mark takes it for UDP packets alone: ip_vs_schedule in the kernel's ip_vs_core.c.
 */
export function* scheduling(draft: Draft): Iterable<LvsctlError> {
  for (const [name, file] of draft.serviceFiles) {
    const path = ["services", name];
    const rewriting = draft.modesOf(name).find((mode) => mode.rewrites("destination") === true);
    const { scheduler = "wlc", schedulerFlags = [], protocol = "tcp" } = file;
    if (file.onePacket === true && isNeverUdp(file)) {
      const used = [...new Set(file.match?.map((one) => (one.protocol ?? "tcp").toUpperCase()))];
      const message = `\`onePacket\` does nothing: the kernel schedules single packets for UDP alone, and this service is for ${andList(used)}.`;
      yield draft.problem("LVS-CONFIG-049", [...path, "onePacket"], { message, hint: "Delete `onePacket`." }, "key");
    } else if (file.onePacket === true && file.fwmark === undefined && protocol !== "udp") {
      const message = `One-packet scheduling is for UDP: a ${protocol.toUpperCase()} connection of which each packet went to another real server would never be made.`;
      const isUdpPossible =
        rewriting === undefined &&
        file.synproxy === undefined &&
        UDP_TESTS.includes(testFrom(file.verify).type ?? "udp");
      const hint = `Delete \`onePacket\`${isUdpPossible ? ", or set `protocol: udp`" : ""}.`;
      yield draft.problem("LVS-CONFIG-041", [...path, "onePacket"], { message, hint }, "key");
    } else if (file.onePacket === true && rewriting !== undefined && testFrom(file.verify).type !== "none") {
      const isPartlyUdp = file.match?.some((one) => one.protocol !== "udp") === true;
      const message = `In mode ${rewriting.name} replies are translated by the connection's entry, and one-packet scheduling keeps none: every reply${isPartlyUdp ? " to UDP" : ""} would be lost.`;
      const way = routesToDirector(draft, name)
        ? ""
        : orUse(draft, ({ rewrites }) => rewrites !== undefined && rewrites.destination === undefined);
      const hint = `Delete \`onePacket\`${way}. Or, if clients await no replies, as with syslog, say so by \`verify: none\`.`;
      yield draft.problem("LVS-CONFIG-041", [...path, "onePacket"], { message, hint }, "key");
    }
    if (file.port === 0 && file.persistence === undefined) {
      const message =
        "Port 0 means every port, which IPVS allows only with persistence: otherwise one client's connections would be spread over real servers that do not know of each other.";
      const hint = "Add `persistence: { timeout: 300 }`, or name the port.";
      yield draft.problem("LVS-CONFIG-042", [...path, "port"], { message, hint });
    }
    for (const [index, flag] of schedulerFlags.entries()) {
      if (flag.startsWith(`${scheduler}-`)) continue;
      const message = `The flag ${flag} is for the scheduler ${flag.split("-")[0]}, and this service's is ${scheduler}${file.scheduler === undefined ? " (the default)" : ""}; the kernel would ignore it.`;
      const hint = adviseFlags(scheduler, schedulerFlags);
      yield draft.problem("LVS-CONFIG-044", [...path, "schedulerFlags", index], { message, hint });
    }
    for (const { settings, path: entry } of realServersOf(file, [])) {
      const { upperThreshold = 0, lowerThreshold = 0 } = settings;
      if (lowerThreshold === 0 || lowerThreshold < upperThreshold) continue;
      const message =
        upperThreshold === 0
          ? "A lower threshold says when a real server that was full gets connections again, and without an upper one it is never full."
          : `The lower threshold (${lowerThreshold}) has to be below the upper one (${upperThreshold}); else the real server would be full and not full at once.`;
      const hint =
        upperThreshold === 0
          ? `Add \`upperThreshold: N\`, more than \`lowerThreshold\`, or delete \`lowerThreshold\`.`
          : "Set `lowerThreshold` below `upperThreshold`, or delete it.";
      yield draft.problem("LVS-CONFIG-045", [...path, ...entry, "lowerThreshold"], { message, hint });
    }
  }
}

/** Tests that need no connection. */
const UDP_TESTS: readonly string[] = ["udp", "dns", "sip", "none"];

/** Whether a director is the router of a real server, so that the replies of another mode would pass it. */
function routesToDirector(draft: Draft, service: string): boolean {
  const servers = draft.services.filter(({ name }) => name === service).flatMap(({ realServers }) => realServers);
  const routers = servers.flatMap(({ host }) => draft.hosts.get(host)?.gateways ?? []);
  const owners = routers.map(({ via }) => draft.ownerOf(via)?.host);
  return draft.withRole("director").some(({ name }) => owners.includes(name));
}

/** What to write in place of flags of which one is not for this scheduler. Only these two have flags. */
function adviseFlags(scheduler: string, flags: readonly string[]): string {
  if (scheduler === "sh" || scheduler === "mh") {
    const own = new Set(flags.map((flag) => flag.replace(/^[^-]*/, scheduler)));
    return `Write \`schedulerFlags: [${[...own].join(", ")}]\`.`;
  }
  const [theirs, another] = new Set(flags.map((flag) => flag.split("-")[0]));
  return `Delete \`schedulerFlags\`${another === undefined ? `, or set \`scheduler: ${theirs}\`` : ""}.`;
}

/** Whether all packets that a mark is for are of other protocols. */
function isNeverUdp({ fwmark, match = [] }: Service): boolean {
  return fwmark !== undefined && match.length > 0 && match.every(({ protocol }) => protocol !== "udp");
}
