/** Shells on a host that we are logged in to: each is one exec on a channel of its own. */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pLimit from "p-limit";
import type { ClientChannel } from "ssh2";
import type { Conduit, ConduitEnd } from "./conduit.ts";
import type { AskSecret } from "./secrets.ts";
import type { Shell } from "./shell-transport.ts";
import { hasEnded, isBusy, lostConnection, sessionRefused } from "./ssh-errors.ts";
import type { Login } from "./ssh-login.ts";
import { type Sudo, sudo } from "./sudo.ts";

/**
 * The login to start shells over. `become`: by sudo, because the login is not root's.
 */
export interface SshShellOptions {
  readonly host: string;
  readonly login: Login;
  readonly become: boolean;
  readonly askSecret: AskSecret | undefined;
  /** Ends the login and its jump hosts. */
  close(): Promise<void>;
}

/** Sessions at once. sshd frees a session late: with 8 at once some are refused, although MaxSessions is 10. */
const SESSIONS_AT_ONCE = 4;
const BUSY_TRIES = 10;
const BUSY_WAIT_MS = 10;
const BUSY_WAIT_MAX_MS = 500;

/** Shells on the host of a login. `become`: as root, by sudo. */
export function sshShell({ host, login, become, askSecret, close }: SshShellOptions): Shell {
  const limit = pLimit(SESSIONS_AT_ONCE);
  const root: Sudo | undefined = become
    ? sudo({
        host,
        user: login.hop.user,
        askSecret,
        loginPassword: login.password,
        nonce: randomBytes(12).toString("hex"),
      })
    : undefined;
  const commandLine = root?.commandLine ?? "exec sh -s";

  return {
    host,
    isRemote: true,
    ...(root && { unlock: root.unlock }),
    // The slot is freed when the shell has ended, not when it has started.
    open: (purpose) =>
      new Promise((resolve, reject) => {
        limit(async () => {
          const conduit = await openConduit(login, commandLine, host, purpose);
          resolve(conduit);
          await conduit.ended.catch(() => {});
        }).catch(reject);
      }),
    close,
  };
}

async function openConduit(login: Login, commandLine: string, host: string, purpose: string): Promise<Conduit> {
  for (let attempt = 1; ; attempt += 1) {
    const conduit = await exec(login, commandLine, (channel) => channelConduit(channel, login, host, purpose));
    if (!(conduit instanceof Error)) return conduit;
    if (login.isLost() || hasEnded(conduit)) throw lostConnection(host, purpose, login.lastError());
    if (!isBusy(conduit) || attempt === BUSY_TRIES) throw sessionRefused(host, conduit);
    await sleep(Math.min(BUSY_WAIT_MS * 2 ** attempt, BUSY_WAIT_MAX_MS));
  }
}

/** An error if the shell cannot be started. Calls `listen` at once, because a command that ends immediately reports its end in the same turn of the event loop. */
function exec<T>(login: Login, commandLine: string, listen: (channel: ClientChannel) => T): Promise<T | Error> {
  return new Promise((resolve) => {
    if (login.isLost()) return resolve(new Error("not connected"));
    try {
      login.client.exec(commandLine, (error, channel) => resolve(error ?? listen(channel)));
    } catch (error) {
      resolve(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

function channelConduit(channel: ClientChannel, login: Login, host: string, purpose: string): Conduit {
  const ended = new Promise<ConduitEnd>((resolve, reject) => {
    let end: ConduitEnd | undefined;
    channel.on("exit", (status: number | null, signal?: string) => {
      end = { status: status ?? undefined, signal };
    });
    const errorsRead = new Promise<void>((done) => {
      channel.stderr.once("end", done);
    });
    channel.on("close", () => {
      if (end === undefined) return reject(lostConnection(host, purpose, login.lastError()));
      const known = end;
      errorsRead.then(() => resolve(known));
    });
  });
  ended.catch(() => {}); // Those who await it still see the error.
  return {
    stdin: channel,
    stdout: channel,
    stderr: channel.stderr,
    ended,
    kill() {
      if (!login.isLost()) channel.close();
    },
  };
}
