/** What to expect from a scheduler: how requests from one client should spread over the real servers. Pure. */
import { count } from "../errors/count.ts";
import type { RealServer, Service } from "../topology/topology.ts";

/**
 * Schedulers that requests from one client cannot test: they choose by the client's or the VIP's address, fill one server
 * first, or (sed, nq) go by open connections, and requests sent one after the other leave none open.
 */
const UNTESTABLE = new Set(["sh", "dh", "mh", "lblc", "lblcr", "fo", "ovf", "sed", "nq"]);

/** Schedulers that take turns. The others go by open connections, and one-packet scheduling leaves none. */
const BY_TURNS = new Set(["rr", "wrr"]);

/**
 * Says what is wrong with a distribution, or undefined. `counts`: answered requests by real server, all from one client,
 * one after the other. rr: equal ± 1; wrr: by weight, ± one round's share; others: every real server at least once.
 * One request may have been out of turn: IPVS sends it to the real server that an earlier one from the same port of the client
 * had, as long as it remembers that: for two minutes in modes where replies pass the director by, and UDP for five.
 * `slack`: how many requests were sent twice, each of which may have cost a real server its turn.
 * Source: ipvsadm(8), kernel net/netfilter/ipvs/ip_vs_{rr,wrr,wlc,sed,nq}.c.
 */
export function distributionFault(
  service: Service,
  counts: ReadonlyMap<string, number>,
  slack = 0,
): string | undefined {
  const hosts = byHost(service.realServers);
  const active = hosts.filter(({ weight }) => weight > 0);
  const quiesced = hosts.find(({ host, weight }) => weight === 0 && (counts.get(host) ?? 0) > 0);
  if (quiesced) return `${quiesced.host} has weight 0 and answered ${count(counts.get(quiesced.host) ?? 0, "request")}`;
  if (!isTestable(service, active)) return undefined;
  const areFair = (shares: ReadonlyMap<string, number>) => {
    const total = totalOf(shares, active);
    return active.every((one) => isFair(one, shares.get(one.host) ?? 0, active, { total, slack }, service.scheduler));
  };
  if (areFair(counts)) return undefined;
  const haveAllAnswered = active.every(({ host }) => counts.get(host));
  if (haveAllAnswered && active.some(({ host }) => areFair(withOneLess(counts, host)))) return undefined;
  const total = totalOf(counts, active);
  const shares = active.map(({ host }) => `${host} ${counts.get(host) ?? 0}`).join(", ");
  return `${service.scheduler} should give ${expected(service.scheduler, active, total)}, but it was ${shares}`;
}

function totalOf(counts: ReadonlyMap<string, number>, active: readonly Share[]): number {
  return active.reduce((sum, { host }) => sum + (counts.get(host) ?? 0), 0);
}

function withOneLess(counts: ReadonlyMap<string, number>, host: string): ReadonlyMap<string, number> {
  return new Map(counts).set(host, (counts.get(host) ?? 0) - 1);
}

/**
 * How many answers it takes to judge a distribution; undefined if none is expected. With fewer, almost any would do. rr, wrr:
 * one more than a round, so that whoever is left out shows; others: two for each real server.
 */
export function answersNeeded(service: Service): number | undefined {
  const active = activeOf(service);
  if (!isTestable(service, active)) return undefined;
  if (service.scheduler === "rr") return active.reduce((sum, { entries }) => sum + entries, 0) + 1;
  if (service.scheduler !== "wrr") return 2 * active.length;
  const weights = service.realServers.map(({ weight }) => weight).filter((weight) => weight > 0);
  return weights.reduce((sum, weight) => sum + weight, 0) / weights.reduce(greatestCommonDivisor) + 1;
}

/**
 * Whether the requests that were not answered, each of which took a turn, explain why the shares of the others are
 * uneven. They do not explain a real server that has answered nothing.
 */
export function isExplainedBy(
  missing: number,
  service: Service,
  counts: ReadonlyMap<string, number>,
  slack: number,
): boolean {
  const active = activeOf(service);
  if (missing === 0 || active.some(({ host }) => !counts.get(host))) return false;
  const all = missing + active.reduce((sum, { host }) => sum + (counts.get(host) ?? 0), 0);
  const filled = new Map(counts);
  const due = (server: Share) => (service.scheduler === "rr" ? turns(server, active, all) : share(server, active, all));
  const lacking = (server: Share) => due(server) - (filled.get(server.host) ?? 0);
  for (let left = missing; left > 0; left--) {
    const { host } = active.reduce((most, one) => (lacking(one) > lacking(most) ? one : most));
    filled.set(host, (filled.get(host) ?? 0) + 1);
  }
  return distributionFault(service, filled, slack) === undefined;
}

function activeOf({ realServers }: Service): readonly Share[] {
  return byHost(realServers).filter(({ weight }) => weight > 0);
}

/** Whether the requests of one client show what the scheduler does. */
function isTestable(service: Service, active: readonly Share[]): boolean {
  if (isKept(service) || UNTESTABLE.has(service.scheduler) || active.length < 2) return false;
  return !service.onePacket || BY_TURNS.has(service.scheduler);
}

/** Whether requests of one client go to one real server; by the Call-ID, each has a choice of its own. */
function isKept({ persistence }: Service): boolean {
  return persistence !== undefined && persistence.engine === undefined;
}

/** A host with all of its entries among a service's real servers: answers tell hosts apart, not their ports. */
interface Share {
  readonly host: string;
  readonly weight: number;
  /** How many of its entries take connections. */
  readonly entries: number;
}

function byHost(realServers: readonly RealServer[]): readonly Share[] {
  const names = [...new Set(realServers.map(({ host }) => host))];
  return names.map((host) => {
    const own = realServers.filter((server) => server.host === host && server.weight > 0);
    return { host, weight: own.reduce((sum, { weight }) => sum + weight, 0), entries: own.length };
  });
}

function isFair(
  server: Share,
  count: number,
  active: readonly Share[],
  { total, slack }: { readonly total: number; readonly slack: number },
  scheduler: string,
) {
  if (scheduler === "rr") return Math.abs(count - turns(server, active, total)) <= server.entries + slack;
  if (scheduler === "wrr") return Math.abs(count - share(server, active, total)) <= tolerance(active) + slack;
  return count > 0 || total < 2 * active.length;
}

/** What rr gives a host: each entry has its turn. */
function turns(server: Share, active: readonly Share[], total: number): number {
  return (total * server.entries) / active.reduce((sum, { entries }) => sum + entries, 0);
}

function share(server: Share, active: readonly Share[], total: number): number {
  return (total * server.weight) / active.reduce((sum, { weight }) => sum + weight, 0);
}

/** wrr serves the heaviest server first, so a run that ends in mid-round is off by up to that server's weight. */
function tolerance(active: readonly Share[]): number {
  const weights = active.map(({ weight }) => weight);
  return Math.max(...weights) / weights.reduce(greatestCommonDivisor) + 1;
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}

function expected(scheduler: string, active: readonly Share[], total: number): string {
  if (scheduler === "rr" && active.some(({ entries }) => entries > 1)) {
    return active.map((one) => `${one.host} ${Math.round(turns(one, active, total))} ± ${one.entries}`).join(", ");
  }
  if (scheduler === "rr") return `each of ${active.length} real servers ${Math.round(total / active.length)} ± 1`;
  if (scheduler === "wrr")
    return active.map((one) => `${one.host} about ${Math.round(share(one, active, total))}`).join(", ");
  return "every real server at least one";
}
