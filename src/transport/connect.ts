/** Connections to hosts by SSH, as root, by the route that ssh_config gives. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { JumpHosts, type JumpLease, type JumpLogin } from "./jump-hosts.ts";
import type { AskSecret } from "./secrets.ts";
import { shellTransport } from "./shell-transport.ts";
import { type Carrier, dial, forwardThrough, runProxyCommand } from "./ssh-carrier.ts";
import type { SshDestination, SshHop } from "./ssh-config.ts";
import { type Login, type LoginOptions, logInPatiently } from "./ssh-login.ts";
import { resolveRoute } from "./ssh-route.ts";
import { sshShell } from "./ssh-shell.ts";
import type { Transport } from "./transport.ts";

/** How to connect to a host. */
export interface ConnectOptions {
  /** An ssh_config file to use instead of the user's and the system's, as `ssh -F`. */
  readonly sshConfig?: string;
  /** Remember the key of a host that is not known yet. A changed key is an error all the same. */
  readonly acceptNew?: boolean;
  /** Asks a person for passwords, passphrases and whatever else a login needs; absent: nobody is asked. See `askOnce`. */
  readonly askSecret?: AskSecret | undefined;
  /** For each hop; by default ConnectTimeout of ssh_config, or 15 s. The clock stops while a person is being asked. */
  readonly connectTimeoutMs?: number;
  /** How often to check that a silent host is still there; by default ServerAliveInterval, or 10 s. 0: never. */
  readonly keepAliveMs?: number;
  /** Logins to jump hosts that other connections share; default: this one alone has them. */
  readonly jumpHosts?: JumpHosts;
  /** The login has to show that the host can be reached again: no login to a jump host from before is used. */
  readonly isAnew?: boolean;
  /** Aborts the login. Calls on the connection have signals of their own. */
  readonly signal?: AbortSignal | undefined;
}

const CONNECT_TIMEOUT_MS = 15_000;
const KEEP_ALIVE_MS = 10_000;

/**
 * Logs in to a host, through jump hosts where there are any. Throws LVS-CONNECT-001 to -014 and -022 to -025.
 * @param host its name in the topology, for errors.
 */
export async function connect(host: string, ssh: SshDestination, options: ConnectOptions = {}): Promise<Transport> {
  const route = await resolveRoute(ssh, options.sshConfig, host);
  const { hop, jumps } = { hop: route.at(-1), jumps: route.slice(0, -1) };
  if (!hop) throw new RangeError("a route has at least one hop");
  const lease = await throughJumps(jumps, host, { jumpHosts: new JumpHosts(), ...options });
  const open = (signal: AbortSignal) => carry(hop, lease?.login, host, signal);
  const login = await logInPatiently(host, hop, loginOptions(hop, options), open).catch((error: unknown) => {
    lease?.release();
    throw error;
  });
  const close = async () => {
    login.close();
    lease?.release();
  };
  const become = ssh.become === "sudo" && login.hop.user !== "root";
  return shellTransport(sshShell({ host, login, become, askSecret: options.askSecret, close }));
}

/** A share in the login to the last of these jump hosts; undefined if there are none. Its errors name the host behind them. */
async function throughJumps(
  jumps: readonly SshHop[],
  host: string,
  options: ConnectOptions & { readonly jumpHosts: JumpHosts },
): Promise<JumpLease | undefined> {
  const hop = jumps.at(-1);
  if (!hop) return undefined;
  const logInToJump = async (): Promise<JumpLogin> => {
    const lease = await throughJumps(jumps.slice(0, -1), host, options);
    const open = (signal: AbortSignal) => carry(hop, lease?.login, hop.destination, signal);
    try {
      const login = await logInPatiently(hop.destination, hop, loginOptions(hop, options), open);
      return { login, close: () => [login.close(), lease?.release()] };
    } catch (error) {
      lease?.release();
      throw error;
    }
  };
  const wish = { host, isAnew: options.isAnew ?? false };
  return options.jumpHosts.take(JSON.stringify(jumps), wish, logInToJump).catch((error: unknown) => {
    if (!(error instanceof LvsctlError)) throw error;
    throw new LvsctlError(error.code, error.message, { ...error.details, host });
  });
}

async function carry(hop: SshHop, before: Login | undefined, host: string, signal: AbortSignal): Promise<Carrier> {
  if (before) return forwardThrough(before.client, before.hop, hop, host);
  return hop.proxyCommand === undefined ? dial(hop, signal) : runProxyCommand(hop.proxyCommand, host);
}

function loginOptions(hop: SshHop, options: ConnectOptions): LoginOptions {
  return {
    acceptNew: options.acceptNew ?? false,
    timeoutMs: options.connectTimeoutMs ?? hop.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    keepAliveMs: options.keepAliveMs ?? hop.keepAliveMs ?? KEEP_ALIVE_MS,
    signal: options.signal,
    askSecret: options.askSecret,
  };
}
