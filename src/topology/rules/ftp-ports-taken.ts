/** Services that take ports from the data connections of an FTP service. */
import { andList } from "../../errors/and-list.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { FTP, FTP_DATA, isPassive } from "../../lvs/ftp.ts";
import { hasPort, portRange, portsMeet } from "../../lvs/port-range.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { formatCidr, networkOf, parseCidr, wholeAddress } from "../../net/address.ts";
import { NetworkTable } from "../../net/network-table.ts";
import type { Draft } from "../draft.ts";
import type { Service } from "../generated/topology-file.ts";
import { addressOf } from "../services.ts";

/** An entry with ports that may be for transfers. */
interface Taker {
  readonly entry: string;
  readonly key: "match" | "ports" | "port";
  readonly ports: readonly string[];
  readonly isAll: boolean;
}

/**
 * LVS-CONFIG-074, a warning, where nothing but persistence leads data connections: IPVS looks for FTP's service only if no
 * other has the port. Source: ip_vs_service_find in the kernel's ip_vs_ctl.c.
 */
export function* ftpPortsTaken(draft: Draft): Iterable<LvsctlError> {
  const byNetwork = new Map<string, Taker[]>();
  for (const [entry, file] of draft.entries) {
    for (const [network, taker] of takers(entry, file)) {
      const others = byNetwork.get(network) ?? [];
      byNetwork.set(network, others);
      others.push(taker);
    }
  }
  if (byNetwork.size === 0) return;
  const table = new NetworkTable(
    [...byNetwork].flatMap(([text, all]) => {
      const network = parseCidr(text);
      return network === undefined ? [] : [[network, all] as const];
    }),
  );
  for (const [name, file] of draft.serviceFiles) {
    const address = parseCidr(addressOf(file.vip) ?? "");
    if (address === undefined || !isLedByPersistence(draft, name, file)) continue;
    const all = [...table.holding(wholeAddress(address))].flat();
    const list = freePorts(all.flatMap(({ ports }) => ports));
    for (const taker of all) {
      const path = ["services", taker.entry, taker.key];
      yield draft.problem("LVS-CONFIG-074", path, wordsFor(taker, entryOf(name), address.address, list), "key");
    }
  }
}

/** Ports for FTP as the file would have them, without those of other services. */
function freePorts(taken: readonly string[]): string {
  const data = taken.some((port) => hasPort(port, FTP_DATA)) ? "" : `${FTP_DATA}, `;
  const passive = [10, 20, 30, 40, 50, 60].map((thousand) => `${thousand}000-${thousand}100`);
  const free = passive.find((range) => !taken.some((port) => portsMeet(portRange(port), portRange(range))));
  return `ports: [${data}${FTP}, "${free ?? passive[0]}"]`;
}

function wordsFor({ entry, key, ports, isAll }: Taker, ftp: string, address: string, list: string) {
  const isOne = ports.length === 1 && !/-/.test(ports[0] ?? "");
  const which = `${isOne ? "port" : "ports"} ${andList(ports)}`;
  const message = `"${entry}" has ${which} at ${address}, so connections to ${isOne ? "it" : "them"} are not counted as data connections of "${ftp}": they go to a real server that "${entry}" chooses, which need not be the one where the client is logged in.`;
  const end = isAll ? `Delete "${entry}"` : `Delete ${andList(ports)} from \`${key}\``;
  const takes = `"${ftp}" has port 20 and every port from 1024 on that no other service has`;
  const hint = isOne
    ? `${end}: ${takes}.`
    : `${end}, if the FTP servers use such ports: ${takes}. If they use others, name those: \`${list}\` in place of the \`port\` of "${ftp}".`;
  return { message, hint };
}

/** The addresses and networks of an entry's ports that may be for transfers. */
function* takers(
  entry: string,
  { match, vip, vips, port, ports, protocol = "tcp" }: Service,
): Iterable<[string, Taker]> {
  if (match !== undefined) {
    for (const one of match) {
      const network = parseCidr(one.address);
      const taken = (one.ports ?? []).map(String).filter(isTaken);
      if (network === undefined || taken.length === 0 || (one.protocol ?? "tcp") !== "tcp") continue;
      const isAll = match.length === 1 && taken.length === one.ports?.length;
      yield [formatCidr(networkOf(network)), { entry, key: "match", ports: taken, isAll }];
    }
    return;
  }
  const all = (ports ?? (port === undefined ? [] : [port])).map(String);
  const taken = all.filter(isTaken);
  if (taken.length === 0 || protocol !== "tcp" || all.some((text) => hasPort(text, FTP))) return;
  const key = ports === undefined ? "port" : "ports";
  for (const one of vips ?? [vip]) {
    const address = parseCidr(addressOf(one) ?? "");
    if (address !== undefined)
      yield [formatCidr(wholeAddress(address)), { entry, key, ports: taken, isAll: taken.length === all.length }];
  }
}

/** A single port from 1024 on is hardly one that FTP servers use. */
function isTaken(port: string): boolean {
  return isPassive(port) || port === String(FTP_DATA);
}

function isLedByPersistence(draft: Draft, name: string, file: Service): boolean {
  const { port, protocol = "tcp", match, persistence, testPage, verify } = file;
  if (port !== FTP || protocol !== "tcp" || match !== undefined || persistence === undefined) return false;
  const type = typeof verify === "string" ? verify : verify?.type;
  if (testPage === true || type === "http" || type === "https") return false;
  return draft.modesOf(name).some((mode) => mode.rewrites("destination") === false);
}
