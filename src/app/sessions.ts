/** Connections to the hosts of a topology, all at once, each with what was read from it. */
import type { DesiredState } from "../compile/desired-state.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { HostState } from "../plan/host-state.ts";
import { kinds } from "../resources/kinds.ts";
import type { HostSession } from "../transaction/host-session.ts";
import { readHostState } from "../transaction/observe.ts";
import { pendingErrors } from "../transaction/pending-errors.ts";
import { connect } from "../transport/connect.ts";
import { readOnly } from "../transport/guard.ts";
import type { Transport } from "../transport/transport.ts";
import { onEachHost } from "./each-host.ts";
import type { HostOptions, Target } from "./host-options.ts";

/** Hosts that are connected and read. Close them when done; `withSessions` does. */
export class Sessions {
  readonly byHost: ReadonlyMap<string, LiveSession>;

  constructor(sessions: readonly LiveSession[]) {
    this.byHost = new Map(sessions.map((session) => [session.host, session]));
  }

  get states(): ReadonlyMap<string, HostState> {
    return new Map([...this.byHost].map(([host, session]) => [host, session.state]));
  }

  /** Reads every host again, in one exec each; `states` is the result. */
  async refresh(): Promise<void> {
    await Promise.all([...this.byHost.values()].map((session) => session.refresh()));
  }

  /** The execs of all connections so far. */
  get execs(): number {
    return [...this.byHost.values()].reduce((sum, session) => sum + session.execs, 0);
  }

  async close(): Promise<void> {
    await Promise.all([...this.byHost.values()].map((session) => session.close()));
  }
}

export interface OpenOptions {
  /** Refuse everything that changes a host. */
  readonly readOnly: boolean;
  readonly topology: string;
  /** What to read besides what the ledgers hold. */
  readonly desired: DesiredState;
}

/**
 * Connects to the hosts and reads them, side by side. Throws when one of them fails, after all have answered: with that
 * host's error, or LVS-CONNECT-000 with the errors of all of them.
 */
export async function openSessions(
  targets: readonly Target[],
  options: HostOptions,
  what: OpenOptions,
): Promise<Sessions> {
  refuseUnknownPlaces(targets, options);
  const opened: LiveSession[] = [];
  try {
    const sessions = await onEachHost(targets, options, `Reading ${targets.length} hosts …`, async (target, own) => {
      const session = await LiveSession.open(target, own, what);
      opened.push(session);
      return session;
    });
    if (what.readOnly) tellOfPending([...sessions.values()], options);
    return new Sessions([...sessions.values()]);
  } catch (error) {
    await Promise.all(opened.map((session) => session.close()));
    throw error;
  }
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

function tellOfPending(sessions: readonly LiveSession[], { onPending }: HostOptions): void {
  const pendings = sessions.flatMap(({ host, state: { pending } }) => (pending ? [{ host, pending }] : []));
  if (pendings.length > 0) onPending?.(pendingErrors(pendings));
}

/** How to log in: as now, where the host is to be found after the run, or there first and then as now. */
type Open = (when: "now" | "after" | "either") => Promise<Transport>;

class LiveSession implements HostSession {
  readonly host: string;
  readonly isMoving: boolean;
  private known: HostState;
  private current: Transport | undefined;
  /** A login that is under way; whoever needs one meanwhile waits for it, too. */
  private opening: Promise<Transport> | undefined;
  private isClosed = false;
  /** The host may be found at its new place by now, and after a rollback at its old one again. */
  private hasMoved = false;
  private pastExecs = 0;
  private readonly open: Open;
  private readonly read: (transport: Transport) => Promise<HostState>;

  private constructor(
    transport: Transport,
    state: HostState,
    open: Open,
    read: (transport: Transport) => Promise<HostState>,
    isMoving: boolean,
  ) {
    this.host = transport.host;
    this.isMoving = isMoving;
    this.current = transport;
    this.known = state;
    this.open = open;
    this.read = read;
  }

  static async open({ name, ssh }: Target, options: HostOptions, what: OpenOptions): Promise<LiveSession> {
    const openAt = async (destination: string, signal?: AbortSignal) => {
      const transport = await connect(name, { ...ssh, destination }, { ...options, signal });
      return what.readOnly ? readOnly(transport) : transport;
    };
    const after = options.confirmAt?.get(name) ?? ssh.destination;
    const read = (transport: Transport) =>
      readHostState(transport, what.desired.hosts.get(name) ?? [], what.topology, kinds);
    const transport = await openAt(ssh.destination, options.signal);
    try {
      // A rollback after an interrupt must still get through.
      const open: Open = async (when) => {
        if (when === "now" || after === ssh.destination) return openAt(ssh.destination);
        return openAt(after).catch((error) => (when === "either" ? openAt(ssh.destination) : Promise.reject(error)));
      };
      return new LiveSession(transport, await read(transport), open, read, after !== ssh.destination);
    } catch (error) {
      await transport.close();
      throw error;
    }
  }

  get state(): HostState {
    return this.known;
  }

  async refresh(): Promise<void> {
    this.known = await this.read(await this.transport());
  }

  get execs(): number {
    return this.pastExecs + (this.current?.execs ?? 0);
  }

  async transport(): Promise<Transport> {
    if (this.current) return this.current;
    this.opening ??= this.logIn().finally(() => {
      this.opening = undefined;
    });
    return this.opening;
  }

  private async logIn(): Promise<Transport> {
    const opened = await this.open(this.hasMoved ? "either" : "now");
    if (!this.current && !this.isClosed) {
      this.current = opened;
      return opened;
    }
    await opened.close();
    return this.current ?? opened;
  }

  async reconnect(): Promise<void> {
    this.hasMoved = true;
    const next = await this.open("after");
    await this.abandon();
    this.current = next;
  }

  async abandon(): Promise<void> {
    const transport = this.current;
    this.current = undefined;
    this.pastExecs += transport?.execs ?? 0;
    await transport?.close();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.abandon();
  }
}
