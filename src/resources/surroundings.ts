/**
 * What a run has to know of a host besides its resources: by which connection it is logged in itself, who else manages
 * the IPVS table, and who answers for addresses that the host is about to get. Read together with the rest, in one exec.
 */
import { parseRoutes, type Route } from "../lvs/ip-route.ts";
import { addressFamily, canonicalAddress } from "../net/address.ts";
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";
import { outputOf } from "./outputs.ts";
import type { Login } from "./passage.ts";
import type { ResourceKind, RunningProgram, State } from "./resource.ts";

export interface Surroundings {
  /** Undefined where the host was not reached by SSH. */
  readonly login: Login | undefined;
  /** The host's interfaces by hardware address, in lower case. */
  readonly hardware: ReadonlyMap<string, string>;
  /** Those rivals of our kinds that run. */
  readonly programs: readonly RunningProgram[];
  /** Addresses that another machine answers for, with its hardware address where it is known. */
  readonly answered: ReadonlyMap<string, string | undefined>;
}

/** A resource that is wanted on the host. */
interface Wanted {
  readonly kind: string;
  readonly state: State;
  /** The services that want it. */
  readonly services?: readonly string[];
}

const LOGIN = "login";
const ARP = "arp";

/** The reads for a host with these resources. Virtual addresses that the host has already cost no time. */
export function surroundingsReads(
  wanted: readonly Wanted[],
  kinds: ReadonlyMap<string, ResourceKind>,
): readonly ReadCommand[] {
  const asked = [...new Set(wanted.flatMap((one) => candidates(one, kinds)))].flatMap((one) => one.split(" "));
  const names = [...new Set(wanted.map(({ kind }) => kind))];
  const programs = names.flatMap((name) => kinds.get(name)?.rivals?.programs ?? []);
  return [
    ...(asked.length > 0 ? [{ name: ARP, argv: ["lvsctl_arp", ...asked], early: true } as const] : []),
    { name: LOGIN, argv: ["lvsctl_login", ...programs] },
  ];
}

/** `eth0 172.16.10.10`: virtual IPv4 addresses that neighbours are to find; the loopback device has no neighbours. */
function candidates(
  { kind, state, services = [] }: Wanted,
  kinds: ReadonlyMap<string, ResourceKind>,
): readonly string[] {
  if (services.length === 0) return [];
  const { addresses = [] } = kinds.get(kind)?.network?.(state) ?? {};
  return addresses
    .filter(({ address, device }) => addressFamily(address) === 4 && device !== "lo")
    .map(({ address, device }) => `${device} ${address}`);
}

/** Understands what they printed; what is missing there is nothing that the host could tell. */
export function parseSurroundings(outputs: ReadOutputs): Surroundings {
  const printed = outputOf(outputs, LOGIN).stdout;
  const answers = [...outputOf(outputs, ARP).stdout.matchAll(/^arp \S+ (\S+) (.*)$/gm)];
  return {
    login: parseLogin(printed),
    hardware: new Map(
      [...printed.matchAll(/^hardware (\S+) (\S+)$/gm)].map(([, device = "", mac = ""]) => [mac.toLowerCase(), device]),
    ),
    programs: [...printed.matchAll(/^process (\d+) (.+)$/gm)].map(([, process, name = ""]) => ({
      name,
      process: Number(process),
    })),
    answered: new Map(answers.flatMap(([, address = "", text = ""]) => parseAnswer(address, text))),
  };
}

function parseLogin(text: string): Login | undefined {
  const [, client, clientPort, address, port] = /^login (\S+) (\d+) (\S+) (\d+)$/m.exec(text) ?? [];
  const [from, to] = [endOf(client), endOf(address)];
  const family = addressFamily(from ?? "");
  if (from === undefined || to === undefined || family === undefined) return undefined;
  const [reply] = parseRoutes(/^reply (.*)$/m.exec(text)?.[1] ?? "", family);
  return {
    family,
    client: from,
    clientPort: Number(clientPort),
    address: to,
    port: Number(port),
    ...(reply ? { reply: replyFrom(reply) } : {}),
  };
}

function replyFrom({ via, device, type, options }: Route): NonNullable<Login["reply"]> {
  return {
    type,
    ...(via === undefined ? {} : { via }),
    ...(device === undefined ? {} : { device }),
    ...(options === undefined ? {} : { options }),
  };
}

/** sshd gives a link-local address together with its interface. */
function endOf(text = ""): string | undefined {
  const [address = ""] = text.split("%");
  return addressFamily(address) === undefined ? undefined : canonicalAddress(address);
}

/**
 * The hardware address of whoever answered for an address. iputils' and BusyBox' arping say `Unicast reply from ADDRESS
 * [MAC]`, Thomas Habets' `42 bytes from MAC (ADDRESS)`, a neighbour entry `lladdr MAC`.
 */
function parseAnswer(address: string, text: string): readonly (readonly [string, string])[] {
  const [, mac] = /(?:reply from \S+ \[|bytes from |lladdr )((?:[0-9a-f]{2}:){5}[0-9a-f]{2})/i.exec(text) ?? [];
  return mac === undefined ? [] : [[address, mac.toLowerCase()]];
}
