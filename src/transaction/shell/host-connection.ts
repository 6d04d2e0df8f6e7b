/** The way to a host: a login that is made again when the connection has broken. */
import type { Transport } from "../../transport/transport.ts";

export interface HostConnection {
  readonly host: string;
  /** In the course of a run the host moves to another address. */
  readonly isMoving: boolean;
  /** The connection; a new one where the last was given up. Throws LVS-CONNECT-… errors. */
  transport(): Promise<Transport>;
  /** Gives the connection up. */
  abandon(): Promise<void>;
  /** Logs in where the host is after the run. Throws LVS-CONNECT-… errors; the old connection is kept then. */
  reconnect(): Promise<void>;
}
