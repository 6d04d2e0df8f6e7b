/** What verification sends to a service: one test for each address and port that it answers to. Pure. */

import { andList } from "../errors/and-list.ts";
import { FTP, FTP_DATA, FTPS, isForTransfers, loginIn } from "../lvs/ftp.ts";
import { hasPort, portRange } from "../lvs/port-range.ts";
import { chooseTest, settingsOf, type TestType, testTypes } from "../lvs/test-types.ts";
import { firstHost, parseCidr } from "../net/address.ts";
import type { Protocol, Service, ServiceTest } from "../topology/topology.ts";

/** The requests to one address and port of a service. */
export interface Test extends Omit<ServiceTest, "type" | "port"> {
  readonly service: string;
  readonly type: Exclude<TestType, "none">;
  readonly protocol: Protocol;
  readonly address: string;
  readonly port: number;
  readonly requests: number;
  /** Whether answers carry the real server's name, because lvsctl's own page or responder gives them. */
  readonly isNamed: boolean;
  /** Whether somebody has to answer: nobody has to answer a datagram of which we do not know what it means to the program. */
  readonly isOwed: boolean;
  /** Whether each request has to wait for the answer to the one before: open connections decide about new ones. */
  readonly isInTurn: boolean;
}

/** Schedulers that ask how many connections a real server has open against its weight, and may refuse one. ip_vs_ovf.c, ip_vs_lblc.c */
const BY_OPEN_CONNECTIONS = new Set(["ovf", "lblc", "lblcr"]);

/** The tests of a service, and why others are left out. */
export interface ServiceTests {
  readonly tests: readonly Test[];
  /** The ends of sentences, without a full stop. */
  readonly leftOut: readonly string[];
}

/** The most connections to programs that may count those which end early, and that are tested one after the other. */
const FEW = 10;
/** The most addresses and ports of one service. */
const MAX_TARGETS = 20;

/** The tests of a service with so many requests in all, at least one for each address and port. */
export function testsOf(service: Service, requests: number): ServiceTests {
  const reason = whyNone(service);
  if (reason !== undefined) return { tests: [], leftOut: [reason] };
  const all = targetsOf(service);
  const targets = all.flatMap((target) => (typeof target === "string" ? [] : [target])).slice(0, MAX_TARGETS);
  const more = all.filter((target) => typeof target !== "string").length - targets.length;
  const each = Math.ceil(requests / Math.max(1, targets.length));
  return {
    tests: targets.map((target) => testOf(service, target, each)),
    leftOut: [
      ...new Set(all.filter((target) => typeof target === "string")),
      ...(more > 0 ? [`${more} more of its addresses and ports are too many`] : []),
    ],
  };
}

/** Why nobody can be expected to answer, or nobody is to be asked. */
function whyNone({ verify, realServers }: Service): string | undefined {
  if (verify.type === "none") {
    return verify.port === undefined ? "its `verify` says `none`" : `its \`verify\` tests port ${verify.port} only`;
  }
  if (realServers.length === 0) return "it has no real servers yet";
  return realServers.every(({ weight }) => weight === 0) ? "all of its real servers have weight 0" : undefined;
}

/** An address and a port that clients can send requests to. */
interface Target {
  readonly protocol: Protocol;
  readonly address: string;
  readonly port: number;
}

/** Where clients reach a service: its published address, its VIP, or what its mark matches; or why it has no such place. */
function targetsOf(service: Service): readonly (Target | string)[] {
  const { vip, publish, port, protocol, match, fwmark, verify } = service;
  if (fwmark !== undefined) {
    const entries = match.flatMap((entry) => publish?.addresses.map((address) => ({ ...entry, address })) ?? [entry]);
    return onceEach(entries.flatMap((entry) => matchedTargets(entry, verify, isFtp(service))));
  }
  if (isDataPortAlone(service)) return [forTransfers([FTP_DATA])];
  const addresses = publish?.addresses ?? (vip === undefined ? [] : [vip.address]);
  const where = (publish?.port ?? port) || verify.port || (service.helper === "ftp" ? FTP : undefined);
  return addresses.map((address) => (where === undefined ? EVERY_PORT : { protocol, address, port: where }));
}

/** Entries may overlap, such as a network and an address in it. */
function onceEach(targets: readonly (Target | string)[]): readonly (Target | string)[] {
  return [...new Map(targets.map((target) => [JSON.stringify(target), target])).values()];
}

const EVERY_PORT = "it includes every port; name one with `verify: { port: 8080 }`";

/** Why nobody can be asked on FTP's other ports. */
function forTransfers(ports: readonly (string | number)[]): string {
  const isOne = ports.every((port) => String(port) === String(FTP_DATA));
  return `${isOne ? "port" : "ports"} ${andList(ports.map(String))} ${isOne ? "is" : "are"} for FTP's data connections, and nothing listens there before a transfer`;
}

/** Whether a service's range of ports, or its port 20, is for transfers. */
function isFtp({ helper, match, testPage, verify }: Service): boolean {
  if (helper === "ftp") return true;
  const isPlain = !testPage && (verify.type === undefined || verify.type === "tcp");
  return (
    isPlain &&
    match.some(({ protocol, ports }) => protocol === "tcp" && ports.some((text) => loginIn(text) !== undefined))
  );
}

