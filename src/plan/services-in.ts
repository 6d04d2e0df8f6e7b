import type { DesiredResource, DesiredState } from "../compile/desired-state.ts";

/** Every virtual service that asks something of a host. */
export function servicesIn({ hosts, unmanaged = new Map() }: DesiredState): readonly string[] {
  const resources: readonly DesiredResource[] = [...hosts.values(), ...unmanaged.values()].flat();
  return [...new Set(resources.flatMap(({ services }) => services))];
}
