/** What a change of the topology file means for the traffic of its services. Pure. */
import type { Host, RealServer, Service, Topology } from "../topology/topology.ts";

/**
 * What happens to connections. `lost`: open ones may be lost. `ends`: the service goes, after its real servers were drained. `drained`:
 * those of one real server may end before it goes. `quiet`: a real server gets no new ones. `weight`: a real server gets more or
 * fewer. `gained`: a real server is new. `begins`: the service is new. `kept`: something else changes, and open ones go on.
 */
export type EffectOnTraffic = "lost" | "ends" | "drained" | "quiet" | "weight" | "gained" | "begins" | "kept";

/** One effect on one service. */
export interface TrafficEffect {
  readonly service: string;
  readonly effect: EffectOnTraffic;
  /** A real server's host; absent where it is about the whole service. */
  readonly server?: string;
  /** What changes, as the end of a sentence about the service: `its mode changes from dr to nat`. */
  readonly what: string;
}

const ORDER: readonly EffectOnTraffic[] = ["lost", "ends", "drained", "quiet", "weight", "gained", "begins", "kept"];

/** Every effect of replacing `old` by `now`, the worst first. Undefined: there is no such file. */
export function trafficEffects(old: Topology | undefined, now: Topology | undefined): readonly TrafficEffect[] {
  const before = old?.services ?? [];
  const after = now?.services ?? [];
  const pairs = pairsOf(before, after);
  const [left, right] = [new Set(pairs.map(([one]) => one)), new Set(pairs.map(([, other]) => other))];
  const effects = [
    ...pairs.flatMap(([one, other]) => effectsOn(one, other)),
    ...before.filter((one) => !left.has(one)).map((one) => whole(one, "ends", `${placeOf(one)} is removed`)),
    ...after.filter((one) => !right.has(one)).map((one) => whole(one, "begins", `${placeOf(one)} is new`)),
  ];
  return effects.toSorted((one, other) => ORDER.indexOf(one.effect) - ORDER.indexOf(other.effect));
}

/** Hosts of a file that the other one lacks. */
export function hostsLacking(from: Topology | undefined, other: Topology | undefined): readonly string[] {
  const names = new Set((other?.hosts ?? []).map(({ name }: Host) => name));
  return (from?.hosts ?? []).flatMap(({ name }) => (names.has(name) ? [] : [name]));
}

/** Services that are the same one before and after: at the same place, or else of the same name. */
function pairsOf(
  before: readonly Service[],
  after: readonly Service[],
): readonly (readonly [before: Service, after: Service])[] {
  const byPlace = new Map(after.map((service) => [placeOf(service), service]));
  const placed = before.flatMap((one) => {
    const same = byPlace.get(placeOf(one));
    return same === undefined ? [] : [[one, same] as const];
  });
  const taken = new Set(placed.flat());
  const byName = new Map(after.filter((one) => !taken.has(one)).map((service) => [service.name, service]));
  const named = before.flatMap((one) => {
    const same = taken.has(one) ? undefined : byName.get(one.name);
    return same === undefined ? [] : [[one, same] as const];
  });
  return [...placed, ...named];
}

function effectsOn(before: Service, after: Service): readonly TrafficEffect[] {
  const moves = placeOf(before) === placeOf(after) ? [] : [`it moves from ${placeOf(before)} to ${placeOf(after)}`];
  const modes = before.mode === after.mode ? [] : [`its mode changes from ${modeName(before)} to ${modeName(after)}`];
  const lostDirectors = namesOf(before.directors).filter((name) => !namesOf(after.directors).includes(name));
  const directors = lostDirectors.map((name) => `${name} no longer distributes its connections`);
  const published = without(publishedAt(before), publishedAt(after)).map(
    (place) => `it is no longer published as ${place}`,
  );
  const matched = without(before.match.flatMap(matchOf), after.match.flatMap(matchOf));
  const paths = PATH_SETTINGS.flatMap(([name, of]) => {
    const [old, now] = [of(before), of(after)];
    return old === now ? [] : [`its ${name} changes from ${old} to ${now}`];
  });
  return [
    ...[
      ...moves,
      ...modes,
      ...directors,
      ...published,
      ...matched.map((one) => `${one} is no longer part of it`),
      ...paths,
    ].map((what) => whole(after, "lost", what)),
    ...serverEffects(before, after),
    ...settingEffects(before, after),
  ];
}

/** Settings by which the packets of open connections take another path from then on. */
const PATH_SETTINGS: readonly (readonly [name: string, of: (service: Service) => string])[] = [
  ["tunnel", ({ tunnel: { type, port } }) => (port === undefined ? type : `${type} by port ${port}`)],
  ["masquerading", ({ masquerade }) => (masquerade ? "on" : "off")],
  ["local addresses", ({ localAddresses }) => (localAddresses.length === 0 ? "none" : localAddresses.join(", "))],
  ["SYN proxy", ({ synproxy }) => (synproxy === undefined ? "off" : `on at ${synproxy.on}`)],
];

