/**
 * What the directors count. If real servers do not name themselves in their answers, only this shows that requests passed a
 * director, and how they were distributed.
 */
import { destinationKey } from "../lvs/ipvsadm.ts";
import type { Counters } from "../lvs/ipvsadm-list.ts";
import { ipvsCounters } from "../resources/ipvs-traffic.ts";
import type { ReadCommand } from "../shell/read-script.ts";
import type { Service } from "../topology/topology.ts";
import type { Transport } from "../transport/transport.ts";
import { testsOf } from "./tests.ts";
import { type Passed, sum, type Traffic, total } from "./traffic.ts";

/** The counters of each director that has IPVS, by host. */
type Reading = ReadonlyMap<string, ReadonlyMap<string, Counters>>;

/** Takes the traffic sent since the last call, and adds what passed the directors meanwhile. */
export type Count = (traffic: readonly Traffic[]) => Promise<readonly Traffic[]>;

/**
 * Starts counting, for services that can be sent requests but whose answers carry no names. Without such a service the
 * directors are not read.
 */
export async function startCounting(services: readonly Service[], directors: readonly Transport[]): Promise<Count> {
  const counted = services.filter((service) => {
    const { tests } = testsOf(service, 1);
    return tests.length > 0 && !tests.every(({ isNamed }) => isNamed);
  });
  const asked = counted.length === 0 ? [] : directors;
  let before = await read(asked);
  return async (traffic) => {
    const compare = (now: Reading) =>
      new Map(counted.map((service) => [service.name, passedBetween(service, before, now)]));
    let after = await read(asked);
    for (let again = 0; again < READ_AGAIN; again++) {
      const passed = compare(after);
      if (!traffic.some((one) => isBehind(one, passed.get(one.service)))) break;
      after = await read(asked, [PAUSE]);
    }
    const passed = compare(after);
    before = after;
    return traffic.map((one) => {
      const own = passed.get(one.service);
      return own === undefined ? one : { ...one, passed: own };
    });
  };
}

/**
 * The kernel adds up its counters once every two seconds, so what was sent last may be missing. A thread of the kernel does
 * it, which comes late on a busy host: hence more than one pause. Source: kernel net/netfilter/ipvs/ip_vs_est.c.
 */
const PAUSE: ReadCommand = { name: "pause", argv: ["sleep", "3"] };
const READ_AGAIN = 3;

function isBehind({ answers }: Traffic, passed: Passed | undefined): boolean {
  return (
    passed !== undefined &&
    sum(passed.byRealServer) < total(answers.map(({ requests, retried, resent = retried }) => requests + resent))
  );
}

/** Directors without ip_vs, or whose ipvsadm fails, are left out; `judge` adds a note if no director could be read. */
async function read(directors: readonly Transport[], first: readonly ReadCommand[] = []): Promise<Reading> {
  const found = await Promise.all(
    directors.map(async (director) => {
      const { host } = director;
      const outputs = await director.read([...first, ipvsCounters]);
      const isKnown = outputs.get(ipvsCounters.name)?.status === 0;
      return isKnown ? [[host, ipvsCounters.parse(outputs, host)] as const] : [];
    }),
  );
  return new Map(found.flat());
}

/**
 * How much a service's counters grew on its directors; undefined if none of them could be read, or if lvsctl does not log in
 * to one of them, which may have passed anything.
 */
export function passedBetween(service: Service, before: Reading, after: Reading): Passed | undefined {
  const { vip, port = 0, protocol, realServers, fwmark, family } = service;
  if (service.directors.some(({ managed }) => managed === false)) return undefined;
  const readings = service.directors.flatMap(({ host }) => {
    const [from, to] = [before.get(host), after.get(host)];
    return from && to ? [{ from, to }] : [];
  });
  const id = fwmark === undefined ? vip && { address: vip.address, port, protocol } : { fwmark, family };
  if (id === undefined || readings.length === 0) return undefined;
  const grown = (counter: keyof Counters, key: string) =>
    readings.reduce((all, { from, to }) => all + (to.get(key)?.[counter] ?? 0) - (from.get(key)?.[counter] ?? 0), 0);
  const keys = realServers.map((server) => ({ host: server.host, key: destinationKey(id, server) }));
  const byRealServer = new Map<string, number>();
  for (const { host, key } of keys) {
    byRealServer.set(host, (byRealServer.get(host) ?? 0) + grown("connections", key));
  }
  return {
    byRealServer,
    packetsBack: keys.reduce((all, { key }) => all + grown("packetsOut", key), 0),
  };
}
