/** TFTP: what keeps its transfers with the real server that has got the request. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { portRange } from "../../lvs/port-range.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { localPorts } from "../../network/local-ports.ts";
import type { Draft } from "../draft.ts";
import type { Service } from "../generated/topology-file.ts";
import { keepsClient } from "../keeps-client.ts";
import { modesWith, showsClient } from "../other-modes.ts";
import { replyWay } from "../reply-way.ts";

/** Where servers wait for requests; they send each file from another port (RFC 1350, section 4). */
const TFTP = 69;

/** LVS-CONFIG-092, a warning, for TFTP whose transfers belong to no service, or are not translated. */
export function* tftp(draft: Draft): Iterable<LvsctlError> {
  for (const [name, file] of draft.serviceFiles) {
    if (!isForTftp(file)) continue;
    const modes = draft.modesOf(name);
    const translating = modes.find((mode) => mode.rewrites("destination") === true);
    const isHandedOn = modes.some((mode) => mode.rewrites("destination") === false);
    const isKept = keepsClient(draft, name);
    if (translating === undefined && (!isHandedOn || (isKept && takesTransfers(file)))) continue;
    const trouble =
      translating !== undefined
        ? `in mode ${translating.name} IPVS does not translate what comes from there`
        : takesTransfers(file)
          ? "without persistence what the client sends to that port may go to another real server"
          : "what the client sends to that port belongs to no service, and the director refuses it";
    const message = `"${entryOf(name)}" is for UDP port ${TFTP}, and a TFTP server sends each file from another port: ${trouble}, so transfers fail.`;
    const hint = `${advise(draft, name, file, translating !== undefined)} If the servers are set to send from port ${TFTP} itself, as dnsmasq can be (tftp-single-port), this is no mistake.`;
    yield draft.problem("LVS-CONFIG-092", ["services", name], { message, hint }, "key");
  }
}

/** Whether a service names TFTP's port; a range that it is in by chance does not count. */
function isForTftp({ port, protocol, match }: Service): boolean {
  if (match === undefined) return protocol === "udp" && port === TFTP;
  return match.some((one) => one.protocol === "udp" && one.ports?.some((text) => Number(text) === TFTP) === true);
}

/** Whether a mark is on the ports from which servers may send. */
function takesTransfers({ match = [] }: Service): boolean {
  return match.some(({ protocol, ports = ["1-65535"] }) => {
    const ranges = ports.map((text) => portRange(text));
    return protocol === "udp" && ranges.some(({ first, last }) => first < last && last >= 1024);
  });
}

function advise(draft: Draft, name: string, file: Service, isTranslated: boolean): string {
  const others = modesWith(draft, (traits) => traits.answeredBy === "real-server" && showsClient(traits));
  const parts = [
    ...(isTranslated && others.length > 0 ? [`use the mode ${others.join(" or ")}${withRouter(draft, name)}`] : []),
    ...(takesTransfers(file) ? [] : [advisePorts(draft, name, file)]),
    ...(file.persistence === undefined ? ["add `persistence: { timeout: 300 }`"] : []),
    ...(file.publish === undefined
      ? []
      : [
          "delete `publish`, as the firewall would not translate transfers, and take a `vip` that clients can reach themselves",
        ]),
  ];
  return `${parts.join(", and ").replace(/^./, (letter) => letter.toUpperCase())}.`;
}

/** In those modes real servers answer past the director, so that it cannot stay their gateway. */
function withRouter(draft: Draft, name: string): string {
  const isThrough = draft.services.some(({ name: its, directors, realServers, family }) => {
    const goals = new Set(directors.map(({ host }) => host));
    return its === name && realServers.some(({ host }) => replyWay(draft, host, family, goals) === "yes");
  });
  return isThrough ? ", with the router in front of the director as the gateway of the real servers" : "";
}

function advisePorts(draft: Draft, name: string, file: Service): string {
  const { fwmark, ports } = draft.entries.get(entryOf(name)) ?? file;
  const from = "the ports from which the servers send";
  const hosts = draft.services.filter((service) => service.name === name).flatMap(({ realServers }) => realServers);
  const ranges = (hosts.length === 0 ? [undefined] : hosts).map((one) => localPorts(draft.hosts.get(one?.host ?? "")));
  const transfers = `${Math.min(...ranges.map(({ first }) => first))}-${Math.max(...ranges.map(({ last }) => last))}`;
  if (fwmark !== undefined) return `put ${from}, such as "${transfers}", into \`match\``;
  if (ports !== undefined) return `add ${from}, such as "${transfers}", to \`ports\``;
  return `write \`ports: [${TFTP}, "${transfers}"]\` in place of \`port\`, with ${from}`;
}
