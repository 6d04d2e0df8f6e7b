/** Real servers that lvsctl does not log in to, as their directors see them: whether they take connections. */

import { count } from "../errors/count.ts";
import type { FollowUp } from "../errors/follow-up.ts";
import { entryOf, inWords } from "../lvs/service-name.ts";
import { canonicalAddress } from "../net/address.ts";
import type { Treatment } from "../network/treatment.ts";
import { connectCommand } from "../probes/connect.ts";
import { parseAsked } from "../probes/datagrams.ts";
import type { ReadCommand } from "../shell/read-script.ts";
import type { RealServer, Service, Topology } from "../topology/topology.ts";
import type { Transport } from "../transport/transport.ts";
import { isUnanswered } from "./strict-filter.ts";
import type { Traffic } from "./traffic.ts";
import type { Cause, Check } from "./verification.ts";

/** A port to which a director rewrites requests; it can be tried without the service. */
export interface Door {
  readonly service: string;
  readonly host: string;
  readonly address: string;
  readonly port: number;
  /** The director that tries it. */
  readonly from: string;
}

/** What came of a try: undefined if the director could not try. */
export type Tried = ReadonlyMap<Door, { readonly isOpen: boolean; readonly text: string } | undefined>;

/**
 * The doors that one of these directors can try. With other modes the program has to listen on the virtual address, so that
 * its own address tells nothing.
 */
export function doorsOf(
  services: readonly Service[],
  treatments: ReadonlyMap<Service, Treatment>,
  available: ReadonlySet<string>,
): readonly Door[] {
  return services.flatMap((service) => {
    const { name, protocol, directors, realServers } = service;
    const from = directors.find(({ host }) => available.has(host))?.host;
    if (from === undefined || protocol !== "tcp" || treatments.get(service)?.rewrites("destination") !== true)
      return [];
    return realServers
      .filter(({ managed, port }) => !managed && port > 0)
      .map(({ host, address, port }) => ({ service: name, host, address, port, from }));
  });
}

/** Tries them, with one exec for each director. */
export async function tryDoors(
  doors: readonly Door[],
  directors: readonly Transport[],
  { timeoutSeconds }: Topology["verify"],
): Promise<Tried> {
  const tried = await Promise.all(
    directors.map(async (director) => {
      const own = doors.filter(({ from }) => from === director.host);
      if (own.length === 0) return [];
      const commands = own.map(
        (door): ReadCommand => ({ name: nameOf(door), ...connectCommand(door, 1, timeoutSeconds, false) }),
      );
      const outputs = await director.read(commands, { timeoutMs: (2 * timeoutSeconds + 5) * own.length * 1000 });
      return own.map((door) => {
        const [result] = parseAsked(outputs.get(nameOf(door))?.stdout ?? "");
        return [door, result && { isOpen: result.state === "answered", text: result.text.toLowerCase() }] as const;
      });
    }),
  );
  return new Map(tried.flat());
}

function nameOf({ service, address, port }: Door): string {
  return `door ${service} ${address} ${port}`;
}

/**
 * A door that is open is a good sign. One that is closed is a fault only if requests are missing an answer: the host's own
 * filter may let in the clients and not the director.
 */
export function judgeDoors(
  tried: Tried,
  traffic: readonly Traffic[],
): { readonly checks: readonly Check[]; readonly notes: readonly string[] } {
  const checks: Check[] = [];
  const notes: string[] = [];
  for (const [{ service, host, address, port, from }, result] of tried) {
    const place = `${host} on ${address.includes(":") ? `[${address}]` : address}:${port}`;
    const own = traffic.filter((one) => one.service === service);
    if (result === undefined) notes.push(`${inWords(service)}: ${from} has no program to connect to ${place} with`);
    else if (result.isOpen) {
      checks.push({ name: "port", service, ok: true, detail: `${place} takes connections (tried from ${from})` });
    } else if (own.some(isUnanswered)) {
      const detail = `${place} takes no connections from ${from} (${result.text})`;
      checks.push({ name: "port", service, ok: false, detail });
    } else notes.push(`${inWords(service)}: ${place} takes no connections from ${from} (${result.text})`);
  }
  return { checks, notes };
}

const CONNECTIONS = "/proc/net/ip_vs_conn";
const HALF_OPEN = "SYN_RECV";

/** How many connections to each real server got no further than the first packet, by `address port`. */
export type HalfOpen = ReadonlyMap<string, number>;

/** Reads what these directors remember of such connections; the kernel keeps them for a minute. */
export async function readHalfOpen(directors: readonly Transport[]): Promise<HalfOpen> {
  const command: ReadCommand = { name: "half-open", argv: ["grep", "-s", HALF_OPEN, CONNECTIONS] };
  const texts = await Promise.all(
    directors.map(async (director) => (await director.read([command])).get(command.name)?.stdout ?? ""),
  );
  return parseHalfOpen(texts.join("\n"));
}

/**
 * Lines of /proc/net/ip_vs_conn: protocol, client, virtual and real address, each with its port in hexadecimal, and the state.
 * Source: kernel net/netfilter/ipvs/ip_vs_conn.c.
 */
export function parseHalfOpen(text: string): HalfOpen {
  const found = new Map<string, number>();
  for (const line of text.split("\n")) {
    const [, , , , , address = "", port = "", state] = line.trim().split(/\s+/);
    if (state !== HALF_OPEN) continue;
    const key = `${addressFrom(address)} ${Number.parseInt(port, 16)}`;
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  return found;
}

function addressFrom(text: string): string {
  if (text.includes(":")) return canonicalAddress(text.replace(/^\[|\]$/g, ""));
  return (text.match(/../g) ?? []).map((octet) => Number.parseInt(octet, 16)).join(".");
}

/** The unmanaged real servers that let connections wait, where requests are missing an answer. */
export function halfOpenCauses(
  services: readonly Service[],
  traffic: readonly Traffic[],
  halfOpen: HalfOpen,
  next: FollowUp,
): readonly Cause[] {
  const silent = new Set(traffic.filter(isUnanswered).map(({ service }) => service));
  return services.flatMap(({ name, realServers }) =>
    realServers
      .filter(({ managed }) => !managed && silent.has(name))
      .flatMap((server): readonly Cause[] => {
        const waiting = waitingFor(server, halfOpen);
        return waiting === 0 ? [] : [causeOf(name, server, waiting, next)];
      }),
  );
}

function waitingFor({ address, port }: RealServer, halfOpen: HalfOpen): number {
  const own = [...halfOpen].filter(([key]) =>
    port > 0 ? key === `${address} ${port}` : key.startsWith(`${address} `),
  );
  return own.reduce((sum, [, count]) => sum + count, 0);
}

function causeOf(service: string, { host }: RealServer, waiting: number, next: FollowUp): Cause {
  return {
    host,
    message: `${count(waiting, "connection")} of ${entryOf(service)} to it got no reply to the first packet`,
    why: `lvsctl does not log in to it; its owner has to set up everything that ${next("plan -v")} lists for it.`,
  };
}
