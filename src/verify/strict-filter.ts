/** Hosts whose rp_filter dropped packets while requests were sent, as a likely cause of those that were not answered. */
import { count } from "../errors/count.ts";
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";
import type { Host, Service, Topology } from "../topology/topology.ts";
import type { Transport } from "../transport/transport.ts";
import type { Traffic } from "./traffic.ts";
import type { Cause } from "./verification.ts";

/** What one host says. */
interface Reading {
  /** How many packets its reverse-path filter has dropped since it started. */
  readonly dropped: number;
  /** The interfaces on which it is strict (1), and on which it is loose (2). */
  readonly strict: readonly string[];
  readonly loose: readonly string[];
}

/** By host, without those that do not filter or could not be read. */
export type FilterReadings = ReadonlyMap<string, Reading>;

const COUNTERS = "/proc/net/netstat";
const FOLDER = "/proc/sys/net/ipv4/conf";

/** Reads the counters and settings of these hosts, with one exec each. */
export async function readFilters(
  transports: readonly Transport[],
  { hosts }: Pick<Topology, "hosts">,
): Promise<FilterReadings> {
  const found = await Promise.all(
    transports.map(async (transport) => {
      const host = hosts.find(({ name }) => name === transport.host);
      const outputs = host === undefined ? new Map() : await transport.read(commandsFor(host));
      return [transport.host, parseFilter(outputs)] as const;
    }),
  );
  return new Map(found.filter(([, { strict, loose }]) => strict.length + loose.length > 0));
}

/** Tunnels' own devices are asked too: packets leave them with the client's address, and replies never go back by them. */
function commandsFor({ interfaces }: Host): readonly ReadCommand[] {
  const names = ["all", ...interfaces.map(({ name }) => name), "tunl0", "gre0", "ip6tnl0", "ip6gre0"];
  return [
    { name: "netstat", argv: ["grep", "-s", "^TcpExt:", COUNTERS] },
    { name: "rp_filter", argv: ["grep", "-s", "-H", "", ...names.map((name) => `${FOLDER}/${name}/rp_filter`)] },
  ];
}

/**
 * The larger value of `all` and of the interface counts; 1 is strict. Source: the kernel's ip-sysctl.rst and
 * include/net/snmp.h (LINUX_MIB_IPRPFILTER).
 */
export function parseFilter(outputs: ReadOutputs): Reading {
  const [names = "", values = ""] = (outputs.get("netstat")?.stdout ?? "").trim().split("\n");
  const at = names.split(/\s+/).indexOf("IPReversePathFilter");
  const lines = (outputs.get("rp_filter")?.stdout ?? "").matchAll(/^.*\/conf\/([^/]+)\/rp_filter:(\d)$/gm);
  const settings = new Map([...lines].map(([, name = "", value]) => [name, Number(value)]));
  const all = settings.get("all") ?? 0;
  const interfaces = [...settings].filter(([name]) => name !== "all");
  return {
    dropped: at < 0 ? 0 : Number(values.split(/\s+/)[at] ?? 0),
    strict: interfaces.filter(([, value]) => Math.max(all, value) === 1).map(([name]) => name),
    loose: interfaces.filter(([, value]) => Math.max(all, value) === 2).map(([name]) => name),
  };
}

/** Whether requests are missing an answer, or did not pass a director. */
export function isUnanswered({ answers }: Traffic): boolean {
  return answers.some(({ isOwed, answered, requests }) => isOwed && answered < requests);
}

/** The hosts on a service's path whose filter dropped packets meanwhile, if requests to it were not answered. */
export function strictFilterCauses(
  { hosts, services }: Pick<Topology, "hosts" | "services">,
  traffic: readonly Traffic[],
  before: FilterReadings,
  after: FilterReadings,
): readonly Cause[] {
  const silent = new Set(traffic.filter(isUnanswered).map(({ service }) => service));
  const failed = services.filter(({ name }) => silent.has(name));
  return hosts.flatMap((host): readonly Cause[] => {
    const [was, is] = [before.get(host.name), after.get(host.name)];
    if (was === undefined || is === undefined || is.dropped <= was.dropped) return [];
    return failed.some((service) => isOnPath(host, service)) ? [causeOf(host.name, is, is.dropped - was.dropped)] : [];
  });
}

/** Firewalls count as being on every path: they stand between clients and directors. */
function isOnPath({ name, roles }: Host, { directors, realServers }: Service): boolean {
  return roles.includes("firewall") || [...directors, ...realServers].some(({ host }) => host === name);
}

function causeOf(host: string, { strict, loose }: Reading, dropped: number): Cause {
  const packets = `${count(dropped, "packet")} ${dropped === 1 ? "was" : "were"}`;
  const names = strict.length > 0 ? strict : loose;
  const settings = (value: number) =>
    names.map((name) => `net.ipv4.conf.${name.replaceAll(".", "/")}.rp_filter: ${value}`).join(", ");
  if (strict.length > 0) {
    return {
      host,
      message: `${packets} dropped by strict rp_filter (1 on ${strict.join(", ")}) during the requests`,
      why: `It lets packets in only by the interface that leads back to their source. Make it loose with sysctls: { ${settings(2)} } in the topology, or let replies leave by the interface where requests come in.`,
    };
  }
  return {
    host,
    message: `${packets} dropped by rp_filter (2 on ${loose.join(", ")}) during the requests`,
    why: `It lets packets in only if the host has a route to their source. Give the host a gateway or a route to its clients, or turn it off with sysctls: { net.ipv4.conf.all.rp_filter: 0, ${settings(0)} } in the topology.`,
  };
}
