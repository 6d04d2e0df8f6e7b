/**
 * Services on several ports or addresses. What IPVS can do with an ordinary virtual service for each port and address is
 * written as those; ranges, and one real server for a client on all of them, need a firewall mark. Pure.
 */
import type { Path } from "../document/parse-document.ts";
import { entryOf } from "../lvs/service-name.ts";
import { canonicalAddress, type Family, parseCidr } from "../net/address.ts";
import type { Service } from "./generated/topology-file.ts";
import { listOf } from "./hosts.ts";

/** The virtual services that the file's entries stand for. */
export interface SpreadServices {
  /** By name: that of the entry, or for one of several the entry's with its port or address, `web:443`. */
  readonly services: ReadonlyMap<string, Service>;
  /** The same with each address of a marked service as the virtual address that it is, for rules about those. */
  readonly addressed: ReadonlyMap<string, Service>;
  /** Where the file says what a path in these services leads to. */
  writtenAt(path: Path): Path;
}

/** A port, address or range of an entry, and its index in the entry's list; undefined if it is no list. */
interface Item<T> {
  readonly value: T;
  readonly index: number | undefined;
}

type Vip = NonNullable<Service["vip"]>;

/** One virtual service of an entry, and where the entry has what this service has elsewhere. */
interface Part {
  readonly name: string;
  readonly service: Service;
  readonly origins: readonly (readonly [own: Path, written: Path])[];
  /** For a marked service: its addresses as the entry has them. */
  readonly vips?: readonly Vip[];
}

/** How many pairs of address and port an entry lists; a range of ports counts as one. */
export function listedPairs({ vips, ports }: Service): number {
  return (vips?.length ?? 1) * (ports?.length ?? 1);
}

/** Spreads entries with `ports` or `vips` over virtual services; the others are left as they are. */
export function spread(entries: ReadonlyMap<string, Service>, topology: string): SpreadServices {
  const marks = new Set([...entries.values()].flatMap(({ fwmark }) => fwmark ?? []));
  const parts = [...entries].flatMap(([name, entry]) =>
    partsOf(name, entry, (part) => freeMark(topology, part, marks)),
  );
  const addressed = parts.flatMap((part) => (part.service.match === undefined ? [part] : addressesOf(part)));
  const origins = new Map([...parts, ...addressed].map((part) => [part.name, part.origins]));
  return {
    services: new Map(parts.map(({ name, service }) => [name, service])),
    addressed: new Map(addressed.map(({ name, service }) => [name, service])),
    writtenAt(path) {
      const [first, name, ...rest] = path;
      if (first !== "services" || typeof name !== "string") return path;
      const found = origins.get(name)?.find(([own]) => own.every((key, index) => rest[index] === key));
      const within = found === undefined ? rest : [...found[1], ...rest.slice(found[0].length)];
      return [first, entryOf(name), ...within];
    },
  };
}

/** A marked service once for each single address that it matches. */
function addressesOf({
  name,
  service: { match = [], fwmark: _fwmark, ...rest },
  origins,
  vips = [],
}: Part): readonly Part[] {
  return match.flatMap(({ address, ports: [port] = [], interface: device }, index): readonly Part[] => {
    if (address.includes("/")) return [];
    const at = ["match", index, "address"];
    const written = origins.find(([own]) => own.join(" ") === at.join(" "))?.[1] ?? at;
    const vip = vips[index] ?? (device === undefined ? address : { address, interface: device });
    const first = Number.parseInt(String(port ?? 0), 10);
    return [
      {
        name: `${name}@${inUrl(address)}`,
        service: { ...rest, vip, port: first },
        origins: [
          ...(vips[index] === undefined
            ? [
                [
                  ["vip", "interface"],
                  ["match", index, "interface"],
                ] as const,
              ]
            : []),
          [["vip"], written],
          [["port"], written],
        ],
      },
    ];
  });
}

/**
 * Whether one virtual service has to stand for these addresses, which are of one family, with all ports: IPVS knows ranges, and
 * a client across ports, only by marks.
 */
function needsMark({ persistence }: Service, ports: readonly Item<string>[], vips: readonly Item<Vip>[]): boolean {
  const isRange = ports.some(({ value }) => value.includes("-"));
  return isRange || (persistence !== undefined && ports.length * vips.length > 1);
}

function partsOf(name: string, entry: Service, markOf: (part: string) => number): readonly Part[] {
  const { ports: portList, vips: vipList, ...rest } = entry;
  if (portList === undefined && vipList === undefined) return [{ name, service: entry, origins: [] }];
  if (entry.fwmark !== undefined) return [{ name, service: rest, origins: [] }];
  const vips = vipList === undefined ? itemsOf(entry.vip) : vipList.map(toItem);
  const ports = portList === undefined ? itemsOf(entry.port?.toString()) : portList.map(String).map(toItem);
  const [firstVip, firstPort] = [vips[0], ports[0]];
  if (firstVip === undefined || firstPort === undefined) {
    const known = {
      ...(firstVip && { vip: firstVip.value }),
      ...(firstPort && { port: Number.parseInt(firstPort.value, 10) }),
    };
    return [{ name, service: { ...rest, ...known }, origins: [] }];
  }
  const ofFamily = (family: Family) => vips.filter(({ value }) => familyOf(value) === family);
  const byFamily = new Map(vips.map(({ value }) => familyOf(value)).map((family) => [family, ofFamily(family)]));
  return vips.flatMap((vip) => {
    const family = familyOf(vip.value);
    const all = byFamily.get(family) ?? [];
    const inIts = (part: Part) => inFamily(part, family, byFamily.size);
    if (needsMark(entry, ports, all)) {
      if (all[0] !== vip) return [];
      const part = byFamily.size === 1 ? name : `${name}@ipv${family}`;
      return [publishedApart(inIts(marked(part, rest, ports, all, markOf(part))), all, vips.length)];
    }
    const at = vips.length === 1 ? "" : `@${inUrl(addressOf(vip.value))}`;
    return ports.map((port) => {
      const part = ordinary(`${name}${at}${ports.length === 1 ? "" : `:${port.value}`}`, rest, port, vip);
      return publishedApart(inIts(part), [vip], vips.length);
    });
  });
}

