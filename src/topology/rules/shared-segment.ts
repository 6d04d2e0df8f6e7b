/** If a mode hands packets over within a segment, real servers have to be on one of the director's. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { wholeAddress } from "../../net/address.ts";
import { NetworkTable } from "../../net/network-table.ts";
import type { Draft } from "../draft.ts";
import { interfaceAddressPath } from "../interface-address-path.ts";
import type { ModeTraits } from "../mode-traits.ts";
import { orForOne, orUse } from "../other-modes.ts";
import type { RealServer, Service } from "../topology.ts";

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
    const isFar = ({ host, address }: RealServer) => {
      const own = draft.ownerOf(address);
      if (own === undefined || own.host !== host) return false;
      return !segments.has(own.segment) && subnets.smallest(wholeAddress(own)) === undefined;
    };
    const far = service.realServers.filter(isFar);
    for (const realServer of far) {
      const own = draft.ownerOf(realServer.address);
      if (own === undefined) continue;
      const message = `"${realServer.host}" (${own.address}) and the director "${director.host}" (${director.address}) are on different segments. ${why}`;
      const isRouted = ({ reach, answeredBy }: ModeTraits) => reach === "routed" && answeredBy === traits.answeredBy;
      const all = orUse(draft, isRouted);
      const way =
        far.length < service.realServers.length
          ? orForOne(draft, service.name, realServer.host, isRouted)
          : all && `${all} for real servers behind routers`;
      const hint = `Put both on one segment (\`networks\` says which subnets share one)${way}.`;
      yield draft.problem("LVS-CONFIG-035", interfaceAddressPath(draft, own), { message, hint });
    }
  }
}
