/** What carries an SSH connection: a TCP connection, the streams of a ProxyCommand, or a channel through a jump host. */
import { createConnection } from "node:net";
import { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "ssh2";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { spawnStream } from "./process.ts";
import type { SshHop } from "./ssh-config.ts";
import { forwardRefused } from "./ssh-errors.ts";

/** A byte stream to a host's sshd. */
export interface Carrier {
  readonly stream: Duplex;
  /** The carrier's own reason for a failed connection, if it has one. */
  failure(): Promise<LvsctlError | undefined>;
  /** Ends whatever the connection goes through. */
  close(): void;
}

const FAMILY_ATTEMPT_MS = 2_000;
const LAST_WORDS_MS = 500;

/** Opens a TCP connection. Rejects with the system's error. */
export function dial({ hostName, port, family }: SshHop, signal: AbortSignal): Promise<Carrier> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({
      host: hostName,
      port,
      // ssh2 leaves Nagle's algorithm on, which costs 40 ms for each small exchange.
      noDelay: true,
      autoSelectFamilyAttemptTimeout: FAMILY_ATTEMPT_MS,
      ...(family && { family }),
    });
    const abort = () => socket.destroy(new Error("aborted"));
    signal.addEventListener("abort", abort, { once: true });
    socket.once("connect", () => {
      signal.removeEventListener("abort", abort);
      resolve({ stream: socket, failure: async () => undefined, close: () => socket.destroy() });
    });
    socket.on("error", reject);
  });
}

/** Runs a ProxyCommand and carries the connection over its streams. Its failure is LVS-CONNECT-024. */
export function runProxyCommand(command: string, host: string): Carrier {
  const child = spawnStream(["sh", "-c", `exec ${command}`]);
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString("utf8")).slice(-2_000);
  });
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
  stream.on("error", () => {}); // ssh2 handles it.
  return {
    stream,
    async failure() {
      const end = await Promise.race([child.ended, sleep(LAST_WORDS_MS, undefined, { ref: false })]);
      if (!end) return undefined;
      const ending = end.status === undefined ? `ended by ${end.signal}` : `status ${end.status}`;
      return new LvsctlError("LVS-CONNECT-024", `The ProxyCommand for ${host} has ended (${ending}): ${command}`, {
        host,
        output: said.trim(),
        hint: "Run the command by hand; it must connect its standard input and output to the host's sshd.",
      });
    },
    close: () => child.kill(),
  };
}

/** Opens a channel to `to` through a jump host that we are logged in to. Rejects with LVS-CONNECT-025. */
export function forwardThrough(jump: Client, from: SshHop, to: SshHop, host: string): Promise<Carrier> {
  return new Promise((resolve, reject) => {
    jump.forwardOut("127.0.0.1", 0, to.hostName, to.port, (error, channel) => {
      if (error) return reject(forwardRefused(host, from, to, error));
      resolve({ stream: channel, failure: async () => undefined, close: () => channel.destroy() });
    });
  });
}
