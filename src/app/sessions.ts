/** Connections to all hosts of a topology at once, with what was read from each. */

import pLimit, { type LimitFunction } from "p-limit";
import type { DesiredState } from "../compile/desired-state.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { hasEnded } from "../machine/own-process.ts";
import { thisMachine } from "../machine/this-machine.ts";
import type { HostState } from "../plan/host-state.ts";
import { nextOf } from "../report/next-command.ts";
import { kinds } from "../resources/kinds.ts";
import { pendingErrors } from "../transaction/pending-errors.ts";
import { readShellHost, type ShellHost } from "../transaction/shell/shell-host.ts";
import { connect } from "../transport/connect.ts";
import { readOnly } from "../transport/guard.ts";
import { onEachHost } from "./each-host.ts";
import { countHosts, type OnStatus } from "./host-count.ts";
import type { HostOptions, Target } from "./host-options.ts";
import { LastingConnection } from "./lasting-connection.ts";
import { nextOn } from "./next-on.ts";

/** A host that we are logged in to and have read. `connection`: for anything that is not part of a run. */
export type Session = ShellHost<LastingConnection>;

/** The hosts that we are logged in to and have read. Close them when done. */
export class Sessions {
  private readonly all: Map<string, Session>;
  private readonly onStatus: OnStatus | undefined;

  constructor(sessions: readonly Session[], onStatus?: OnStatus) {
    this.onStatus = onStatus;
    this.all = new Map(sessions.map((session) => [session.host, session]));
  }

  /** In the order of the file; hosts that were added come last. */
  get byHost(): ReadonlyMap<string, Session> {
    return this.all;
  }

  /** Adds a host that was not in the scope; it is closed with the others. */
  add(session: Session): void {
    this.all.set(session.host, session);
  }

  /** Closes the connections to these hosts, and works without them from then on. */
  async leave(hosts: Iterable<string>): Promise<void> {
    for (const host of hosts) {
      await this.all.get(host)?.connection.close();
      this.all.delete(host);
    }
  }

  /** What was found on each host when it was last read. */
  get states(): ReadonlyMap<string, HostState> {
    return new Map([...this.byHost].map(([host, session]) => [host, session.state]));
  }

  /** Reads every host again, with one exec per host; the result is in `states`. */
  async refresh(): Promise<void> {
    const onDone = countHosts("reading", [...this.all.keys()], this.onStatus);
    try {
      await Promise.all([...this.all.values()].map((session) => session.refresh().finally(() => onDone(session.host))));
    } finally {
      this.onStatus?.(undefined);
    }
  }

  /** The number of execs on all connections so far. */
  get execs(): number {
    return [...this.byHost.values()].reduce((sum, { connection }) => sum + connection.execs, 0);
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    await Promise.all([...this.byHost.values()].map(({ connection }) => connection.close()));
  }
}

/** What sessions are opened for. */
export interface OpenOptions {
  /** Refuse everything that would change a host. */
  readonly readOnly: boolean;
  readonly topology: string;
  /** What to read in addition to what the ledgers record. */
  readonly desired: DesiredState;
}

/**
 * Connects to the hosts and reads them in parallel. If any of them fails, throws once all have answered: that host's error,
 * or LVS-CONNECT-000 with the errors of all that failed.
 */
export async function openSessions(
  targets: readonly Target[],
  options: HostOptions,
  what: OpenOptions,
  logIn: typeof connect = connect,
): Promise<Sessions> {
  refuseUnknownPlaces(targets, options);
  const opened: Session[] = [];
  try {
    const limit = pLimit(options.parallel);
    const sessions = await onEachHost(targets, options, "reading", async (target, own) => {
      const session = await open(target, own, what, { limit, logIn });
      opened.push(session);
      return session;
    });
    if (what.readOnly) tellOfPending([...sessions.values()], options);
    return new Sessions([...sessions.values()], options.onStatus);
  } catch (error) {
    await Promise.all(opened.map(({ connection }) => connection.close()));
    throw error;
  }
}

/** Connects to the hosts and reads them, as far as that is possible: the sessions, and why there are no others, by host. */
export async function tryToOpen(
  targets: readonly Target[],
  options: HostOptions,
  what: OpenOptions,
  logIn: typeof connect = connect,
): Promise<{ readonly opened: ReadonlyMap<string, Session>; readonly failures: ReadonlyMap<string, LvsctlError> }> {
  const failures = new Map<string, LvsctlError>();
  const limit = pLimit(options.parallel);
  const found = await onEachHost(targets, options, "looking for", async (target, own) => {
    try {
      return await open(target, own, what, { limit, logIn });
    } catch (error) {
      if (!(error instanceof LvsctlError) || options.signal?.aborted) throw error;
      failures.set(target.name, error);
      return undefined;
    }
  });
  const opened = new Map([...found].flatMap(([host, session]) => (session ? [[host, session] as const] : [])));
  if (what.readOnly) tellOfPending([...opened.values()], options);
  return { opened, failures };
}

function refuseUnknownPlaces(targets: readonly Target[], { confirmAt = new Map() }: HostOptions): void {
  const names = targets.map(({ name }) => name);
  for (const name of confirmAt.keys()) {
    if (names.includes(name)) continue;
    throw new LvsctlError(
      "LVS-USAGE-001",
      `--confirm-at names ${JSON.stringify(name)}, which is no host of this run.`,
      {
        hint: `Its hosts are ${names.join(", ")}.`,
      },
    );
  }
}

function tellOfPending(sessions: readonly Session[], options: HostOptions): void {
  const pendings = sessions.flatMap(({ host, state: { pending } }) => (pending ? [{ host, pending }] : []));
  if (pendings.length > 0) options.onPending?.(pendingErrors(pendings, { hasEnded, next: nextOf(options) }));
}

/** How to log in to a host. `limit`: lets only so many hosts log in again at a time. */
interface LoggingIn {
  readonly limit: LimitFunction;
  readonly logIn: typeof connect;
}

/** Logs in to a host and reads it. */
async function open(
  { name, ssh }: Target,
  options: HostOptions,
  what: OpenOptions,
  { limit, logIn }: LoggingIn,
): Promise<Session> {
  const openAt = async (destination: string, isAnew: boolean, signal?: AbortSignal) => {
    const transport = await logIn(name, { ...ssh, destination }, { ...options, isAnew, signal });
    return what.readOnly ? readOnly(transport) : transport;
  };
  const { destination } = ssh;
  const after = options.confirmAt?.get(name) ?? destination;
  const first = await openAt(destination, false, options.signal);
  // An interrupt does not stop later logins: the run still has to be rolled back.
  const connection = new LastingConnection(first, {
    before: (isAnew) => limit(() => openAt(destination, isAnew)),
    ...(after === destination ? {} : { after: (isAnew) => limit(() => openAt(after, isAnew)) }),
  });
  try {
    const { topology, desired } = what;
    const { randomHex } = thisMachine;
    const next = nextOn(options, [{ name, ssh }]);
    const passing = (desired.passing?.get(name) ?? []).map(({ packet }) => packet);
    const wanted = desired.hosts.get(name) ?? [];
    return await readShellHost(connection, { topology, wanted, passing, kinds, next, randomHex });
  } catch (error) {
    await connection.close();
    throw error;
  }
}