function ordinary(name: string, rest: Service, port: Item<string>, vip: Item<Vip>): Part {
  const origins: readonly (readonly [Path, Path])[] = [
    ...(vip.index === undefined ? [] : [[["vip"], ["vips", vip.index]] as const]),
    ...(port.index === undefined ? [] : [[["port"], ["ports", port.index]] as const]),
  ];
  const own = { ...rest, vip: vip.value, port: Number(port.value) };
  return { name, service: { ...own, ...testOf(rest, port) }, origins };
}

/** Where an entry has addresses of both families, each service gets the local ones of its own. */
function inFamily(part: Part, family: Family, families: number): Part {
  const all = part.service.localAddresses ?? [];
  if (families === 1 || all.length === 0) return part;
  const own = all.flatMap((address, index) => (parseCidr(address)?.family === family ? [{ address, index }] : []));
  const origins = own.map(
    ({ index }, at) =>
      [
        ["localAddresses", at],
        ["localAddresses", index],
      ] as const,
  );
  const service = { ...part.service, localAddresses: own.map(({ address }) => address) };
  return { ...part, service, origins: [...part.origins, ...origins] };
}

/** Of several public addresses for several virtual ones each leads to its own; a service gets those of its own ones. */
function publishedApart(part: Part, vips: readonly Item<Vip>[], all: number): Part {
  const { publish } = part.service;
  if (publish === undefined || all === 1) return part;
  if (!Array.isArray(publish.address) && vips.some(({ index }) => index === 0)) return part;
  const own = listOf(publish.address).flatMap((address, index) =>
    vips.some((vip) => vip.index === index) ? [{ address, index }] : [],
  );
  const origins = own.map(
    ({ index }, at) =>
      [
        ["publish", "address", at],
        ["publish", "address", index],
      ] as const,
  );
  const service = { ...part.service, publish: { ...publish, address: own.map(({ address }) => address) } };
  return { ...part, service, origins: [...part.origins, ...origins] };
}

/** A test that names one of several ports leaves out the others. */
function testOf({ verify }: Service, { value, index }: Item<string>): Pick<Service, "verify"> {
  if (index === undefined || verify === undefined) return {};
  const port = typeof verify === "object" ? verify.port : undefined;
  return { verify: port === undefined || port === Number(value) ? verify : { type: "none", port } };
}

function marked(
  name: string,
  { vip: _vip, port: _port, protocol, ...rest }: Service,
  ports: readonly Item<string>[],
  vips: readonly Item<Vip>[],
  fwmark: number,
): Part {
  const covered = ports.map(({ value }) => value).filter((port) => port !== "0");
  const match = vips.map(({ value }) => ({
    address: addressOf(value),
    ...(protocol === undefined ? {} : { protocol }),
    ...(covered.length === 0 ? {} : { ports: covered }),
    ...(typeof value === "object" && value.interface !== undefined ? { interface: value.interface } : {}),
  }));
  const cause = ports.some(({ index }) => index !== undefined) ? ["ports"] : ["vips"];
  const origins = vips.flatMap((vip, index): Part["origins"] => {
    const address = vip.index === undefined ? ["vip"] : ["vips", vip.index];
    const own = ["match", index];
    return [
      ...ports.map((port, at) => {
        return [[...own, "ports", at], port.index === undefined ? ["port"] : ["ports", port.index]] as const;
      }),
      [[...own, "protocol"], ["protocol"]],
      [[...own, "address"], address],
      [own, address],
    ];
  });
  const own = [...origins, [["match"], cause] as const, [["fwmark"], cause] as const];
  return { name, service: { ...rest, fwmark, match }, origins: own, vips: vips.map(({ value }) => value) };
}

/** Marks that lvsctl chooses begin with 4c, an L; the rest of one is a hash of what it is for, so that it stays the same. */
const OWN_MARKS = 0x4c000000;

/** A mark for a service that no service of the file has, and that depends on nothing but names. It is then taken. */
function freeMark(topology: string, service: string, taken: Set<number>): number {
  let mark = OWN_MARKS + (hash(`${topology}/${service}`) & 0xffffff);
  while (taken.has(mark)) mark = OWN_MARKS + ((mark + 1) & 0xffffff);
  taken.add(mark);
  return mark;
}

/** FNV-1a, 32 bits. Source: RFC 9923. */
function hash(text: string): number {
  return [...new TextEncoder().encode(text)].reduce((sum, byte) => Math.imul(sum ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
}

function itemsOf<T>(value: T | undefined): readonly Item<T>[] {
  return value === undefined ? [] : [{ value, index: undefined }];
}

function toItem<T>(value: T, index: number): Item<T> {
  return { value, index };
}

function addressOf(vip: Vip): string {
  return canonicalAddress(typeof vip === "object" ? vip.address : vip);
}

function familyOf(vip: Vip): Family {
  return parseCidr(addressOf(vip))?.family ?? 4;
}

function inUrl(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}