function serverEffects(before: Service, after: Service): readonly TrafficEffect[] {
  const olds = new Map(before.realServers.map((server) => [endpoint(server), server]));
  const news = new Map(after.realServers.map((server) => [endpoint(server), server]));
  const gone = [...olds.values()].filter((server) => !news.has(endpoint(server)));
  const replaced = [...news.values()].flatMap((server) => {
    const old = olds.get(endpoint(server));
    return old === undefined || old.host === server.host ? [] : [[old, server] as const];
  });
  const gained = [...news.values()].filter((server) => !olds.has(endpoint(server)));
  const weighted = [...news.values()].flatMap((server) => {
    const old = olds.get(endpoint(server));
    return old === undefined || old.weight === server.weight ? [] : [[old, server] as const];
  });
  return [
    ...replaced.map(([old, server]) => of(after, server, "lost", `${at(server)} takes the place of ${old.host}`)),
    ...gone.map((server) => of(after, server, "drained", `${at(server)} is removed`)),
    ...gained.map((server) => of(after, server, "gained", `${at(server)} is added with weight ${server.weight}`)),
    ...weighted.map(([old, server]) =>
      of(
        after,
        server,
        server.weight === 0 ? "quiet" : "weight",
        `the weight of ${at(server)} changes from ${old.weight} to ${server.weight}${server.weight === 0 ? exceptions(after) : ""}`,
      ),
    ),
  ];
}

/** What a weight of 0 does besides. Source: ip_vs_sh.c, ip_vs_dh.c and ip_vs_mh.c, and docs/draining.md for persistence. */
function exceptions({ scheduler, schedulerFlags, persistence }: Service): string {
  const hashes =
    scheduler === "dh" || (["sh", "mh"].includes(scheduler) && !schedulerFlags.includes(`${scheduler}-fallback`));
  return [
    ...(persistence === undefined ? [] : [", and persistence still sends recent clients there"]),
    ...(hashes ? [`, and new connections that ${scheduler} would send there are refused`] : []),
  ].join("");
}

function settingEffects(before: Service, after: Service): readonly TrafficEffect[] {
  const scheduler = ({ scheduler: name, schedulerFlags: flags }: Service) => [name, ...flags].join(" ");
  const persistence = ({ persistence: one }: Service) =>
    one === undefined
      ? "none"
      : [`${one.timeout} s`, ...(one.netmask === undefined ? [] : [one.netmask]), ...(one.engine ?? [])].join(" ");
  const changed = [
    ["scheduler", scheduler(before), scheduler(after)],
    ["persistence", persistence(before), persistence(after)],
    ["one-packet scheduling", before.onePacket ? "on" : "off", after.onePacket ? "on" : "off"],
  ] as const;
  const gained = namesOf(after.directors).filter((name) => !namesOf(before.directors).includes(name));
  const published = without(publishedAt(after), publishedAt(before));
  const matched = without(after.match.flatMap(matchOf), before.match.flatMap(matchOf));
  return [
    ...published.map((place) => whole(after, "kept", `it is published as ${place}`)),
    ...matched.map((one) => whole(after, "kept", `${one} is part of it`)),
    ...changed.flatMap(([name, old, now]) =>
      old === now ? [] : [whole(after, "kept", `its ${name} changes from ${old} to ${now}`)],
    ),
    ...gained.map((name) => whole(after, "kept", `${name} distributes its connections too`)),
  ];
}

function whole({ name }: Service, effect: EffectOnTraffic, what: string): TrafficEffect {
  return { service: name, effect, what };
}

function of({ name }: Service, { host }: RealServer, effect: EffectOnTraffic, what: string): TrafficEffect {
  return { service: name, effect, server: host, what };
}

/** How clients reach a service on its directors. */
function placeOf({ vip, port, protocol, fwmark }: Service): string {
  if (vip === undefined || port === undefined) return `mark ${fwmark}`;
  const address = vip.family === 6 ? `[${vip.address}]` : vip.address;
  return `${address}:${port === 0 ? "*" : port}/${protocol}`;
}

function matchOf({ address, protocol, ports }: Service["match"][number]): readonly string[] {
  return ports.length === 0 ? [`${address} ${protocol}`] : ports.map((port) => `${address} ${protocol} ${port}`);
}

/** What only the first list has. */
function without(list: readonly string[], other: readonly string[]): readonly string[] {
  return list.filter((one) => !other.includes(one));
}

function publishedAt({ publish }: Service): readonly string[] {
  if (publish === undefined) return [];
  return publish.addresses.flatMap((address) =>
    publish.ports.map((port) => `${address} port ${port} on ${publish.on}`),
  );
}

/** A user's mode has the path of its file; its last parts tell it apart. */
function modeName({ mode }: Service): string {
  return mode.split("/").slice(-2).join("/");
}

function endpoint({ address, port }: RealServer): string {
  return `${address} ${port}`;
}

function at({ host, address, family, port }: RealServer): string {
  if (port === 0) return `${host} (${address})`;
  return `${host} (${family === 6 ? `[${address}]` : address}:${port})`;
}

function namesOf(directors: Service["directors"]): readonly string[] {
  return directors.map(({ host }) => host);
}
