/** Hosts that get packets which seem to come from themselves, and drop them. Pure. */
import type { Host } from "../topology/topology.ts";
import { forwards } from "./forwarding.ts";
import { interfaceSysctl } from "./interface-sysctl.ts";
import type { Leg } from "./legs.ts";
import type { Network } from "./network.ts";

/** A host that drops packets because it has their source itself. */
export interface OwnSource {
  readonly host: string;
  /** The interface at which they come in. */
  readonly device: string;
  readonly source: string;
  /** The host that sends them there. */
  readonly before: string;
}

/**
 * The first host on this part of a way that has the source of its packets itself and therefore drops them: an IPv4 kernel does,
 * unless accept_local is set; strict rp_filter then still drops them where they come in by another interface. An IPv6 kernel
 * forwards them: tried in a lab. Source: fib_validate_source in the kernel's net/ipv4/fib_frontend.c.
 */
export function ownSource(network: Network, hosts: ReadonlyMap<string, Host>, leg: Leg): OwnSource | undefined {
  const { source, way } = leg;
  if (source?.family !== 4) return undefined;
  const at = way.entries.findIndex((device, index) => {
    const host = way.hosts[index + 1] ?? "";
    return network.takes(host, source.address) && !acceptsItsOwn(hosts.get(host), device);
  });
  const [before, host] = way.hosts.slice(at, at + 2);
  const device = way.entries[at];
  if (at < 0 || before === undefined || host === undefined || device === undefined) return undefined;
  return { host, device, source: source.address, before };
}

/** Whether a host forwards packets that have an address of its own as their source. */
function acceptsItsOwn(host: Host | undefined, device: string): boolean {
  if (host === undefined || interfaceSysctl(host, device, "accept_local") !== 1) return false;
  return forwards(host, 4) === "yes" && interfaceSysctl(host, device, "rp_filter") !== 1;
}
