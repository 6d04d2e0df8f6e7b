/** Who can ask by NDP, or by a ping, which machine has an address. Pure. */
import type { Host } from "../topology/topology.ts";

/** A host, and the interface at which it asks. */
export interface Asker {
  readonly host: string;
  readonly device: string;
}

/**
 * The hosts on these segments that do not have the address, those first that lead nobody else's traffic. `has`: whether a host
 * has it.
 */
export function askersOn(
  segments: ReadonlySet<string | undefined>,
  hosts: readonly Host[],
  has: (host: string) => boolean,
): readonly Asker[] {
  const able = hosts.filter(({ name }) => !has(name));
  const leads = ({ roles }: Host) => roles.includes("firewall") || roles.includes("director");
  return [...able.filter((host) => !leads(host)), ...able.filter(leads)].flatMap(({ name, interfaces }) =>
    interfaces.filter(({ segment }) => segments.has(segment)).map((one) => ({ host: name, device: one.name })),
  );
}
