/** The results of requests: what was answered, by whom, and what passed the directors meanwhile. Pure. */
import type { TestType } from "../lvs/test-types.ts";

/** The results of the requests that one host sent to one address and port. */
export interface Answers {
  readonly type: TestType;
  /** `http://10.0.2.1:80/`, `udp 10.0.2.1:53`. */
  readonly target: string;
  readonly requests: number;
  /** How many of them were sent a second time, because the first try timed out. */
  readonly retried: number;
  readonly answered: number;
  /** How many were given up without an answer, and could be sent once more. */
  readonly timedOut: number;
  /** By the name on the test page or in the responder's line; empty for tests without one. */
  readonly byRealServer: ReadonlyMap<string, number>;
  /** Answers that are not our test page. */
  readonly foreignAnswers: number;
  /** Why others were not answered as expected, each reason once. */
  readonly errors: readonly string[];
  /** What the answers have in common that a reader should know: `status 404`. */
  readonly remark?: string;
  readonly isNamed: boolean;
  readonly isOwed: boolean;
}

/** The results of all requests that one host sent to one service. */
export interface Traffic {
  readonly service: string;
  /** The host that sent them. */
  readonly from: string;
  readonly answers: readonly Answers[];
  /** What the directors counted; absent if the answers carry names, or if no director could be read. */
  readonly passed?: Passed;
}

/** What passed the directors of a service while one host sent requests. */
export interface Passed {
  /** Connections by real server; with UDP, client ports. */
  readonly byRealServer: ReadonlyMap<string, number>;
  /** Packets from real servers that came back through a director; none with DR and TUN. */
  readonly packetsBack: number;
}

const PAGE = /^real server ([A-Za-z0-9_.-]+)$/gm;

/** How often each real server's name appears in answers. */
export function countNames(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [, host = ""] of text.matchAll(PAGE)) counts.set(host, (counts.get(host) ?? 0) + 1);
  return counts;
}

/** The sum of several counts. */
export function sum(counts: ReadonlyMap<string, number>): number {
  return total(counts.values());
}

/** The sum of numbers. */
export function total(numbers: Iterable<number>): number {
  let all = 0;
  for (const number of numbers) all += number;
  return all;
}

/** Counts of several kinds, added up by name. */
export function merged(all: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [name, count] of all.flatMap((one) => [...one])) sums.set(name, (sums.get(name) ?? 0) + count);
  return sums;
}

/**
 * How many requests to send once more: those that timed out, but only one of them as long as nothing at all has been
 * answered, because each may take the whole time again.
 */
export function retriesOf({ isOwed, timedOut, answered }: Answers): number {
  return isOwed ? Math.min(timedOut, answered === 0 ? 1 : timedOut) : 0;
}

/** The results together with those of the requests that were sent once more. */
export function withRetries(first: Answers, again: Answers): Answers {
  const answered = first.answered + again.answered;
  return {
    ...first,
    answered,
    retried: first.retried + again.requests,
    // Each request is tried twice at most, and a service that is still silent is not asked again.
    timedOut: answered === 0 ? 0 : first.timedOut - again.requests,
    byRealServer: merged([first.byRealServer, again.byRealServer]),
    foreignAnswers: first.foreignAnswers + again.foreignAnswers,
    errors: [...new Set([...first.errors, ...again.errors])],
    ...(again.remark === undefined ? {} : { remark: again.remark }),
  };
}
