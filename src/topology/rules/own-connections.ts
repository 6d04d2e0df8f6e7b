/** Services that take the replies to connections which a director opens itself. */
import type { Path } from "../../document/parse-document.ts";
import { andList } from "../../errors/and-list.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { type PortRange, portRange, portsMeet } from "../../lvs/port-range.ts";
import { contains, parseCidr, wholeAddress } from "../../net/address.ts";
import type { HostAddress } from "../../network/host-addresses.ts";
import { localPorts } from "../../network/local-ports.ts";
import type { Draft } from "../draft.ts";
import type { Service } from "../generated/topology-file.ts";
import { addressOf } from "../services.ts";

/** Ports from which some programs ask, and to which they get their answers; who does so, and who can do without. */
interface FixedPorts {
  readonly ports: readonly number[];
  readonly who: string;
  readonly others: string;
}

/** By UDP. Source: RFC 5905, section 9.1, on dstport; RFC 7296, section 2. */
const FIXED: readonly FixedPorts[] = [
  {
    ports: [123],
    who: "ntpd does",
    others: "By default chrony and systemd-timesyncd ask from others",
  },
  {
    ports: [500, 4500],
    who: "strongSwan and Libreswan do to set up IPsec connections of the host itself",
    others: "For strongSwan others can be set (`charon.port` and `charon.port_nat_t` in strongswan.conf)",
  },
];

/** An address with ports that a service takes, and where it says so. */
interface TakenPorts {
  readonly address: string;
  readonly ports: readonly PortRange[];
  readonly protocol: string;
  readonly at: Path;
}

/**
 * LVS-CONFIG-079, a warning, for a range of ports on a director's own address, and for those from which some programs always
 * ask. Tried with Linux 6.1: with ports 23-65535 a request of the director's own timed out, because IPVS gave the answer to a
 * real server.
 */
export function* ownConnections(draft: Draft): Iterable<LvsctlError> {
  const own = draft.withRole("director").flatMap(({ name }) => draft.addresses.get(name) ?? []);
  for (const [name, file] of draft.serviceFiles) {
    for (const taken of takenBy(file)) {
      const network = parseCidr(taken.address);
      const director = own.find((one) => network?.family === one.family && contains(network, wholeAddress(one)));
      if (director === undefined) continue;
      const wide = fromAnyPort(draft, director, taken);
      for (const words of wide === undefined ? fromFixedPorts(director, taken) : [wide]) {
        yield draft.problem("LVS-CONFIG-079", ["services", name, ...taken.at], words);
      }
    }
  }
}

function takenBy({ vip, port, protocol = "tcp", match = [] }: Service): readonly TakenPorts[] {
  const matched = match.map(({ address, ports = ["1-65535"], protocol: its = "tcp" }, index): TakenPorts => {
    return { address, ports: ports.map((range) => portRange(range)), protocol: its, at: ["match", index] };
  });
  if (port === undefined || match.length > 0) return matched;
  const ports = [portRange(port === 0 ? "1-65535" : port)];
  return [{ address: addressOf(vip) ?? "", ports, protocol, at: ["port"] }];
}

/** For programs that leave the choice of their port to the kernel. */
function fromAnyPort(draft: Draft, director: HostAddress, { ports, protocol }: TakenPorts) {
  const host = draft.hosts.get(director.host);
  const local = localPorts(host);
  const wide = ports.filter((range) => range.first < range.last && portsMeet(range, local));
  if (wide.length === 0) return undefined;
  const replies = repliesIn(wide, local, protocol);
  const message = `"${director.host}" opens connections of its own from ports ${show(local)} of ${director.address}; ${replies}.`;
  const moved = host?.managed ? advisePorts(allTaken(draft, director.host)) : undefined;
  const hint =
    moved === undefined
      ? `Choose a free address, or name the service's own ports, outside of ${show(local)}.`
      : `Set net.ipv4.ip_local_port_range to "${moved.first} ${moved.last}" under the \`sysctls\` of "${director.host}", or choose a free address.`;
  return { message, hint };
}

/** The ports that services take on any address of a director: the kernel chooses its own from one range for all of them. */
function allTaken(draft: Draft, director: string): readonly PortRange[] {
  const own = (draft.addresses.get(director) ?? []).map((address) => wholeAddress(address));
  return [...draft.serviceFiles.values()].flatMap(takenBy).flatMap(({ address, ports }) => {
    const network = parseCidr(address);
    return network !== undefined && own.some((one) => contains(network, one)) ? ports : [];
  });
}

function fromFixedPorts({ host, address }: HostAddress, { ports, protocol }: TakenPorts) {
  if (protocol !== "udp") return [];
  return FIXED.flatMap(({ ports: fixed, who, others }) => {
    const taken = fixed.filter((port) => ports.some(({ first, last }) => first <= port && port <= last));
    if (taken.length === 0) return [];
    const [port, that] = taken.length === 1 ? ["port", "that port"] : ["ports", "those ports"];
    const message = `By UDP, ${port} ${andList(taken.map(String))} of ${address} would be the service's: if a program on "${host}" asks from ${that}, as ${who}, the answers would go to real servers. ${others}.`;
    const hint = `Choose a free address, or see to it that no program on "${host}" asks from ${that} of ${address}; if none does, this is no mistake.`;
    return [{ message, hint }];
  });
}

/** What becomes of the replies, as the end of a sentence. */
function repliesIn(taken: readonly PortRange[], local: PortRange, protocol: string): string {
  const name = protocol.toUpperCase();
  if (taken.some(({ first, last }) => first <= local.first && last >= local.last)) {
    const example = protocol === "tcp" ? ": no updates" : protocol === "udp" ? ": no names" : "";
    return `the replies to those by ${name} would go to real servers, and it could reach no server by ${name} from this address${example}`;
  }
  const parts = taken.map(({ first, last }) =>
    show({ first: Math.max(first, local.first), last: Math.min(last, local.last) }),
  );
  return `the replies to those by ${name} from ports ${parts.join(", ")} would go to real servers, and it would miss them`;
}

/** Ports for the host's own use that services leave: those above it if they are enough; undefined if none are. */
function advisePorts(taken: readonly PortRange[]): PortRange | undefined {
  const starts = [1024, ...taken.map(({ last }) => last + 1 + ((last + 1) % 2))];
  const gaps = starts.flatMap((first) => {
    if (taken.some((range) => range.first <= first && first <= range.last)) return [];
    const last = Math.min(65535, ...taken.flatMap((range) => (range.first > first ? [range.first - 1] : [])));
    return last - first < 8192 ? [] : [{ first, last }];
  });
  return gaps.toSorted((one, other) => other.first - one.first)[0];
}

function show({ first, last }: PortRange): string {
  return first === last ? String(first) : `${first}-${last}`;
}
