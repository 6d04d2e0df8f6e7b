/** FTP: what leads its data connections to the real server of their control connection. */
import type { Path } from "../../document/parse-document.ts";
import { andList } from "../../errors/and-list.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { FIRST_DATA_PORT, FTP, FTPS, isPassive, isWellKnown, loginIn } from "../../lvs/ftp.ts";
import { hasPort, portRange, portsMeet } from "../../lvs/port-range.ts";
import { entryOf } from "../../lvs/service-name.ts";
import type { Draft } from "../draft.ts";
import type { Service } from "../generated/topology-file.ts";
import { keepsClient } from "../keeps-client.ts";
import type { ServiceMode } from "../service-mode.ts";

type Ports = NonNullable<Service["ports"]>;
type Matches = NonNullable<Service["match"]>;

interface Mistake {
  /** Default: LVS-CONFIG-073. */
  readonly code?: "LVS-CONFIG-076";
  readonly at: Path;
  readonly message: string;
  readonly hint: string;
}

/**
 * LVS-CONFIG-073 for `helper: ftp` that cannot work. Warnings: LVS-CONFIG-074 for FTP without what it needs, LVS-CONFIG-076 for
 * a port that the kernel watches only if the director has been told so.
 */
export function* ftp(draft: Draft): Iterable<LvsctlError> {
  for (const [name, file] of draft.serviceFiles) {
    const path = ["services", name];
    const entry = draft.entries.get(entryOf(name)) ?? file;
    if (file.helper === "ftp") {
      for (const { code = "LVS-CONFIG-073", at, ...words } of draft
        .modesOf(name)
        .flatMap((mode) => [...mistakes(file, entry, mode)])) {
        yield draft.problem(code, [...path, ...at], words, "key");
      }
    } else {
      yield* bareFtp(draft, name, file, entry);
    }
  }
}

/** FTP without `helper`. */
function* bareFtp(draft: Draft, name: string, file: Service, entry: Service): Iterable<LvsctlError> {
  const login = loginPort(file);
  if (login === undefined) return;
  const modes = draft.modesOf(name);
  const isTranslated = modes.every((mode) => mode.rewrites("destination") === true);
  const translating = modes.find((mode) => mode.rewrites("destination") === true);
  const isKept = login === FTPS ? keepsClient(draft, name) : file.persistence !== undefined;
  const isLed = isKept && takesTransfers(file, login);
  // Nobody but the server can write its answer to an encrypted login, and it may be set to name the right address.
  if (isLed && (translating === undefined || login === FTPS)) return;
  const why = whyBare(isLed ? translating : undefined, file);
  const message = `"${entryOf(name)}" is for port ${login}, and FTP opens a further connection for each transfer: ${why}`;
  const hint = login === FTPS ? advisePassive(file, entry, translating) : adviseHelper(file, entry, isTranslated);
  yield draft.problem("LVS-CONFIG-074", ["services", name], { message, hint }, "key");
}

/** `translating`: a mode that persistence leads data connections in, to an address that the server has told the client. */
function whyBare(translating: ServiceMode | undefined, { persistence }: Service): string {
  if (translating !== undefined) {
    return `in mode ${translating.name} a server that is asked for a passive transfer (PASV) names its own address in place of the virtual one, so logins work and such transfers hang, unless it is set to name the virtual one.`;
  }
  const trouble =
    persistence === undefined
      ? "nothing leads it to the real server of its control connection"
      : "persistence counts on this service's ports alone, and the passive ones are not among them";
  return `${trouble}, so logins work and transfers hang.`;
}

const HELPER = "`helper: ftp`";
const HELPER_AND_PERSISTENCE = "`helper: ftp` and `persistence: { timeout: 300 }`";
const PASSIVE_PORTS =
  'the passive ports that the FTP servers are set to, such as "10000-10100", and 20 for the active mode';
const INSTEAD_OF_MARK = "write `vip` and `port: 21` in place of the mark, where IPVS takes every port from 1024 on";

function adviseHelper(file: Service, { ports, fwmark }: Service, isTranslated: boolean): string {
  const ofNewService = isTranslated ? HELPER : HELPER_AND_PERSISTENCE;
  const settings = isTranslated || file.persistence !== undefined ? HELPER : HELPER_AND_PERSISTENCE;
  if (fwmark !== undefined) {
    const isEnough = isTranslated || takesTransfers(file, FTP);
    return isEnough ? `Add ${settings}.` : `Add ${settings}, and to \`match\` ${PASSIVE_PORTS}; or ${INSTEAD_OF_MARK}.`;
  }
  const rest = "Data connections then need no service of their own, neither for port 20 nor for passive ports.";
  const isMarked = file.match !== undefined;
  if (ports === undefined) {
    const place = isMarked && !isTranslated ? `Make a service for each address, with ${HELPER}` : `Add ${settings}`;
    return `${place}. ${rest}`;
  }
  const [known, passive] = [ports.filter(isWellKnown), ports.filter(isPassive)];
  if (known.length + passive.length === ports.length)
    return `Write \`port: 21\` in place of \`ports\`, and add ${settings}. ${rest}`;
  if (isMarked && isTranslated) return `Add ${HELPER}. ${rest}`;
  const also = passive.length === 0 ? "" : `, and ${andList(passive.map(String))} if those are passive ports`;
  return `Make a service of its own for \`port: 21\`, with ${ofNewService}, and delete ${andList(known.map(String))} here${also}. ${rest}`;
}

