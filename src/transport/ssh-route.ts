/** The route to a host: the jump hosts in order, then the host itself. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { resolveHop, type SshDestination, type SshHop } from "./ssh-config.ts";

const MAX_HOPS = 8;

/**
 * Resolves every hop by ssh_config. As in ssh, each of several jump hosts is reached through those before it, and the first
 * as ssh_config says. Throws LVS-CONNECT-023 when there are more than 8 hops, as in a circle.
 */
export async function resolveRoute(
  to: SshDestination,
  configFile: string | undefined,
  host: string,
): Promise<readonly [...SshHop[], SshHop]> {
  return resolve(await resolveHop(to, configFile, host), configFile, host, 1);
}

async function resolve(
  hop: SshHop,
  configFile: string | undefined,
  host: string,
  depth: number,
): Promise<readonly [...SshHop[], SshHop]> {
  const jumps = hop.jump?.split(",") ?? [];
  const last = jumps.pop();
  if (last === undefined) return [hop];
  const jump = parseJump(last, host);
  const before = await resolveHop(jumps.length > 0 ? { ...jump, jump: jumps.join(",") } : jump, configFile, host);
  // "Host *" with a ProxyJump also matches the jump host itself, which ssh refuses as a loop.
  if (jumps.length === 0 && isSamePlace(before, hop)) return [hop];
  if (depth === MAX_HOPS) throw endless(hop.destination, host);
  const way = await resolve(before, configFile, host, depth + 1);
  return [...way.map((each) => ({ ...each, isJump: true as const })), hop];
}

/** What ssh compares to find a loop. Source: OpenSSH, ssh.c, "jumphost loop via". */
function isSamePlace(one: SshHop, other: SshHop): boolean {
  return one.hostName === other.hostName && one.port === other.port && one.user === other.user;
}

/** Takes `[user@]host[:port]` apart, where an IPv6 address with a port is in brackets. Throws LVS-CONNECT-023. */
export function parseJump(text: string, host: string): SshDestination {
  const [, user, bracketed, name, port] =
    /^(?:ssh:\/\/)?(?:([^@]+)@)?(?:\[([^\]]+)\]|([^:[\]@\s/]+|[0-9A-Fa-f]*:[0-9A-Fa-f:]*:[0-9A-Fa-f.:]*))(?::(\d{1,5}))?$/.exec(
      text.trim(),
    ) ?? [];
  const destination = bracketed ?? name;
  if (destination === undefined || destination.startsWith("-")) {
    throw new LvsctlError("LVS-CONNECT-023", `${JSON.stringify(text)} is no jump host.`, {
      host,
      hint: "Write [user@]host[:port], several separated by commas.",
    });
  }
  return { destination, ...(user !== undefined && { user }), ...(port !== undefined && { port: Number(port) }) };
}

function endless(destination: string, host: string): LvsctlError {
  return new LvsctlError("LVS-CONNECT-023", `The path to ${host} needs more than ${MAX_HOPS} hops.`, {
    host,
    hint: `Check whether ProxyJump for ${destination} is a loop in ssh_config.`,
  });
}
