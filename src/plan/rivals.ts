/** Other machines that answer for a topology's addresses: who asks, and what the answers say. Goes by the ledgers. Pure. */
import { addressFamily } from "../net/address.ts";
import { type Asker, askersOn } from "../network/askers.ts";
import { type Hardware, nameOf, whyUnasked } from "../network/hardware.ts";
import type { PlacedAddress } from "../resources/network.ts";
import type { ResourceKind } from "../resources/resource.ts";
import type { Topology } from "../topology/topology.ts";
import type { Drift, Rival } from "./drift.ts";
import { partOf } from "./host-network.ts";
import type { HostState } from "./host-state.ts";
import { isQuietDevice } from "./quiet-device.ts";

/** An address, the hosts that should answer for it, and who asks. */
export interface RivalQuestion {
  readonly address: string;
  /** At least one. */
  readonly owners: readonly string[];
  /** Undefined: none of the hosts here can ask. */
  readonly asker: Asker | undefined;
}

/**
 * One question for each address that a ledger has put where neighbours find it. By ARP the host that has it asks, because
 * then only others answer; by NDP another one on its segment does. `file` alone tells of segments, and of VIPs that are a
 * director's own address.
 */
export function rivalQuestions(
  states: readonly HostState[],
  kinds: ReadonlyMap<string, ResourceKind>,
  file: Pick<Topology, "hosts" | "services"> | undefined,
): readonly RivalQuestion[] {
  const held = states.map((state) => {
    const host = file?.hosts.find(({ name }) => name === state.host);
    return { host: state.host, interfaces: host?.interfaces ?? [], placed: placedOn(state, kinds, file) };
  });
  const here = (file?.hosts ?? []).filter(({ name }) => states.some(({ host }) => host === name));
  const announced = held.flatMap(({ host, interfaces, placed }) =>
    placed
      .filter(({ device }) => !isQuietDevice(device))
      .map(({ address, device }) => {
        return { address, host, device, segment: interfaces.find(({ name }) => name === device)?.segment };
      }),
  );
  return [...new Set(announced.map(({ address }) => address))].map((address) => {
    const owners = announced.filter((one) => one.address === address);
    const segments = new Set(owners.map(({ segment }) => segment));
    const holders = new Set(
      held.filter(({ placed }) => placed.some((one) => one.address === address)).map(({ host }) => host),
    );
    const others = askersOn(segments, here, (host) => holders.has(host));
    const [asker] = addressFamily(address) === 4 ? owners : others;
    return {
      address,
      owners: [...new Set(owners.map(({ host }) => host))],
      asker: asker && { host: asker.host, device: asker.device },
    };
  });
}

/** What the answers say. `answers`: by address; addresses that could not be asked about are missing. */
export function judgeRivals(
  questions: readonly RivalQuestion[],
  answers: ReadonlyMap<string, readonly string[]>,
  hardware: Hardware,
): Pick<Drift, "rivals" | "notes"> {
  const rivals: Rival[] = [];
  const notes: string[] = [];
  for (const { address, owners, asker } of questions) {
    const macs = answers.get(address);
    if (asker === undefined || macs === undefined) {
      notes.push(`${address}: no host could ask who holds it: ${whyUnasked(address, asker?.host)}`);
      continue;
    }
    const strangers = macs.filter((mac) => !owners.some((owner) => hardware.get(owner)?.has(mac)));
    const who = strangers.map((mac) => nameOf(mac, hardware));
    if (who.length > 0) rivals.push({ host: owners.join(" and "), address, asker: asker.host, who });
    else if (macs.length === 0 && !owners.includes(asker.host)) {
      notes.push(`${address}: ${asker.host} asked who holds it, and no host answered, not even ${owners.join(" or ")}`);
    }
  }
  return { rivals, notes };
}

/** The addresses that a host's ledger has put on it, and the VIPs that were its own before. */
function placedOn(
  { host, ledger }: HostState,
  kinds: ReadonlyMap<string, ResourceKind>,
  file: Pick<Topology, "hosts" | "services"> | undefined,
): readonly Pick<PlacedAddress, "address" | "device">[] {
  if (ledger === undefined) return [];
  const placed = ledger.entries.flatMap(({ kind, state }) => partOf(kinds, kind, state).addresses);
  const vips = new Set(
    (file?.services ?? [])
      .filter(({ directors }) => directors.some((director) => director.host === host))
      .flatMap(({ vip, match }) => [...(vip ? [vip.address] : []), ...match.map(({ address }) => address)]),
  );
  const own = (file?.hosts.find(({ name }) => name === host)?.interfaces ?? []).flatMap(({ name, addresses }) =>
    addresses.filter(({ address }) => vips.has(address)).map(({ address }) => ({ address, device: name })),
  );
  return [...placed, ...own];
}
