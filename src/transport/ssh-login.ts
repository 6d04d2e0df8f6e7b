/** Logs in to one host over a carrier: host key, authentication, keep-alive, all within a time limit. */
import { setTimeout as sleep } from "node:timers/promises";
import ssh2, { type Client, type ServerHostKeyAlgorithm } from "ssh2";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { type Authentication, authentication } from "./authentication.ts";
import { type HostKeys, loadHostKeys } from "./host-key.ts";
import type { AskSecret } from "./secrets.ts";
import type { Carrier } from "./ssh-carrier.ts";
import type { SshHop } from "./ssh-config.ts";
import {
  isAboutOneKey,
  isBroken,
  isTurnedAway,
  type LoginPoint,
  loginError,
  lostConnection,
  noAnswer,
} from "./ssh-errors.ts";

/** A host that we are logged in to. */
export interface Login {
  readonly client: Client;
  readonly hop: SshHop;
  /** The password that let us in, if one did. */
  readonly password: string | undefined;
  /** Whether the connection has ended, whoever ended it. */
  isLost(): boolean;
  /** The error that ended the connection, unless we closed it ourselves. */
  lastError(): Error | undefined;
  /** Ends the connection, which is no error then. */
  close(): void;
}

/** How to log in; see `ConnectOptions`, whose defaults have been filled in here. */
export interface LoginOptions {
  readonly acceptNew: boolean;
  readonly askSecret: AskSecret | undefined;
  readonly timeoutMs: number;
  readonly keepAliveMs: number;
  readonly signal: AbortSignal | undefined;
}

const CLOSE_GRACE_MS = 2_000;

/** Logs in to `hop`, over the carrier that `open` makes. Throws LVS-CONNECT-001 to -014 and -022 to -025. */
export async function logIn(
  host: string,
  hop: SshHop,
  options: LoginOptions,
  open: (signal: AbortSignal) => Promise<Carrier>,
): Promise<Login> {
  const keys = await loadHostKeys(hop, options.acceptNew, host);
  const time = startTime(options, () => noAnswer({ host, hop, timeoutMs: options.timeoutMs }), host);
  const ask = options.askSecret;
  const auth = authentication(hop, ask && ((prompt) => time.pausedFor(() => ask(prompt))), host);
  const point: LoginPoint = {
    host,
    hop,
    timeoutMs: options.timeoutMs,
    noKeyInCommon: keys.noneInCommon,
    loginFailed: auth.failed,
  };
  let carrier: Carrier | undefined;
  try {
    carrier = await unlessAborted(open(time.signal), time.signal);
    return await shakeHands(carrier, { point, keys, auth, keepAliveMs: options.keepAliveMs, signal: time.signal });
  } catch (error) {
    const failure = time.signal.aborted ? time.signal.reason : loginError(error, point);
    const ownReason = isBroken(failure) ? await carrier?.failure() : undefined;
    carrier?.close();
    throw ownReason ?? failure;
  } finally {
    time.end();
  }
}

/** How often a login is tried, while sshd lets nobody in because others are just logging in (MaxStartups). */
const TRIES = 7;
const WAIT_MS = 100;

/** `logIn`, tried again where sshd has closed the connection before it began. */
export async function logInPatiently(...args: Parameters<typeof logIn>): Promise<Login> {
  const [, , { signal }] = args;
  for (let tries = 1; ; tries += 1) {
    try {
      return await logIn(...args);
    } catch (error) {
      if (!isTurnedAway(error) || tries === TRIES || signal?.aborted) throw error;
      const longest = WAIT_MS * 2 ** tries;
      await sleep(longest / 2 + (Math.random() * longest) / 2, undefined, signal && { signal }).catch(() => {});
    }
  }
}

interface Handshake {
  readonly point: LoginPoint;
  readonly keys: HostKeys;
  readonly auth: Authentication;
  readonly keepAliveMs: number;
  readonly signal: AbortSignal;
}