/** Whether a list of ports is of FTP's own, the data port 20 included, and of nothing else. */
function isFtpAlone(ports: Ports = []): boolean {
  return ports.some((port) => hasPort(port, FTP)) && ports.every(isWellKnown);
}

/** What to do about encrypted logins, which no module can read: all ports in one service, and servers that know its address. */
function advisePassive(file: Service, { fwmark, ports }: Service, translating: ServiceMode | undefined): string {
  const passive = "the passive ports that the servers are set to";
  const place =
    fwmark !== undefined
      ? `put ${passive}, such as "10000-10100", into \`match\``
      : ports !== undefined
        ? `add ${passive}, such as "10000-10100", to \`ports\``
        : `write \`ports: [${FTPS}, "10000-10100"]\` in place of \`port\`, with ${passive}`;
  const parts = [
    ...(takesTransfers(file, FTPS) ? [] : [place]),
    ...(file.persistence === undefined ? ["add `persistence: { timeout: 300 }`"] : []),
    ...(translating === undefined
      ? []
      : ["set the servers to name the virtual address for passive transfers (vsftpd: `pasv_address`)"]),
  ];
  return `${parts.join(", and ").replace(/^./, (letter) => letter.toUpperCase())}.`;
}

/** FTP's port for logins that a service names, if it is not tested there as another protocol. */
function loginPort({ port, protocol = "tcp", match, testPage, verify }: Service): number | undefined {
  const { type, port: tested } = typeof verify === "object" ? verify : { type: verify, port: undefined };
  const isNamed = (login: number) => {
    if (testPage === true || ((type === "http" || type === "https") && (tested ?? login) === login)) return false;
    if (match === undefined) return port === login && protocol === "tcp";
    const tcp = match.filter((one) => (one.protocol ?? "tcp") === "tcp");
    return tcp.some(({ ports = [] }) => ports.some((text) => loginIn(text) === login));
  };
  return [FTP, FTPS].find(isNamed);
}

/**
 * Whether data connections belong to a service: to one on port 21 they do, but a mark is on the ports that it matches alone.
 * Source: FTPPORT in the kernel's ip_vs_ctl.c and ip_vs_core.c.
 */
function takesTransfers({ match }: Pick<Service, "match">, login: number): boolean {
  if (match === undefined) return login === FTP;
  return match.some((one) => {
    if ((one.protocol ?? "tcp") !== "tcp") return false;
    const ranges = (one.ports ?? ["1-65535"]).map((text) => portRange(text));
    return ranges.some(({ first, last }) => first < last && last > FIRST_DATA_PORT); // Hardly a single port.
  });
}

/** `file`: a virtual service; `entry`: what the user has written. */
function* mistakes(file: Service, entry: Service, mode: ServiceMode): Iterable<Mistake> {
  const { port, persistence, publish, match } = file;
  const translates = mode.rewrites("destination");
  if (entry.fwmark === undefined && (entry.protocol ?? "tcp") !== "tcp") {
    const message = `FTP goes over TCP, and the service is for ${entry.protocol?.toUpperCase()}.`;
    yield { at: ["protocol"], message, hint: "Delete `protocol`." };
    return;
  }
  const passed = publish?.port ?? port;
  if (publish !== undefined && match === undefined && passed !== undefined) {
    const ports = entry.ports === undefined ? `port ${passed}` : `ports ${entry.ports.join(" and ")}`;
    const message = `"${publish.on}" passes on what arrives at ${ports}, and data connections go to other ports.`;
    yield {
      at: ["publish"],
      message,
      hint: "Delete `publish`, and give the service a `vip` that clients can reach themselves.",
    };
  }
  if (translates === false && persistence === undefined) {
    const message = `In mode ${mode.name} the director sees no reply, and does not learn which port a server offers for a transfer; only persistence leads a client's data connections to the real server that it is logged in to.`;
    const alone = isFtpAlone(entry.ports) ? ", and write `port: 21` in place of `ports`" : "";
    yield { at: ["helper"], message, hint: `Add \`persistence: { timeout: 300 }\`${alone}.` };
  }
  yield* match === undefined ? portMistakes(port, entry, translates) : matchMistakes(match, entry, translates);
}

