/** Requests to a service over HTTP: the commands that send them from a host, and the parser of their output. Pure. */
import type { ReadCommand, ReadOutput, ReadOutputs } from "../shell/read-script.ts";
import type { Service } from "../topology/topology.ts";
import { formatTarget, targetOf } from "./target.ts";

/** What passed the directors of a service while one host sent requests. */
export interface Passed {
  /** Connections by real server; with UDP, client ports. */
  readonly byRealServer: ReadonlyMap<string, number>;
  /** Packets from real servers that came back through a director; none with DR and TUN. */
  readonly packetsBack: number;
}

/** The results of the requests that one host sent to one service. */
export interface Traffic {
  readonly service: string;
  /** The host that sent them. */
  readonly from: string;
  /** `http://10.0.2.1:80/`, `udp 10.0.2.1:53`. */
  readonly target: string;
  readonly requests: number;
  readonly answered: number;
  /** By the name on the test page or in the responder's line; empty for services without one. */
  readonly byRealServer: ReadonlyMap<string, number>;
  /** Answers that are not our test page. */
  readonly foreignAnswers: number;
  /** The distinct error messages of curl or the kernel. */
  readonly errors: readonly string[];
  /** What the directors counted; absent if the answers carry names, or if no director could be read. */
  readonly passed?: Passed;
}

/** How many requests curl sends at a time; this is its own default. */
export const REQUESTS_AT_ONCE = 50;

const MARK = "lvsctl-answer";
const PAGE = /^real server ([a-z0-9-]+)$/gm;

/** How often each real server's name appears in answers. */
export function countNames(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [, host = ""] of text.matchAll(PAGE)) counts.set(host, (counts.get(host) ?? 0) + 1);
  return counts;
}

/**
 * One curl that sends all requests, each over its own connection. `inParallel` limits the total to about one time-out but
 * needs curl 7.66; without it a dead service costs one time-out per request.
 */
export function trafficCommand(
  service: Service,
  requests: number,
  timeoutSeconds: number,
  inParallel: boolean,
): ReadCommand | undefined {
  const target = targetOf(service);
  if (target?.protocol !== "tcp") return undefined;
  const argv = ["curl", "-s", "-S", "--noproxy", "*", "-H", "Connection: close", "--max-time", String(timeoutSeconds)];
  const parallel = inParallel ? ["-Z", "--parallel-max", String(REQUESTS_AT_ONCE)] : [];
  const format = `\\n${MARK} %{http_code} %{time_connect}\\n`;
  return {
    name: trafficName(service),
    argv: [...argv, ...parallel, "-w", format, `${escapeGlob(formatTarget(target))}?n=[1-${requests}]`],
  };
}

/** Parses what the traffic command printed. */
export function parseTraffic(service: Service, from: string, requests: number, outputs: ReadOutputs): Traffic {
  const output = outputs.get(trafficName(service)) ?? { stdout: "", stderr: "", status: 127 };
  const answers = [...output.stdout.matchAll(new RegExp(`^${MARK} (\\d+) ([\\d.,]+)$`, "gm"))];
  const connected = answers.filter(([, code, connect]) => code !== "000" || Number(connect?.replace(",", ".")) > 0);
  const byRealServer = countNames(output.stdout);
  const pages = sum(byRealServer);
  const target = targetOf(service);
  const answered = service.testPage ? answers.filter(([, code]) => code === "200").length : connected.length;
  return {
    service: service.name,
    from,
    target: target ? formatTarget(target) : "",
    requests,
    answered,
    byRealServer,
    foreignAnswers: service.testPage ? Math.max(0, answered - pages) : 0,
    errors: errorsOf(output),
  };
}

/** Whether this host's curl is too old for `inParallel`. */
export function isCurlTooOld(outputs: ReadOutputs): boolean {
  return [...outputs.values()].some(({ status, stderr }) => status === 2 && /option/.test(stderr));
}

/** Whether the host has no curl. */
export function hasNoCurl(outputs: ReadOutputs): boolean {
  return [...outputs.values()].some(({ status }) => status === 127);
}

/** The sum of several counts. */
export function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((all, count) => all + count, 0);
}

/** The name of a service's traffic command among the outputs. */
export function trafficName(service: Service): string {
  return `traffic ${service.name}`;
}

/** curl reads brackets in a URL as a range, so those around an IPv6 address are escaped. */
function escapeGlob(url: string): string {
  return url.replaceAll("[", "\\[").replaceAll("]", "\\]");
}

function errorsOf({ stderr }: ReadOutput): readonly string[] {
  const texts = [...stderr.matchAll(/curl: (?:\(\d+\) )?(.+)/g)].map(([, text = ""]) => text);
  return [...new Set(texts.map((text) => text.replace(/ after \d+ (ms|milliseconds)/, "").trim()))];
}
