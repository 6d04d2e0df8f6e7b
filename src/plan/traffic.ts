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
  const published =
    before.publish === undefined || publishedAt(before) === publishedAt(after)
      ? []
      : [`it is no longer published as ${publishedAt(before)}`];
  return [
    ...[...moves, ...modes, ...directors, ...published].map((what) => whole(after, "lost", what)),
    ...serverEffects(before, after),
    ...settingEffects(before, after),
  ];
}

function serverEffects(before: Service, after: Service): readonly TrafficEffect[] {
  const olds = new Map(before.realServers.map((server) => [endpoint(server), server]));
  const news = new Map(after.realServers.map((server) => [endpoint(server), server]));
  const gone = [...olds.values()].filter((server) => !news.has(endpoint(server)));
  const gained = [...news.values()].filter((server) => !olds.has(endpoint(server)));
  const weighted = [...news.values()].flatMap((server) => {
    const old = olds.get(endpoint(server));
    return old === undefined || old.weight === server.weight ? [] : [[old, server] as const];
  });
  return [
    ...gone.map((server) => of(after, server, "drained", `${at(server)} is removed`)),
    ...gained.map((server) => of(after, server, "gained", `${at(server)} is added with weight ${server.weight}`)),
    ...weighted.map(([old, server]) =>
      of(
        after,
        server,
        server.weight === 0 ? "quiet" : "weight",
        `the weight of ${at(server)} changes from ${old.weight} to ${server.weight}`,
      ),
    ),
  ];
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
  ] as const;
  const gained = namesOf(after.directors).filter((name) => !namesOf(before.directors).includes(name));
  return [
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

function publishedAt({ publish }: Service): string | undefined {
  return publish && `${publish.addresses.join(", ")} port ${publish.ports.join(", ")} on ${publish.on}`;
}

/** A user's mode has the path of its file. */
function modeName({ mode }: Service): string {
  return mode.slice(mode.lastIndexOf("/") + 1);
}

function endpoint({ address, port }: RealServer): string {
  return `${address} ${port}`;
}

function at({ host, address, family, port }: RealServer): string {
  return `${host} (${family === 6 ? `[${address}]` : address}:${port})`;
}

function namesOf(directors: Service["directors"]): readonly string[] {
  return directors.map(({ host }) => host);
}