/** Whether a service is for the port alone from which FTP servers open data connections, and says nothing of its test. */
function isDataPortAlone({ port, protocol, publish, testPage, verify }: Service): boolean {
  const isSaid = testPage || verify.type !== undefined || verify.port !== undefined;
  return protocol === "tcp" && port === FTP_DATA && publish?.port === undefined && !isSaid;
}

/** The first host of the network, and the first port of each range, or the one that is asked for. */
function matchedTargets(
  { address, protocol, ports }: Service["match"][number],
  { type, port }: ServiceTest,
  isFtp: boolean,
): readonly (Target | string)[] {
  const network = parseCidr(address);
  if (network === undefined) return [];
  if (type !== undefined && !testTypes[type].protocols.includes(protocol)) {
    return [`its \`verify\` says \`${type}\`, which does not go over ${protocol.toUpperCase()}`];
  }
  const host = firstHost(network);
  const at = (one: number) => ({ protocol, address: host, port: one });
  if (port !== undefined) return ports.length === 0 || ports.some((text) => hasPort(text, port)) ? [at(port)] : [];
  const isForFtp = isFtp && protocol === "tcp";
  if (ports.length === 0) return [isForFtp ? at(FTP) : EVERY_PORT];
  const silent = isForFtp ? ports.filter(isForTransfers) : [];
  const firsts = ports
    .filter((text) => !silent.includes(text))
    .map((text) => (isForFtp && hasPort(text, FTP) ? FTP : portRange(text).first));
  return [...firsts.map(at), ...(silent.length === 0 ? [] : [forTransfers(silent)])];
}

function testOf(service: Service, target: Target, requests: number): Test {
  const { name, testPage, realServers, port: own = 0 } = service;
  const verify = askedOf(service, target);
  const { type: written, port: _port, ...settings } = verify;
  const isPort = (port: number) => port !== 0;
  const ports = [...(service.fwmark === undefined ? [own] : [target.port]), ...realServers.map(({ port }) => port)];
  const { protocol } = target;
  const chosen =
    written ??
    chooseTest({ protocol, ports: [...ports, target.port].filter(isPort), testPage, settings: settingsOf(verify) });
  const type = chosen === "none" ? "tcp" : chosen;
  const isOurs = testPage && !realServers.some(({ managed }) => managed === false);
  const isNamed = isOurs && testTypes[type].isAnsweredByTestPage;
  const isFew = protocol === "tcp" && (!isHttp({ type }) || settings.text !== undefined);
  return {
    ...settings,
    ...target,
    service: name,
    type,
    requests: isFew ? Math.min(requests, few(service)) : requests,
    isNamed,
    isOwed: isNamed || protocol === "tcp" || type === "dns" || type === "sip" || settings.text !== undefined,
    isInTurn: BY_OPEN_CONNECTIONS.has(service.scheduler) || realServers.some((server) => server.upperThreshold > 0),
  };
}

/** What an FTP server says first, if the login is not encrypted. Source: RFC 959, section 5.4. */
const FTP_GREETING = "220";

/** A service's own test, or what follows from its settings if it has none. */
function askedOf(service: Service, { protocol, port }: Target): ServiceTest {
  const { verify, helper, persistence, testPage } = service;
  const settings = settingsOf(verify);
  if (verify.type !== undefined) return verify;
  if (persistence?.engine === "sip" && protocol === "udp" && settings.length === 0) return { ...verify, type: "sip" };
  if (helper !== "ftp" || testPage || protocol !== "tcp") return verify;
  if (!settings.every((setting) => testTypes.tcp.settings.includes(setting))) return verify;
  const suggested = chooseTest({ protocol, ports: [port], testPage, settings });
  if (suggested !== "tcp" && hasLoginElsewhere(service, port)) return verify;
  return port === FTPS ? { ...verify, type: "tcp" } : { text: FTP_GREETING, ...verify, type: "tcp" };
}

/** Whether a service has one of FTP's own ports for logins, so that it is for something else besides. */
function hasLoginElsewhere({ match }: Service, port: number): boolean {
  return loginIn(port) === undefined && match.some(({ ports }) => ports.some((text) => loginIn(text) !== undefined));
}

/** Two for each real server that gets any, so that the distribution still shows. */
function few({ realServers }: Service): number {
  return Math.min(FEW, 2 * Math.max(1, realServers.filter(({ weight }) => weight > 0).length));
}

/** Whether requests are sent by HTTP, with or without TLS. */
export function isHttp({ type }: Pick<Test, "type">): boolean {
  return type === "http" || type === "https";
}

/** Where a test's requests go, for people: `http://10.0.2.1:80/`, `tcp 10.0.2.1:3306`, `dns 10.0.2.1:53 over tcp`. */
export function formatTarget(test: Test): string {
  const { type, protocol, address, port, path = "/", host } = test;
  const where = `${address.includes(":") ? `[${address}]` : address}:${port}`;
  if (isHttp(test)) return `${type}://${where}${path}${host === undefined ? "" : ` as ${host}`}`;
  return `${type} ${where}${type === "dns" && protocol === "tcp" ? " over tcp" : ""}`;
}
