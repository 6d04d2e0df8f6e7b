/** Services that take the replies to connections which a director opens itself. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { type PortRange, portRange, portsMeet } from "../../lvs/port-range.ts";
import { contains, parseCidr, wholeAddress } from "../../net/address.ts";
import { localPorts } from "../../network/local-ports.ts";
import type { Draft } from "../draft.ts";
import { addressOf } from "../services.ts";

/**
 * LVS-CONFIG-079, a warning, for a range of ports on a director's own address. Tried with Linux 6.1: with ports 23-65535 a
 * request of the director's own timed out, because IPVS gave the answer to a real server.
 */
export function* ownConnections(draft: Draft): Iterable<LvsctlError> {
  const own = draft.withRole("director").flatMap(({ name }) => draft.addresses.get(name) ?? []);
  for (const [name, { vip, port, protocol = "tcp", match = [] }] of draft.serviceFiles) {
    const all =
      port === 0 && match.length === 0
        ? [{ address: addressOf(vip) ?? "", ports: ["1-65535"], at: ["port"], protocol }]
        : [];
    const matched = match.map(({ address, ports = ["1-65535"], protocol = "tcp" }, index) => {
      return { address, ports, at: ["match", index], protocol };
    });
    for (const { address, ports, at, protocol } of [...all, ...matched]) {
      const network = parseCidr(address);
      const director = own.find((one) => network?.family === one.family && contains(network, wholeAddress(one)));
      const host = draft.hosts.get(director?.host ?? "");
      const local = localPorts(host);
      const taken = ports.map((range) => portRange(range));
      const wide = taken.filter((range) => range.first < range.last && portsMeet(range, local));
      if (director === undefined || wide.length === 0) continue;
      const replies = repliesIn(wide, local, protocol);
      const message = `"${director.host}" opens connections of its own from ports ${show(local)} of ${director.address}; ${replies}.`;
      const moved = host?.managed ? advisePorts(taken) : undefined;
      const first =
        moved === undefined
          ? `Leave out the ports from ${local.first} to ${local.last}`
          : `Set net.ipv4.ip_local_port_range to "${moved.first} ${moved.last}" under the \`sysctls\` of "${director.host}"`;
      yield draft.problem("LVS-CONFIG-079", ["services", name, ...at], {
        message,
        hint: `${first}, or choose a free address.`,
      });
    }
  }
}

/** What becomes of the replies, as the end of a sentence. */
function repliesIn(taken: readonly PortRange[], local: PortRange, protocol: string): string {
  const name = protocol.toUpperCase();
  if (taken.some(({ first, last }) => first <= local.first && last >= local.last)) {
    const example = protocol === "tcp" ? ": no updates" : protocol === "udp" ? ": no names" : "";
    return `the replies to those by ${name} would go to real servers, and it could ask nobody by ${name} from this address${example}`;
  }
  const parts = taken.map(({ first, last }) =>
    show({ first: Math.max(first, local.first), last: Math.min(last, local.last) }),
  );
  return `the replies to those by ${name} from ports ${parts.join(", ")} would go to real servers, and it would miss them`;
}

/** Ports for the host's own use that the service leaves: those above it if they are enough; undefined if none are. */
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
