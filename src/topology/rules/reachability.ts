/** Whether clients can reach virtual addresses, and directors can reach real servers. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { type Cidr, parseCidr } from "../../net/address.ts";
import type { Draft } from "../draft.ts";
import { publishedAddress } from "../published-address.ts";
import type { Way } from "../routing.ts";
import type { Service } from "../topology.ts";

/** LVS-CONFIG-047 for an unreachable virtual address, LVS-CONFIG-057 for a real server that the director cannot reach. */
export function* reachability(draft: Draft): Iterable<LvsctlError> {
  for (const service of draft.services) {
    yield* fromFirewall(draft, service);
    // If both have to be on one segment, LVS-CONFIG-035 reports what is wrong.
    if (draft.modeOf(service.name).traits.reach !== "segment") yield* toRealServers(draft, service);
  }
  for (const client of draft.someClients) yield* fromClient(draft, client.name);
}

function* fromFirewall(draft: Draft, service: Service): Iterable<LvsctlError> {
  const { name, publish } = service;
  const vip = parseCidr(service.vip?.address ?? "");
  if (publish === undefined || vip === undefined || service.directors.length === 0) return;
  if (publishedAddress(draft, service) === undefined) return;
  const way = draft.routing.way(publish.on, vip);
  const trouble = describeTrouble(draft, way, vip, service);
  if (trouble === undefined) return;
  const message = `"${publish.on}" passes requests on to ${vip.address}, and they do not arrive: ${trouble}.`;
  yield draft.problem("LVS-CONFIG-047", ["services", name, "publish", "on"], { message, hint: adviseRoute(service) });
}

/** A client is there for testing, so it has to reach something, but not everything. */
function* fromClient(draft: Draft, client: string): Iterable<LvsctlError> {
  const troubles: [string, string][] = [];
  for (const service of draft.services) {
    const target = parseCidr(service.publish?.address ?? service.vip?.address ?? "");
    if (target === undefined || service.directors.length === 0) return;
    if (service.publish !== undefined && publishedAddress(draft, service) === undefined) return;
    const trouble = describeTrouble(draft, draft.routing.way(client, target), target, service);
    if (trouble === undefined) return;
    troubles.push([`${service.name} (${target.address})`, trouble]);
  }
  const [first] = troubles;
  if (first === undefined) return;
  const message = `The client "${client}" can reach no service. To ${first[0]}: ${first[1]}.`;
  const hint = `Add a \`gateway\`, or a route to the address under \`routes\`, to the hosts on the way.`;
  yield draft.problem("LVS-CONFIG-047", ["hosts", client], { message, hint }, "key");
}

/** Why a route does not lead to the host that answers for a service's address: a director, or the publishing firewall. */
function describeTrouble(draft: Draft, way: Way, target: Cidr, service: Service): string | undefined {
  const goal = draft.ownerOf(target.address)?.host;
  const goals = goal === undefined ? service.directors.map(({ host }) => host) : [goal];
  if (goals.some((host) => way.hosts.includes(host)) || way.end === "unknown") return undefined;
  const last = way.hosts.at(-1) ?? "";
  if (way.end === "lost") return `"${last}" has no route to ${target.address}`;
  if (way.end === "loop") return `the routes of ${way.hosts.map((host) => `"${host}"`).join(", ")} go round in circles`;
  const isThere = goals.some((host) => draft.addresses.get(host)?.some(({ segment }) => segment === way.segment));
  if (isThere) return undefined;
  return `"${last}" looks for ${target.address} by ARP on the segment ${way.segment}, where ${goals.map((host) => `"${host}"`).join(" and ")} ${goals.length > 1 ? "are" : "is"} not`;
}

function adviseRoute({ vip, directors }: Service): string {
  const [director] = directors;
  return `Choose a virtual address in a subnet on the director's segment, or add a route on the way: \`{ to: ${vip?.address}, via: ${director?.address} }\`.`;
}

function* toRealServers(draft: Draft, service: Service): Iterable<LvsctlError> {
  for (const { host, address } of service.directors) {
    for (const realServer of service.realServers) {
      const target = parseCidr(realServer.address);
      if (target === undefined || draft.routing.way(host, target).end !== "lost") continue;
      const message = `The director "${host}" (${address}) has no route to the real server "${realServer.host}" (${realServer.address}).`;
      const hint = `Give "${host}" a gateway, a route, or an interface on that subnet.`;
      yield draft.problem("LVS-CONFIG-057", ["hosts", host, "gateway"], { message, hint }, "key");
    }
  }
}
