/** A host that we are logged in to: one connection, on which every call is one exec. */

import type { ShellCommand } from "../shell/quote.ts";
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";

/** What a script printed on a host, and how it ended. */
export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  /** The exit status; undefined when a signal ended the script. */
  readonly status: number | undefined;
  readonly signal?: string;
}

/** The limits of one call. */
export interface CallOptions {
  /**
   * Ends the call with LVS-CONNECT-019 when it has not finished by then. Absent: when the host has printed nothing for two
   * minutes, and after ten minutes at the latest.
   */
  readonly timeoutMs?: number;
  /** Ends the call with LVS-CONNECT-022. */
  readonly signal?: AbortSignal;
  /** Called with each whole line of stdout as it comes. */
  readonly onLine?: (line: string) => void;
}

/** A host that we are logged in to as root. */
export interface Transport {
  /** The host's name in the topology. */
  readonly host: string;
  /** How many execs it has used, for `-v` and for tests that count round trips. */
  readonly execs: number;
  /**
   * Runs commands that change nothing, as root, in one exec. Throws LVS-CONNECT-020, before anything is sent, on a command
   * that the guard does not know to be read-only.
   */
  read(commands: readonly ReadCommand[], options?: CallOptions): Promise<ReadOutputs>;
  /** Runs a POSIX shell script as root in one exec: the only way to change something. */
  run(script: ShellCommand, options?: CallOptions): Promise<RunResult>;
  /** Ends the connection, and with it whatever still runs over it. */
  close(): Promise<void>;
}
