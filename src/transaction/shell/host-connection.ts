/** The connection to a host, which logs in again when it has broken. */
import type { Transport } from "../../transport/transport.ts";

/** A host's connection over a whole run. */
export interface HostConnection {
  readonly host: string;
  /** The run changes the host's address. */
  readonly isMoving: boolean;
  /** The current connection, or a new one if the last was dropped. Throws LVS-CONNECT-… errors. */
  transport(): Promise<Transport>;
  /** Drops the connection. */
  abandon(): Promise<void>;
  /** Logs in at the address the host has after the run. If it throws LVS-CONNECT-…, the old connection is kept. */
  reconnect(): Promise<void>;
}
