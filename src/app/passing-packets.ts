/** The packets of a topology's services that hosts send, or forward as they are: what their packet filters have to let pass. */
import { judgeClients } from "../compile/clients.ts";
import type { PassingPacket } from "../compile/desired-state.ts";
import { OUTSIDE } from "../compile/packet-way.ts";
import { passingOn } from "../compile/passing.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { metDirector } from "../network/met-director.ts";
import type { Network } from "../network/network.ts";
import { asAskedBy } from "../network/origin.ts";
import type { Client, PlaybookSet } from "../playbook/playbook.ts";
import type { Director, Host, RealServer, Service, Topology } from "../topology/topology.ts";
import { waysOf } from "./service-way.ts";

interface Subject {
  readonly topology: Topology;
  readonly service: Service;
  readonly playbooks: PlaybookSet;
  readonly network: Network;
}

type Passed = ReturnType<typeof passingOn>;

/**
 * By host that lvsctl logs in to. For each director, from the first client that meets it to all real servers, and from the
 * others to one. Modes whose playbooks tell of no path are left out, and paths that cannot be told: `validate` says why.
 */
export function passingPackets(
  topology: Topology,
  playbooks: PlaybookSet,
  network: Network,
): ReadonlyMap<string, readonly PassingPacket[]> {
  const found = new Map<string, Map<string, PassingPacket>>();
  for (const service of topology.services) {
    const { path = [] } = playbooks.modes.get(service.mode) ?? {};
    for (const [host, passing] of path.length === 0 ? [] : passingOf({ topology, service, playbooks, network })) {
      const own = found.get(host) ?? new Map<string, PassingPacket>();
      found.set(host, own.set(JSON.stringify(passing), passing));
    }
  }
  const managed = topology.hosts.filter(({ name, managed }) => managed && found.has(name));
  return new Map(managed.map(({ name }) => [name, [...(found.get(name)?.values() ?? [])]]));
}

function passingOf({ topology, service, playbooks, network }: Subject): Passed {
  const reaching = judgeClients(topology, service, playbooks, network).filter(({ reason }) => reason === undefined);
  const clients: readonly Pick<Client, "host" | "address">[] = reaching.length > 0 ? reaching : [OUTSIDE];
  const places = inPlaces(service, topology.hosts);
  const passed = (client: (typeof clients)[number], director: Director, server: RealServer): Passed => {
    const asked = asAskedBy(network, client.host, service);
    try {
      const way = waysOf({ topology, service: asked, playbooks, network })(client, director, server);
      return way === undefined ? [] : passingOn(way, asked);
    } catch (error) {
      if (error instanceof LvsctlError) return [];
      throw error;
    }
  };
  return service.directors.flatMap((director) => {
    const isMet = ({ host }: { readonly host: string }) =>
      (metDirector(network, service, host) ?? director).host === director.host;
    const [main, ...others] = clients.filter(isMet);
    const ofMain = places.flatMap(([first, ...alike]) => {
      const found = main === undefined ? [] : passed(main, director, first);
      return [...found, ...alike.flatMap((other) => found.map((one) => asFor(one, first, other)))];
    });
    const [nearest] = places[0] ?? [];
    const ofOthers = others.flatMap((client) => (nearest === undefined ? [] : passed(client, director, nearest)));
    return [...ofMain, ...ofOthers];
  });
}

/** There can be hundreds of real servers in one place: what is found for one holds for the others, by other names. */
function asFor([host, { packet, service }]: Passed[number], one: RealServer, other: RealServer): Passed[number] {
  const { source, destination } = packet;
  const own = {
    ...packet,
    ...(source === one.address ? { source: other.address } : {}),
    ...(destination === one.address ? { destination: other.address } : {}),
  };
  return [host === one.host ? other.host : host, { packet: own, service }];
}

/** Real servers that packets reach and leave alike. One with another role is alone in its place. */
function inPlaces(
  { realServers }: Service,
  hosts: readonly Host[],
): readonly (readonly [RealServer, ...RealServer[]])[] {
  const byName = new Map(hosts.map((host) => [host.name, host]));
  const places = new Map<string, [RealServer, ...RealServer[]]>();
  for (const server of realServers) {
    const { host, device, port, family } = server;
    const { roles = [], interfaces = [], gateways = [], routes = [] } = byName.get(host) ?? {};
    const segments = interfaces.map(({ name, segment }) => [name, segment]);
    const alone = roles.length === 1 ? "" : host;
    const place = JSON.stringify([alone, device, port, family, segments, gateways, routes]);
    const known = places.get(place);
    if (known) known.push(server);
    else places.set(place, [server]);
  }
  return [...places.values()];
}
