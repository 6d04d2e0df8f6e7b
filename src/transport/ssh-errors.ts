/** Translates errors of ssh2 and the network into ours. No other file inspects them. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { SshHop } from "./ssh-config.ts";

/** The parts of a login attempt that its errors mention. */
export interface LoginPoint {
  /** The host's name in the topology. */
  readonly host: string;
  readonly hop: SshHop;
  readonly timeoutMs: number;
  /** The error for a host that has no key of a known type. */
  readonly noKeyInCommon: () => LvsctlError | undefined;
  /** The error when every method of authentication has failed. */
  readonly loginFailed: (reason: string) => LvsctlError;
}

interface ForeignError extends Error {
  /** ssh2's: client-socket, client-timeout, client-authentication, handshake, protocol, agent. */
  readonly level?: string;
  /** The system's name of the error, or the number of an SSH disconnect message (RFC 4253, section 11.1). */
  readonly code?: string | number;
  /** Why a channel was not opened (RFC 4254, section 5.1). */
  readonly reason?: number | string;
}

const namesUnresolved = new Set(["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "EAI_NODATA", "EAI_NONAME"]);
const noWay = new Set([
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EHOSTDOWN",
  "ENETDOWN",
  "EADDRNOTAVAIL",
  "EACCES",
  "EPERM",
  "EINVAL",
]);
const OPEN_CONNECT_FAILED = 2;

/** How errors name a hop: its name in the topology, its alias where that differs, its address and port. */
export function describeHop(host: string, hop: SshHop): string {
  const place = hop.hostName.includes(":") ? `[${hop.hostName}]:${hop.port}` : `${hop.hostName}:${hop.port}`;
  if (hop.isJump) return `the jump host ${hop.destination} (${place})`;
  const hasAlias = hop.destination !== host && hop.destination !== hop.hostName;
  return hasAlias ? `${host} (${hop.destination}, ${place})` : `${host} (${place})`;
}

/** The error for a login that did not complete: LVS-CONNECT-001 to -005, -007, -011 or -012. */
export function loginError(cause: unknown, point: LoginPoint): LvsctlError {
  if (cause instanceof LvsctlError) return cause;
  const error = asForeign(cause);
  const { host, hop } = point;
  const shown = describeHop(host, hop);
  const code = String(error.code ?? "");
  if (namesUnresolved.has(code)) {
    return new LvsctlError(
      "LVS-CONNECT-001",
      `The name ${hop.hostName} of ${hop.isJump ? `the jump host ${host}` : host} cannot be resolved (${code}).`,
      {
        host,
        cause,
        hint: `Give the host's address as ssh in the topology, or as HostName in ssh_config.`,
      },
    );
  }
  if (code === "ECONNREFUSED") {
    return new LvsctlError("LVS-CONNECT-002", `Nothing listens for SSH at ${shown}: the connection was refused.`, {
      host,
      cause,
      hint: "Start sshd on the host, or give the port that it listens on.",
    });
  }
  if (code === "ETIMEDOUT") return noAnswer(point);
  if (noWay.has(code)) {
    return new LvsctlError("LVS-CONNECT-004", `There is no route from here to ${shown} (${code}).`, {
      host,
      cause,
      hint: "Check the address, this machine's routes and the firewalls in between.",
    });
  }
  if (error.level === "handshake" && /no matching/i.test(error.message)) {
    return (/host key/i.test(error.message) && point.noKeyInCommon()) || noAlgorithm(error, host, shown);
  }
  if (error.level === "client-authentication" || /authentication/i.test(error.message)) {
    return point.loginFailed(error.message);
  }
  return new LvsctlError("LVS-CONNECT-005", `${shown} is not a valid SSH server: ${reasonOf(error)}.`, {
    host,
    cause,
    hint: `Make sure that sshd listens on port ${hop.port} and is not overloaded (MaxStartups); "ssh -v" may show more.`,
  });
}

function noAlgorithm(cause: Error, host: string, shown: string): LvsctlError {
  const what = cause.message.replace(/^Handshake failed: /, "");
  return new LvsctlError("LVS-CONNECT-012", `lvsctl and ${shown} have no algorithm in common: ${what}.`, {
    host,
    cause,
    hint: "Let sshd_config there allow one of curve25519-sha256, aes128-gcm@openssh.com, hmac-sha2-256 and an ed25519, ECDSA or RSA host key.",
  });
}

/** The error for a host that has not answered in time: LVS-CONNECT-003. */
export function noAnswer({ host, hop, timeoutMs }: Pick<LoginPoint, "host" | "hop" | "timeoutMs">): LvsctlError {
  return new LvsctlError("LVS-CONNECT-003", `No answer from ${describeHop(host, hop)} within ${timeoutMs / 1000} s.`, {
    host,
    hint: "Check that the host is up and that no firewall drops the packets; to wait longer: --connect-timeout 60.",
  });
}

/** The error for a connection that broke: LVS-CONNECT-014 when the host has stopped answering, else -013. */
export function lostConnection(host: string, purpose: string, cause: Error | undefined): LvsctlError {
  const error = cause && asForeign(cause);
  if (error?.level === "client-timeout") {
    return new LvsctlError("LVS-CONNECT-014", `${host} has stopped answering while ${purpose}.`, {
      host,
      cause,
      hint: "It is not known whether the command has ended there. Check that the host and the network path to it are up, then run the command again.",
    });
  }
  const why = error?.message ? `: ${error.message}` : "";
  return new LvsctlError("LVS-CONNECT-013", `The connection to ${host} was lost while ${purpose}${why}.`, {
    host,
    cause,
    hint: "It is not known whether the command has ended there. Run the command again to see what is there and to finish it.",
  });
}

/** Whether a call failed because the connection had just ended, and had not said so yet. ssh2 throws that. */
export function hasEnded(error: unknown): boolean {
  return asForeign(error).message === "Not connected";
}

/** Whether a refused session should be tried again: the host has its MaxSessions open at the moment. */
export function isBusy(error: unknown): boolean {
  return asForeign(error).reason === OPEN_CONNECT_FAILED;
}

/** The error for a host that refuses a session: LVS-CONNECT-015. */
export function sessionRefused(host: string, cause: unknown): LvsctlError {
  return new LvsctlError("LVS-CONNECT-015", `${host} opens no session: ${reasonOf(cause)}.`, {
    host,
    cause,
    hint: "Raise MaxSessions in sshd_config there, and see that no ForceCommand or restricted key forbids commands.",
  });
}

/** The error for a jump host that cannot connect to the next hop: LVS-CONNECT-025. */
export function forwardRefused(host: string, jump: SshHop, to: SshHop, cause: unknown): LvsctlError {
  const why = reasonOf(cause).replace("(SSH) Channel open failure: ", "");
  return new LvsctlError(
    "LVS-CONNECT-025",
    `The jump host ${jump.destination} cannot connect to ${to.hostName}:${to.port}: ${why}.`,
    {
      host,
      cause,
      hint: "Check that sshd runs there and is reachable from the jump host, whose sshd_config must have AllowTcpForwarding.",
    },
  );
}

/** Whether the connection itself failed, so that its carrier (a ProxyCommand) may know the reason. */
export function isBroken(error: unknown): boolean {
  return error instanceof LvsctlError && (error.code === "LVS-CONNECT-005" || error.code === "LVS-CONNECT-013");
}

/**
 * Whether sshd, or the ssh of a ProxyCommand, closed the connection before the login began, as sshd does with some while
 * many others are logging in. Source: sshd_config(5), MaxStartups.
 */
export function isTurnedAway(error: unknown): boolean {
  if (!(error instanceof LvsctlError)) return false;
  const { cause, output = "" } = error.details;
  if (error.code === "LVS-CONNECT-024") return /MaxStartups|kex_exchange_identification/.test(output);
  if (error.code !== "LVS-CONNECT-005" && error.code !== "LVS-CONNECT-013") return false;
  return asForeign(cause).code === "ECONNRESET" || /before handshake/i.test(asForeign(cause).message);
}

/** Whether the error concerns a single key only; ssh2 then tries the next one. */
export function isAboutOneKey(error: unknown): boolean {
  return asForeign(error).level === "agent";
}

function asForeign(error: unknown): ForeignError {
  return error instanceof Error ? error : new Error(String(error));
}

function reasonOf(error: unknown): string {
  return asForeign(error).message || "no reason was given";
}
