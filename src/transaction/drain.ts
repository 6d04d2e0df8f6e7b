/**
 * Draining: a real server gets weight 0, and its open connections may finish before it is removed. Otherwise they would
 * hang, or be reset if net.ipv4.vs.expire_nodest_conn is 1.
 */
import type { Clock } from "../machine/machine.ts";
import type { DestinationTraffic, RunHost } from "./run-host.ts";

/** Real servers of one director to wait for. */
export interface DrainTarget {
  readonly host: Pick<RunHost, "host" | "traffic">;
  /** `tcp 172.16.10.10:80 -> 172.16.10.21:80`, as the kind ipvs-destination names them. */
  readonly keys: readonly string[];
}

/** What a real server still has open in one service on one director. */
export interface OpenConnections {
  readonly host: string;
  readonly key: string;
  /** Established. */
  readonly active: number;
  /** Half closed, closed but not yet forgotten, not yet established, or of a protocol that never closes, such as UDP. */
  readonly inactive: number;
}

/** How the wait for open connections ended. */
export interface DrainResult {
  readonly result: "ended" | "timed-out" | "interrupted";
  /** What has not ended. */
  readonly open: readonly OpenConnections[];
}

/** How long to wait for open connections, and whom to tell. */
export interface DrainOptions {
  readonly timeoutMs: number;
  /** Called after each check with the connections that have not ended. */
  readonly onProgress?: (open: readonly OpenConnections[]) => void;
  /** Aborting it ends the wait. */
  readonly signal?: AbortSignal | undefined;
  readonly clock: Clock;
}

const POLL_MS = 1_000;

/**
 * The kernel remembers a closed TCP connection for two minutes and a UDP one for five. We do not wait for that: when no
 * connection is established, they count as ended once no packet has moved for this long. Retransmissions come sooner.
 */
const QUIET_MS = 3_000;

/**
 * Waits until the real servers have no open connections, the timeout expires or the signal aborts. Checks at once and then
 * every second, with one exec per director. Throws LVS-CONNECT-… and LVS-FACT-… errors when a check fails.
 */
export async function waitForDrain(targets: readonly DrainTarget[], options: DrainOptions): Promise<DrainResult> {
  const { timeoutMs, onProgress, signal, clock } = options;
  const until = clock.now() + timeoutMs;
  const traffic = new Traffic();
  for (;;) {
    const looks = await Promise.all(targets.map(look));
    const open = looks.flatMap((seen) => traffic.openAmong(seen, clock.now()));
    onProgress?.(open);
    if (open.length === 0) return { result: "ended", open };
    if (signal?.aborted) return { result: "interrupted", open };
    const left = until - clock.now();
    if (left <= 0) return { result: "timed-out", open };
    await clock.sleep(Math.min(POLL_MS, left), signal);
  }
}

/** One real server at one moment. */
interface Look extends DestinationTraffic {
  readonly host: string;
}

/** Remembers when each real server's packet count last changed. */
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

async function look({ host, keys }: DrainTarget): Promise<readonly Look[]> {
  return (await host.traffic(keys)).map((one) => ({ ...one, host: host.host }));
}