function* portMistakes(port: number | undefined, { ports }: Service, translates?: boolean): Iterable<Mistake> {
  if (port === undefined || port === 0 || port === FTP) return;
  if (isFtpAlone(ports)) {
    if (translates === false) return; // What is said about persistence says this too.
    const message = `Nobody connects to port ${port}: FTP servers open data connections from there, and the helper handles them.`;
    yield { code: "LVS-CONFIG-076", at: ["port"], message, hint: "Write `port: 21` in place of `ports`." };
    return;
  }
  const others = ports?.filter((one) => String(one) !== String(port)) ?? [];
  if (translates !== false && port === FTPS) {
    const message = `Port ${port} is for FTP that is encrypted from its first byte on (FTPS), and ip_vs_ftp cannot read what is encrypted, so it leads no data connections.`;
    const apart = `Leave ${port} out of \`ports\`, and make a service of its own for it, without \`helper\` and with`;
    const here = others.length === 0 ? "Delete `helper`, and write" : apart;
    const hint = `${here} \`ports: [${port}, "10000-10100"]\`, with the passive ports that the FTP servers are set to, and \`persistence: { timeout: 300 }\`. Set the servers to name the virtual address for passive transfers (vsftpd: \`pasv_address\`).`;
    yield { at: ["port"], message, hint };
    return;
  }
  const instead = others.length === 0 ? "set `port: 21`" : `leave ${port} out of \`ports\``;
  if (translates === false) {
    const message = `FTP is not followed on port ${port}: by persistence IPVS follows it on port 21 alone.`;
    const list = [...others, port, "10000-10100"].map((one) => (/-/.test(String(one)) ? `"${one}"` : one)).join(", ");
    const place = ports === undefined ? " in place of `port`" : "";
    const write = `write \`ports: [${list}]\`${place}, with the passive ports that the FTP servers are set to.`;
    const isEncrypted = port === FTPS && ports === undefined; // Nobody would answer on port 21.
    const hint = (isEncrypted ? write : `${instead}, or ${write}`).replace(/^./, (letter) => letter.toUpperCase());
    yield { at: ["port"], message, hint };
  } else {
    const message = `The module ip_vs_ftp watches port 21, and ${port} only where it is loaded with that port; once loaded it stays as it is.`;
    const listen = others.length === 0 ? `: real servers can listen on ${port} all the same` : "";
    const hint = `${instead}${listen}. Or write "options ip_vs_ftp ports=21,${port}" into /etc/modprobe.d/ip_vs_ftp.conf on each director before the module is loaded; where that is done, this is no mistake.`;
    yield { code: "LVS-CONFIG-076", at: ["port"], message, hint: hint.replace(/^./, (letter) => letter.toUpperCase()) };
  }
}

function* matchMistakes(match: Matches, { fwmark, ports }: Service, translates?: boolean): Iterable<Mistake> {
  const covers = (from: number, to: number) => match.some((one) => coversSome(one, from, to));
  const isWritten = fwmark !== undefined;
  if (translates !== false && !covers(FTP, FTP)) {
    const message = isWritten
      ? "The mark is on no packet for port 21, which is the one that ip_vs_ftp watches."
      : "The service is not for port 21, which is the one that ip_vs_ftp watches.";
    const hint = isWritten ? "Add port 21 to `match`." : ports === undefined ? "Set `port: 21`." : "Add 21 to `ports`.";
    yield { at: ["match"], message, hint };
  }
  if (translates !== false || covers(FIRST_DATA_PORT, 65535)) return;
  if (isWritten) {
    const message =
      "The mark is on no packet for a passive port, so that data connections do not belong to the service.";
    const hint = `Add ${PASSIVE_PORTS}; or ${INSTEAD_OF_MARK}.`;
    yield { at: ["match"], message, hint };
  } else if (isFtpAlone(ports)) {
    const message = "None of `ports` is a passive port, so that data connections do not belong to the service.";
    const hint = `Write \`port: 21\` in place of \`ports\`: IPVS then takes every port from 1024 on, and 20. Or add ${PASSIVE_PORTS}.`;
    yield { at: ["match"], message, hint };
  } else {
    const [key, what] = ports === undefined ? ["port", "address"] : ["ports", "port"];
    const message = `With persistence on several ${what === "port" ? "ports" : "addresses"} a client's connections count on \`${key}\` alone, and no passive port is among them, so that data connections do not belong to the service.`;
    const known = andList((ports ?? []).filter(isWellKnown).map(String));
    const apart =
      what === "port"
        ? `Make a service of its own for \`port: 21\`, with ${HELPER_AND_PERSISTENCE}, and delete ${known} and \`helper\` here`
        : "Make a service for each address in place of this one, with `vip` in place of `vips`";
    const hint = `${apart}: IPVS then takes every port from 1024 on. Or put into \`ports\` ${PASSIVE_PORTS}.`;
    yield { at: ["match"], message, hint };
  }
}

function coversSome({ protocol = "tcp", ports }: Matches[number], from: number, to: number) {
  if (protocol !== "tcp") return false;
  return (ports ?? ["1-65535"]).some((text) => portsMeet(portRange(text), { first: from, last: to }));
}
