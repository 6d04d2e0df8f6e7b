/** A shell that has been started on a host, through an SSH channel or as a program on this machine. */
import type { Readable, Writable } from "node:stream";

/** A running shell: its streams and its end. */
export interface Conduit {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** How it ended. Rejects with an LvsctlError when the connection broke before that. */
  readonly ended: Promise<ConduitEnd>;
  /** Ends it from our side, as far as that is possible; `ended` still settles. */
  kill(): void;
}

/**
 * The exit status, or the name of the signal: `KILL` or `SIGKILL`, as the SSH server or Node says it. Neither is known
 * if the server did not say.
 */
export interface ConduitEnd {
  readonly status: number | undefined;
  readonly signal: string | undefined;
}
