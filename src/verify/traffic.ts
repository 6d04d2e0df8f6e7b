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
  /** How many were sent besides the first tries; as many as `retried` if each gets one more try. */
  readonly resent?: number;
  readonly answered: number;
  /** How many were given up without an answer, at the last try too. */
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

/** A test's results on the way through its tries. */
export interface Tries {
  readonly answers: Answers;
  /** How many more times a request that times out may be sent; this round included. */
  readonly left: number;
  /** How many requests this round still has to send. */
  readonly queue: number;
  /** How many of those that this round has sent timed out again. */
  readonly again: number;
  /** How many of the first tries timed out. */
  readonly late: number;
}

/** The results of the first tries, of which those that timed out may be sent so many times more. */
export function firstTries(answers: Answers, retries: number): Tries {
  const queue = answers.isOwed && retries > 0 ? answers.timedOut : 0;
  return { answers: { ...answers, resent: 0 }, left: retries, queue, again: 0, late: answers.timedOut };
}

/**
 * How many requests to send once more: those that timed out, but only one of them as long as nothing at all has been
 * answered, because each may take the whole time again.
 */
export function retriesOf({ answers: { answered }, queue }: Tries): number {
  return answered === 0 ? Math.min(1, queue) : queue;
}

/** The results together with those of the requests that were sent once more. */
export function withRetries({ answers: first, late, left, queue, again }: Tries, more: Answers): Tries {
  const answered = first.answered + more.answered;
  const resent = (first.resent ?? 0) + more.requests;
  const timedOut = first.timedOut - more.requests + more.timedOut;
  const answers: Answers = {
    ...first,
    ...{ answered, resent, timedOut },
    retried: Math.min(resent, late),
    byRealServer: merged([first.byRealServer, more.byRealServer]),
    foreignAnswers: first.foreignAnswers + more.foreignAnswers,
    errors: [...new Set([...first.errors, ...more.errors])],
    ...(more.remark === undefined ? {} : { remark: more.remark }),
  };
  return nextRound({ answers, late, left, queue: queue - more.requests, again: again + more.timedOut });
}

/** A round ends when it has sent all, or one request to a service that is still silent. */
function nextRound(tries: Tries): Tries {
  const { answers, late, left, queue, again } = tries;
  if (answers.answered > 0 && queue > 0) return tries;
  const rest = answers.answered === 0 ? answers.timedOut : again;
  return { answers, late, left: left - 1, queue: left > 1 ? rest : 0, again: 0 };
}
