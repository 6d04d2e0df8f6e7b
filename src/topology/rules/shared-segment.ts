/** If a mode hands packets over within a segment, real servers have to be on one of the director's. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { wholeAddress } from "../../net/address.ts";
import { NetworkTable } from "../../net/network-table.ts";
import type { Draft } from "../draft.ts";
import { interfaceAddressPath } from "../interface-address-path.ts";
import { orUse } from "../other-modes.ts";
import type { Service } from "../topology.ts";

/** LVS-CONFIG-035 for a real server on another segment. */
export function* sharedSegment(draft: Draft): Iterable<LvsctlError> {
  for (const service of draft.services) {
    if (draft.modeOf(service).traits.reach === "segment") yield* checkSegments(draft, service);
  }
}

function* checkSegments(draft: Draft, service: Service): Iterable<LvsctlError> {
  const mode = draft.modeOf(service);
  const { traits } = mode;
  const isUnchanged = mode.rewrites("destination") === false && mode.rewrites("outer") === false;
  const why = isUnchanged
    ? `In mode ${mode.name} requests leave the director with the virtual address as their destination, and a router between them would send them back to it.`
    : `The mode ${mode.name} is only for real servers on a segment of the director's.`;
  for (const director of service.directors) {
    const near = draft.addresses.get(director.host) ?? [];
    const segments = new Set(near.map(({ segment }) => segment));
    const subnets = new NetworkTable(near.map((address) => [address, address.network]));
    for (const realServer of service.realServers) {
      const own = draft.ownerOf(realServer.address);
      if (own === undefined || own.host !== realServer.host) continue;
      if (segments.has(own.segment) || subnets.smallest(wholeAddress(own)) !== undefined) continue;
      const message = `"${realServer.host}" (${own.address}) and the director "${director.host}" (${director.address}) are on different segments. ${why}`;
      const way = orUse(draft, ({ reach, answeredBy }) => reach === "routed" && answeredBy === traits.answeredBy);
      const hint = `Put both on one segment (\`networks\` says which subnets share one)${way === "" ? "" : `${way} for real servers behind routers`}.`;
      yield draft.problem("LVS-CONFIG-035", interfaceAddressPath(draft, own), { message, hint });
    }
  }
}
