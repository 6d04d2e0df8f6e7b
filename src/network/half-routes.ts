/** Two routes that together count before every default gateway, as VPN programs write them. Pure. */
import { type Cidr, contains, type Family, parseCidr } from "../net/address.ts";
import type { Host } from "../topology/topology.ts";

/** The two halves of all addresses. */
export const HALVES: Readonly<Record<Family, readonly [Cidr, Cidr]>> = {
  4: [
    { address: "0.0.0.0", prefix: 1, family: 4 },
    { address: "128.0.0.0", prefix: 1, family: 4 },
  ],
  6: [
    { address: "::", prefix: 1, family: 6 },
    { address: "8000::", prefix: 1, family: 6 },
  ],
};

/** The indexes of a host's routes for the first and the second half; undefined unless it has both. */
export function halfRoutes({ routes }: Host, family: Family): readonly [number, number] | undefined {
  const [first = -1, second = -1] = HALVES[family].map((half) =>
    routes.findIndex((route) => {
      const to = parseCidr(route.to);
      return to !== undefined && to.prefix === half.prefix && contains(to, half);
    }),
  );
  return first < 0 || second < 0 ? undefined : [first, second];
}
