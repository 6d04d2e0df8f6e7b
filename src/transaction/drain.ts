/**
 * Draining: a real server gets weight 0, and what it still has open comes to its end before it goes. A connection that is
 * cut off at the director hangs, or is reset where net.ipv4.vs.expire_nodest_conn is 1.
 */
import { setTimeout as sleepFor } from "node:timers/promises";
import { parseConnections, parseCounters } from "../lvs/ipvsadm-list.ts";
import { notUnderstood, requireOutput } from "../resources/outputs.ts";
import { installHint } from "../resources/packages.ts";
import type { ReadCommand } from "../shell/read-script.ts";
import type { Transport } from "../transport/transport.ts";

/** Real servers of one director to wait for. */
export interface DrainTarget {
  readonly host: string;
  /** Asked for every time: the connection may have been made anew. */
  transport(): Promise<Transport>;
  /** `tcp 172.16.10.10:80 -> 172.16.10.21:80`, as the kind ipvs-destination names them. */
  readonly keys: readonly string[];
}

/** What a real server still has open in one service on one director. */
export interface OpenConnections {
  readonly host: string;
  readonly key: string;
  /** Established. */
  readonly active: number;
  /** Half closed, or closed and not forgotten yet; not established yet; or of a protocol that knows no closing, as UDP. */
  readonly inactive: number;
}

export interface DrainResult {
  readonly result: "ended" | "timed-out" | "interrupted";
  /** What has not ended. */
  readonly open: readonly OpenConnections[];
}

export interface DrainOptions {
  readonly timeoutMs: number;
  /** Told after each look what has not ended. */
  readonly onProgress?: (open: readonly OpenConnections[]) => void;
  /** An abort ends the waiting. */
  readonly signal?: AbortSignal | undefined;
  /** For tests; by default this machine's. */
  readonly clock?: Clock;
}

export interface Clock {
  /** Milliseconds from whenever. */
  now(): number;
  /** Comes back early when `signal` aborts. */
  sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void>;
}

const POLL_MS = 1_000;

/**
 * The kernel remembers a closed connection for two minutes, and one of UDP for five: nobody waits for that. Connections
 * of which none is established have ended when none of them has moved a packet for so long; retransmissions are sooner.
 */
const QUIET_MS = 3_000;

const CONNECTIONS = "ipvs-connections";
const COUNTERS = "ipvs-counters";
const TABLE_FILE = "/proc/net/ip_vs";
const LOOK: readonly ReadCommand[] = [
  { name: CONNECTIONS, argv: ["ipvsadm", "-L", "-n"], onlyIf: TABLE_FILE },
  { name: COUNTERS, argv: ["ipvsadm", "-L", "-n", "--stats", "--exact"], onlyIf: TABLE_FILE },
];

/**
 * Waits until the real servers have nothing open any more, or the time is over, or the signal aborts. Looks at once, then
 * every second, in one exec a director. Throws LVS-CONNECT-… and LVS-FACT-… errors of the looking.
 */
export async function waitForDrain(targets: readonly DrainTarget[], options: DrainOptions): Promise<DrainResult> {
  const { timeoutMs, onProgress, signal, clock = ownClock } = options;
  const until = clock.now() + timeoutMs;
  const traffic = new Traffic();
  for (;;) {
    const looks = await Promise.all(targets.map((target) => look(target)));
    const open = looks.flatMap((seen) => traffic.openAmong(seen, clock.now()));
    onProgress?.(open);
    if (open.length === 0) return { result: "ended", open };
    if (signal?.aborted) return { result: "interrupted", open };
    const left = until - clock.now();
    if (left <= 0) return { result: "timed-out", open };
    await clock.sleep(Math.min(POLL_MS, left), signal);
  }
}

/** One real server as it was at one moment; packets: both ways, since it was entered. */
interface Look extends OpenConnections {
  readonly packets: number;
}

/** What has moved since when. */
class Traffic {
  private readonly last = new Map<string, { readonly packets: number; readonly since: number }>();

  openAmong(looks: readonly Look[], now: number): readonly OpenConnections[] {
    return looks
      .filter((look) => this.isOpen(look, now))
      .map(({ host, key, active, inactive }) => ({ host, key, active, inactive }));
  }

  private isOpen({ host, key, active, inactive, packets }: Look, now: number): boolean {
    const name = `${host} ${key}`;
    const last = this.last.get(name);
    const since = last?.packets === packets ? last.since : now;
    this.last.set(name, { packets, since });
    return active > 0 || (inactive > 0 && now - since < QUIET_MS);
  }
}

async function look({ host, transport, keys }: DrainTarget): Promise<readonly Look[]> {
  const outputs = await (await transport()).read(LOOK);
  if (!outputs.has(CONNECTIONS)) return []; // Without ip_vs there is no table.
  const ipvsadm = { name: "ipvsadm", hint: installHint("ipvsadm") };
  try {
    const connections = parseConnections(requireOutput(outputs, CONNECTIONS, host, ipvsadm));
    const counters = parseCounters(requireOutput(outputs, COUNTERS, host, ipvsadm));
    return keys.map((key) => {
      const { active = 0, inactive = 0 } = connections.get(key) ?? {};
      const { packetsIn = 0, packetsOut = 0 } = counters.get(key) ?? {};
      return { host, key, active, inactive, packets: packetsIn + packetsOut };
    });
  } catch (error) {
    throw error instanceof SyntaxError ? notUnderstood(host, "ipvsadm", error.message) : error;
  }
}

const ownClock: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => sleepFor(milliseconds, undefined, signal ? { signal } : {}).catch(() => undefined),
};
