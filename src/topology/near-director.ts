import { contains, type Family } from "../net/address.ts";
import type { Draft } from "./draft.ts";
import type { Service } from "./topology.ts";

/** The address of a director that a host can make its gateway, because it is in a subnet of the host's; the service's first. */
export function nearDirector(draft: Draft, host: string, service: Pick<Service, "directors" | "family">) {
  const { directors, family } = service;
  const own = (draft.addresses.get(host) ?? []).filter((one) => one.family === family);
  const first = directors.map(({ address }) => address);
  const all = directors.flatMap((director) => addressesOf(draft, director.host, family));
  const near = all.filter((address) => own.some((subnet) => contains(subnet, address))).map(({ address }) => address);
  return near.find((address) => first.includes(address)) ?? near[0];
}

function addressesOf(draft: Draft, host: string, family: Family) {
  return (draft.addresses.get(host) ?? []).filter((one) => one.family === family);
}

/** A hint that makes a director the gateway of a host: `who`, what that host is called in it. */
export function adviseGateway(
  draft: Draft,
  host: string,
  service: Pick<Service, "directors" | "family">,
  who: string,
): string {
  const near = nearDirector(draft, host, service);
  return near === undefined
    ? `Give "${service.directors[0]?.host}" an interface on a subnet of "${host}", and make its address there the gateway`
    : `Set \`gateway: ${near}\`, the director's address${who}`;
}
