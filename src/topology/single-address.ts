import type { Service } from "./topology.ts";

/** The first address at which a service is asked: its virtual one, or a single one that its mark matches. */
export function singleAddress({ vip, match }: Pick<Service, "vip" | "match">): string | undefined {
  return vip?.address ?? match.find(({ prefix }) => prefix !== undefined)?.address;
}
