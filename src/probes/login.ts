/** Finds out which connection we are logged in by, which interfaces the host has, and which programs run there. */
import { parseRoutes, type Route } from "../lvs/ip-route.ts";
import { addressFamily, canonicalAddress, type Family } from "../net/address.ts";
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";
import type { Probe } from "./probe.ts";

/** The SSH connection that a host was read over, as the host itself sees it. */
export interface Login {
  readonly family: Family;
  /** The other end: the operator's machine, or a router or jump host in its place. Canonical. */
  readonly client: string;
  readonly clientPort: number;
  /** The host's own end. */
  readonly address: string;
  readonly port: number;
  /** The route that replies take; undefined if the host did not say. */
  readonly reply?: Pick<Route, "via" | "device" | "type" | "options">;
}

/** A program that runs on a host. */
export interface RunningProgram {
  /** The name that we asked for. */
  readonly name: string;
  readonly process: number;
}

/** What the probe found; whatever the host could not tell is missing. */
export interface FoundLogin {
  /** Undefined if the host was not reached by SSH. */
  readonly login: Login | undefined;
  /** The host's interfaces by hardware address, in lower case. */
  readonly hardware: ReadonlyMap<string, string>;
  /** Those of the programs we asked for that are running. */
  readonly programs: readonly RunningProgram[];
  /** Whether it could be told which programs run there. */
  readonly knowsPrograms: boolean;
}

/**
 * `lvsctl_login [name…]` prints
 * - `login CLIENT PORT ADDRESS PORT`, the ends of the SSH connection that this script came over, and `reply …`, the route
 *   that replies take. sshd sets SSH_CONNECTION and sudo drops it, so we look in the parent processes. Nothing if we did
 *   not come by SSH.
 * - `hardware DEVICE MAC` for every interface.
 * - `process PID NAME` for every process in this network namespace whose own name begins with one of the given NAMEs; then
 *   `looked`, if the host can tell which processes those are.
 */
const SCRIPT = `lvsctl_login() (
set -f; c=$SSH_CONNECTION; p=$PPID
while [ -z "$c" ] && [ "$p" -gt 1 ] && read -r s 2>/dev/null <"/proc/$p/stat"; do
c=$(tr '\\0' '\\n' 2>/dev/null <"/proc/$p/environ" | sed -n 's/^SSH_CONNECTION=//p')
s=\${s##*) }; s=\${s#? }; p=\${s%% *}
done
ends() {
[ $# = 4 ] && printf 'login %s\\n' "$*" || return
case $1 in *%*) f="oif \${1#*%}" ;; *) f="from $3" ;; esac
printf 'reply %s\\n' "$(ip route get "\${1%%%*}" $f 2>/dev/null)"
}
ends $c
set +f
for f in /sys/class/net/*/address; do
read -r m 2>/dev/null <"$f" && d=\${f%/address} && printf 'hardware %s %s\\n' "\${d##*/}" "$m"
done
[ $# = 0 ] && return
for f in /proc/[0-9]*/comm; do
read -r n 2>/dev/null <"$f" || continue
for w; do case $n in "$w"*)
p=\${f#/proc/}; p=\${p%/comm}; [ "/proc/$p/ns/net" -ef /proc/$$/ns/net ] && printf 'process %s %s\\n' "$p" "$w" ;;
esac; done; done
[ "/proc/$$/ns/net" -ef /proc/$$/ns/net ] && echo looked
)`;

/** The probe that looks at the host it runs on. */
export const loginProbe: Probe = {
  program: "lvsctl_login",
  script: SCRIPT,
  allows: (args) => args.every((word) => /^[a-z][a-z-]{0,14}$/.test(word)),
};

/** The read command; `programs`: prefixes of the names to look for, at most 15 characters each. */
export function readLogin(programs: readonly string[]): ReadCommand {
  return { name: "login", argv: [loginProbe.program, ...programs], script: SCRIPT };
}

/** Parses what the read printed. */
export function parseLogin(outputs: ReadOutputs): FoundLogin {
  const printed = outputs.get("login")?.stdout ?? "";
  return {
    login: connectionIn(printed),
    hardware: new Map(
      [...printed.matchAll(/^hardware (\S+) (\S+)$/gm)].map(([, device = "", mac = ""]) => [mac.toLowerCase(), device]),
    ),
    knowsPrograms: /^looked$/m.test(printed),
    programs: [...printed.matchAll(/^process (\d+) (.+)$/gm)].map(([, process, name = ""]) => ({
      name,
      process: Number(process),
    })),
  };
}

function connectionIn(text: string): Login | undefined {
  const [, client, clientPort, address, port] = /^login (\S+) (\d+) (\S+) (\d+)$/m.exec(text) ?? [];
  const [from, to] = [endOf(client), endOf(address)];
  const family = addressFamily(from ?? "");
  if (from === undefined || to === undefined || family === undefined) return undefined;
  const [reply] = parseRoutes(/^reply (.*)$/m.exec(text)?.[1] ?? "", family);
  return {
    family,
    client: from,
    clientPort: Number(clientPort),
    address: to,
    port: Number(port),
    ...(reply ? { reply: replyFrom(reply) } : {}),
  };
}

function replyFrom({ via, device, type, options }: Route): NonNullable<Login["reply"]> {
  return {
    type,
    ...(via === undefined ? {} : { via }),
    ...(device === undefined ? {} : { device }),
    ...(options === undefined ? {} : { options }),
  };
}

/** Drops the interface that sshd appends to a link-local address. */
function endOf(text = ""): string | undefined {
  const [address = ""] = text.split("%");
  return addressFamily(address) === undefined ? undefined : canonicalAddress(address);
}