function shakeHands(carrier: Carrier, { point, keys, auth, keepAliveMs, signal }: Handshake): Promise<Login> {
  const { host, hop } = point;
  const client = new ssh2.Client();
  let refusal: unknown;
  let newKey: Buffer | undefined;
  let lastError: Error | undefined;
  let lost = false;
  let remembered: Promise<void> = Promise.resolve();

  return new Promise((resolve, reject) => {
    // Never removed: one failure may raise several errors, some of them after the login.
    client.on("error", (error) => {
      if (isAboutOneKey(error)) return;
      lastError ??= error;
      reject(refusal ?? error);
    });
    client.on("close", () => {
      lost = true;
      carrier.close();
      reject(refusal ?? lostConnection(host, "logging in", lastError));
    });
    client.on("change password", () => reject(auth.failed("the password has expired, and the host wants a new one")));
    client.once("handshake", () => {
      // Only now has the host proved that it holds the key.
      if (newKey) remembered = keys.remember(newKey);
      remembered.catch(reject);
    });
    client.on("ready", () => {
      const login = { client, hop, password: auth.password(), isLost: () => lost, lastError: () => lastError, close };
      remembered.then(() => resolve(login), reject);
    });
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    client.connect({
      sock: carrier.stream,
      username: hop.user,
      readyTimeout: 0,
      keepaliveInterval: keepAliveMs,
      keepaliveCountMax: hop.keepAliveCount,
      algorithms: { serverHostKey: hostKeyAlgorithms(hop, keys.knownTypes) },
      authHandler: auth.handler,
      hostVerifier: (key: Buffer) => {
        try {
          if (keys.check(key) === "new") newKey = key;
          return true;
        } catch (error) {
          refusal = error;
          return false;
        }
      },
    });
  });

  function close(): void {
    lost = true;
    client.end();
    setTimeout(() => carrier.close(), CLOSE_GRACE_MS).unref();
  }
}

/** Waits for a carrier until the signal aborts; one that opens later is closed. */
function unlessAborted(opening: Promise<Carrier>, signal: AbortSignal): Promise<Carrier> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      reject(signal.reason);
      opening.then((late) => late.close()).catch(() => {});
    };
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    opening.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

const supported: readonly ServerHostKeyAlgorithm[] = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
];

/**
 * The types of host key to ask for. Where the host is known, only the types of its known keys, so that a host with several
 * keys does not seem to have changed. SHA-1 signatures (`ssh-rsa`) only where HostKeyAlgorithms names them.
 */
function hostKeyAlgorithms(hop: SshHop, knownTypes: readonly string[]): ServerHostKeyAlgorithm[] {
  const all: readonly ServerHostKeyAlgorithm[] = [...supported, "ssh-rsa"];
  const configured = all.filter((name) => hop.hostKeyAlgorithms.includes(name));
  const allowed = configured.length > 0 ? configured : supported;
  const known = allowed.filter((name) => knownTypes.includes(name.startsWith("rsa-sha2-") ? "ssh-rsa" : name));
  return known.length > 0 ? known : [...allowed];
}

interface Time {
  readonly signal: AbortSignal;
  /**
   * Stops the clock while a person is being asked; afterwards the whole time is available again. An LvsctlError instead of an
   * answer ends the login.
   */
  pausedFor<T>(wait: () => Promise<T>): Promise<T>;
  end(): void;
}

function startTime({ timeoutMs, signal: outer }: LoginOptions, expired: () => LvsctlError, host: string): Time {
  const stopped = new AbortController();
  const abort = () =>
    stopped.abort(
      new LvsctlError("LVS-CONNECT-022", `Interrupted while logging in to ${host}.`, {
        host,
        hint: "Run the command again.",
      }),
    );
  if (outer?.aborted) abort();
  outer?.addEventListener("abort", abort, { once: true });
  const start = () => setTimeout(() => stopped.abort(expired()), timeoutMs);
  let timer = start();
  return {
    signal: stopped.signal,
    async pausedFor(wait) {
      clearTimeout(timer);
      try {
        return await wait();
      } catch (error) {
        if (!(error instanceof LvsctlError)) throw error;
        stopped.abort(error);
        return new Promise<never>(() => {}); // Whoever waits for the answer would send an empty one.
      } finally {
        if (!stopped.signal.aborted) timer = start();
      }
    },
    end() {
      clearTimeout(timer);
      outer?.removeEventListener("abort", abort);
    },
  };
}
