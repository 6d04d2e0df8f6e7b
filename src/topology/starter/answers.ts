/** What a first topology is made from: a mode, and the addresses of the hosts. */
import { type Cidr, contains, formatCidr, networkOf } from "../../net/address.ts";
import type { ModeTraits } from "../mode-traits.ts";

/** What an address is for; also the name of its flag. */
export type AddressKind = "director" | "real-server" | "vip" | "local-address" | "client" | "firewall" | "gateway";

/** The mode of the service. */
export interface StarterMode {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly traits: ModeTraits;
}

/** What is known so far. An address of no subnet of its own (a VIP, a gateway) has a prefix of 32 or 128. */
export interface Answers {
  readonly mode: StarterMode;
  readonly port: number;
  readonly addresses: Readonly<Record<AddressKind, readonly Cidr[]>>;
  /** Whether nobody has named the client: it is there for the lab. */
  readonly isClientSample?: boolean;
}

/** Nothing is known but the mode. */
export function noAnswers(mode: StarterMode): Answers {
  const addresses = {
    director: [],
    "real-server": [],
    vip: [],
    "local-address": [],
    client: [],
    firewall: [],
    gateway: [],
  };
  return { mode, port: 80, addresses };
}

/** Whether the real servers' replies have to come back to the director, though they are addressed to the client. */
export function repliesThroughDirector({ answeredBy, rewrites }: ModeTraits): boolean {
  return answeredBy === "director" && rewrites?.source !== "always";
}

/** The subnet in which clients and routers look for the VIP; undefined as long as there is no director. */
export function outerSubnet({ addresses }: Answers): Cidr | undefined {
  const [outer] = addresses.director;
  return outer && networkOf(outer);
}

/** The director's subnet towards the real servers; the outer one if it has no other. */
export function innerSubnet({ addresses }: Answers): Cidr | undefined {
  const inner = addresses.director.at(-1);
  return inner && networkOf(inner);
}

/** The subnets that a router has to join and that the firewall is not in yet; the director's is the first of all. */
export function unjoinedSubnets(answers: Answers): readonly Cidr[] {
  const { director, client, firewall } = answers.addresses;
  const outer = outerSubnet(answers);
  const beyond = [...answers.addresses["real-server"], ...client]
    .map(networkOf)
    .filter((network) => !director.some((address) => contains(networkOf(address), network)));
  if (outer === undefined || beyond.length === 0) return [];
  const joined = new Set(firewall.map((address) => formatCidr(networkOf(address))));
  const all = new Map([outer, ...beyond].map((network) => [formatCidr(network), network]));
  return [...all].filter(([name]) => !joined.has(name)).map(([, network]) => network);
}
