/** Connections that survive broken logins and changes of the host's address. */
import type { HostConnection } from "../transaction/shell/host-connection.ts";
import type { Transport } from "../transport/transport.ts";

/** Logs in. `isAnew`: to show that the host can be reached by a new connection all the way. */
type LogIn = (isAnew: boolean) => Promise<Transport>;

/** How to log in. `after`: at the address that the run moves the host to; absent: it does not move. */
export interface Logins {
  readonly before: LogIn;
  readonly after?: LogIn;
}

/** A connection that logs in again after it has broken, at whatever address the host has by then. */
export class LastingConnection implements HostConnection {
  readonly host: string;
  private readonly logins: Logins;
  private current: Transport | undefined;
  /** A login in progress; everyone who needs one shares it. */
  private opening: Promise<Transport> | undefined;
  private isClosed = false;
  /** The host may be at its new address by now, and after a rollback at its old one again. */
  private hasMoved = false;
  private pastExecs = 0;

  constructor(first: Transport, logins: Logins) {
    this.host = first.host;
    this.current = first;
    this.logins = logins;
  }

  get isMoving(): boolean {
    return this.logins.after !== undefined;
  }

  /** How many execs all of its logins have used so far. */
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

  async reconnect(): Promise<void> {
    this.hasMoved = true;
    const { before, after = before } = this.logins;
    const next = await after(true);
    await this.abandon();
    this.current = next;
  }

  async abandon(): Promise<void> {
    const transport = this.current;
    this.current = undefined;
    this.pastExecs += transport?.execs ?? 0;
    await transport?.close();
  }

  /** Ends the login, and allows no other one, not even one that is in progress. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.abandon();
  }

  private async logIn(): Promise<Transport> {
    const opened = await this.open();
    if (!this.current && !this.isClosed) {
      this.current = opened;
      return opened;
    }
    await opened.close();
    return this.current ?? opened;
  }

  private open(): Promise<Transport> {
    const { before, after } = this.logins;
    return after && this.hasMoved ? after(false).catch(() => before(false)) : before(false);
  }
}
