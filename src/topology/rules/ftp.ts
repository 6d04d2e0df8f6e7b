/** FTP: what leads its data connections to the real server of their control connection. */
import type { Path } from "../../document/parse-document.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { portRange, portsMeet } from "../../lvs/port-range.ts";
import type { Draft } from "../draft.ts";
import type { Service } from "../generated/topology-file.ts";
import type { ServiceMode } from "../service-mode.ts";

/** The kernel's own port of FTP: FTPPORT in include/net/ip_vs.h, and what ip_vs_ftp watches. */
const FTP = 21;
/** In modes without translation, IPVS takes what a client sends to ports from here on for its data connections. */
const FIRST_DATA_PORT = 1024;

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
    if (file.helper === "ftp") {
      for (const { code = "LVS-CONFIG-073", at, ...words } of draft
        .modesOf(name)
        .flatMap((mode) => [...mistakes(file, mode)])) {
        yield draft.problem(code, [...path, ...at], words, "key");
      }
    } else if (isBareFtp(file)) {
      const message = `"${name}" is for port 21, and FTP opens a further connection for each transfer: nothing leads it to the real server of its control connection, so logins work and transfers hang.`;
      const hint = draft.modesOf(name).every((mode) => mode.rewrites("destination") === true)
        ? "Add `helper: ftp`."
        : "Add `helper: ftp` and `persistence: { timeout: 300 }`.";
      yield draft.problem("LVS-CONFIG-074", path, { message, hint }, "key");
    }
  }
}

function isBareFtp({ port, protocol = "tcp", match, persistence, testPage, verify }: Service): boolean {
  if (persistence !== undefined || testPage === true) return false;
  const type = typeof verify === "string" ? verify : verify?.type;
  if (type === "http" || type === "https") return false;
  if (match === undefined) return port === FTP && protocol === "tcp";
  return match.some((entry) => (entry.protocol ?? "tcp") === "tcp" && entry.ports?.map(String).includes(String(FTP)));
}

function* mistakes(file: Service, mode: ServiceMode): Iterable<Mistake> {
  const { protocol = "tcp", port, persistence, publish, match } = file;
  const translates = mode.rewrites("destination");
  if (match === undefined && protocol !== "tcp") {
    const message = `FTP goes over TCP, and the service is for ${protocol.toUpperCase()}.`;
    yield { at: ["protocol"], message, hint: "Delete `protocol`." };
    return;
  }
  if (publish !== undefined && match === undefined) {
    const message = `"${publish.on}" passes on what arrives at port ${publish.port ?? port}, and data connections go to other ports.`;
    yield {
      at: ["publish"],
      message,
      hint: "Delete `publish`, and give the service a `vip` that clients can reach themselves.",
    };
  }
  if (translates === false && persistence === undefined) {
    const message = `In mode ${mode.name} the director sees no reply, and does not learn which port a server offers for a transfer; only persistence leads a client's data connections to the real server that it is logged in to.`;
    yield { at: ["helper"], message, hint: "Add `persistence: { timeout: 300 }`." };
  }
  if (match === undefined) {
    if (port === undefined || port === 0 || port === FTP) return;
    if (translates === false) {
      const message = `FTP is not followed on port ${port}: by persistence IPVS follows it on port 21 alone.`;
      const hint = `Set \`port: 21\`, or write \`ports: [${port}, "10000-10100"]\` in place of \`port\`, with the passive ports that the FTP servers are set to.`;
      yield { at: ["port"], message, hint };
    } else {
      const message = `The module ip_vs_ftp watches port 21, and ${port} only where it is loaded with that port; once loaded it stays as it is.`;
      const hint = `Write "options ip_vs_ftp ports=21,${port}" into /etc/modprobe.d/ip_vs_ftp.conf on each director before the module is loaded. Or set \`port: 21\`: real servers can listen on ${port} all the same.`;
      yield { code: "LVS-CONFIG-076", at: ["port"], message, hint };
    }
    return;
  }
  const covers = (from: number, to: number) => match.some((entry) => coversSome(entry, from, to));
  if (translates !== false && !covers(FTP, FTP)) {
    const message = "The mark is on no packet for port 21, which is the one that ip_vs_ftp watches.";
    yield { at: ["match"], message, hint: "Add port 21 to `match`." };
  }
  if (translates === false && !covers(FIRST_DATA_PORT, 65535)) {
    const message =
      "The mark is on no packet for a passive port, so that data connections do not belong to the service.";
    const hint =
      'Add the passive ports that the FTP servers are set to, such as "10000-10100", and 20 for the active mode; or write `vip` and `port: 21` in place of the mark, where IPVS takes every port from 1024 on.';
    yield { at: ["match"], message, hint };
  }
}

function coversSome({ protocol = "tcp", ports }: NonNullable<Service["match"]>[number], from: number, to: number) {
  if (protocol !== "tcp") return false;
  return (ports ?? ["1-65535"]).some((text) => portsMeet(portRange(text), { first: from, last: to }));
}
