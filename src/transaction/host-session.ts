/** One host during a run: what was found on it, and a way to it that survives a lost connection. */
import type { HostState } from "../plan/host-state.ts";
import type { Transport } from "../transport/transport.ts";

export interface HostSession {
  readonly host: string;
  readonly state: HostState;
  /** After the run, or in the middle of it, the host is to be found elsewhere than now. */
  readonly isMoving: boolean;
  /** The host's connection, made anew when the last one was given up. Throws LVS-CONNECT-… errors. */
  transport(): Promise<Transport>;
  /** Gives the connection up after an error of the connection itself. */
  abandon(): Promise<void>;
  /**
   * Logs in once more, where the host is to be reached after the run, and goes on with that connection: that it can be
   * made is what a run is confirmed by. Throws LVS-CONNECT-… errors; the old connection is kept then.
   */
  reconnect(): Promise<void>;
}
