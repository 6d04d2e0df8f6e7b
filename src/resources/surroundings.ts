/**
 * What a run has to know about a host besides its resources: the connection of its own login, who else manages the same
 * things, who answers for addresses that the host is about to get, and what filters packets. Read together with the rest, in
 * one exec.
 */
import type { FilteredPacket } from "../lvs/filtered-packet.ts";
import { addressFamily, type Family } from "../net/address.ts";
import { parseArp, readArp } from "../probes/arp.ts";
import { type FoundFilters, parseFilters, readFilters } from "../probes/filters.ts";
import { type FoundLogin, parseLogin, readLogin } from "../probes/login.ts";
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";
import type { PlacedAddress } from "./network.ts";
import type { OtherFilters, ResourceKind, State } from "./resource.ts";

/** What was found around a host. */
export interface Surroundings extends FoundLogin, FoundFilters {
  /** Addresses that another machine answers for, with its hardware address where it is known. */
  readonly answered: ReadonlyMap<string, string | undefined>;
  /** Addresses of which nobody could be asked, with the reason. */
  readonly unasked: ReadonlyMap<string, string>;
  /** What the packets meet that pass the host; absent if none does. */
  readonly filters?: readonly OtherFilters[];
}

/** A resource that is wanted on the host. */
interface Wanted {
  readonly kind: string;
  readonly state: State;
  /** The services that want it. */
  readonly services?: readonly string[];
}

type Kinds = ReadonlyMap<string, ResourceKind>;

/**
 * The reads for a host with these resources, which these packets pass: rival programs, neighbours that have their addresses,
 * and packet filters.
 */
export function surroundingsReads(
  wanted: readonly Wanted[],
  kinds: Kinds,
  passing: readonly FilteredPacket[] = [],
): readonly ReadCommand[] {
  const asked = new Map(
    wanted.flatMap((one) => announced(one, kinds)).map((placed) => [`${placed.device} ${placed.address}`, placed]),
  );
  const names = [...new Set(wanted.map(({ kind }) => kind))];
  const programs = names.flatMap((name) => kinds.get(name)?.rivals?.programs ?? []);
  const letsIn = wanted.some(({ kind, state }) => kinds.get(kind)?.letsIn?.(state) !== undefined);
  return [
    ...(asked.size > 0 ? [readArp([...asked.values()])] : []),
    readLogin(programs),
    ...(letsIn || passing.length > 0 ? [readFilters] : []),
    ...(passing.length > 0
      ? [...kinds.values()].flatMap(({ filters }) => filters?.read(familiesOf(passing)) ?? [])
      : []),
  ];
}

function familiesOf(packets: readonly FilteredPacket[]): readonly Family[] {
  return [...new Set(packets.map(({ family }) => family))];
}

/** The virtual IPv4 addresses that neighbours must be able to find; the loopback device has no neighbours. */
function announced({ kind, state, services = [] }: Wanted, kinds: Kinds): readonly PlacedAddress[] {
  const { addresses = [] } = services.length === 0 ? {} : (kinds.get(kind)?.network?.(state) ?? {});
  return addresses.filter(({ address, device }) => addressFamily(address) === 4 && device !== "lo");
}

/** Parses what the reads for a host with these resources printed; whatever the host could not tell is missing. */
export function parseSurroundings(
  outputs: ReadOutputs,
  wanted: readonly Wanted[] = [],
  kinds: Kinds = new Map(),
  passing: readonly FilteredPacket[] = [],
): Surroundings {
  const filters = [...kinds.values()].flatMap(
    ({ kind, filters: own }) =>
      own?.parse(
        outputs,
        familiesOf(passing),
        wanted.flatMap((one) => (one.kind === kind ? [one.state] : [])),
      ) ?? [],
  );
  const asked = wanted.flatMap((one) => announced(one, kinds)).map(({ address }) => address);
  return {
    ...parseLogin(outputs),
    ...parseArp(outputs, asked),
    ...parseFilters(outputs),
    ...(passing.length > 0 ? { filters } : {}),
  };
}
