/** Which interfaces the hosts of a lab have, and which of them can hear one another. Pure. */
import type { Topology } from "../topology/topology.ts";

/** The segment of each interface, by host and interface. */
export type Wiring = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The wiring that a topology describes. */
export function wiringOf({ hosts }: Pick<Topology, "hosts">): Wiring {
  return Object.fromEntries(
    hosts.map(({ name, interfaces }) => [
      name,
      Object.fromEntries(interfaces.map((one) => [one.name, one.segment] as const)),
    ]),
  );
}

/**
 * What a lab has not that was built as `built`, or has otherwise, in words: `lb has no interface eth1`. Addresses, routes and
 * the names of segments do not matter, nor what the lab has besides.
 */
export function misfits(built: Wiring, needed: Wiring): readonly string[] {
  const lacking = Object.entries(needed).flatMap(([host, interfaces]) => {
    const there = built[host];
    if (there === undefined) return [`it has no host ${host}`];
    const missing = Object.keys(interfaces).filter((name) => there[name] === undefined);
    return missing.map((name) => `${host} has no interface ${name}`);
  });
  return [...lacking, ...apart(built, needed, "on one segment"), ...apart(needed, built, "on two segments")];
}

/** Pairs of interfaces that `other` has on one segment, and `one` has not. */
function apart(one: Wiring, other: Wiring, wish: string): readonly string[] {
  const first = new Map<string, { readonly segment: string; readonly place: string }>();
  const found: string[] = [];
  for (const [host, interfaces] of Object.entries(other)) {
    for (const [name, shared] of Object.entries(interfaces)) {
      const segment = one[host]?.[name];
      if (segment === undefined) continue;
      const before = first.get(shared);
      const place = `${name} of ${host}`;
      if (before === undefined) first.set(shared, { segment, place });
      else if (before.segment !== segment) found.push(`${before.place} and ${place} are to be ${wish}`);
    }
  }
  return found;
}
