/** Requests to a service by HTTP: the commands that send them from a host, and what their output says. Pure. */
import type { ReadCommand, ReadOutput, ReadOutputs } from "../shell/read-script.ts";
import type { Service } from "../topology/topology.ts";
import { formatTarget, targetOf } from "./target.ts";

/** What passed the directors of a service while one host sent requests. */
export interface Passed {
  /** Connections, or with UDP client ports, by real server. */
  readonly byRealServer: ReadonlyMap<string, number>;
  /** Packets from real servers that came back through a director; with DR and TUN none does. */
  readonly packetsBack: number;
}

/** What came of the requests that one host sent to one service. */
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
  readonly strangers: number;
  /** What went wrong, in the words of curl or of the kernel, each once. */
  readonly errors: readonly string[];
  /** What the directors counted; absent where the answers tell, and where no director could be asked. */
  readonly passed?: Passed;
}

/** How many requests curl has under way at a time: its own default. */
export const REQUESTS_AT_ONCE = 50;

const MARK = "lvsctl-answer";
const PAGE = /^real server ([a-z0-9-]+)$/gm;

/** How often each real server has said its name in answers. */
export function countNames(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [, host = ""] of text.matchAll(PAGE)) counts.set(host, (counts.get(host) ?? 0) + 1);
  return counts;
}

/**
 * One curl that sends all requests, each over a connection of its own. `inParallel` bounds the whole to about one time-out
 * but needs curl 7.66; without it a dead service costs a time-out a request.
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

/** Understands what the traffic command printed. */
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
    strangers: service.testPage ? Math.max(0, answered - pages) : 0,
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

/** All of several counts. */
export function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((all, count) => all + count, 0);
}

/** The name of the command for a service among the outputs. */
export function trafficName(service: Service): string {
  return `traffic ${service.name}`;
}

/** curl reads brackets in a URL as a range; those around an IPv6 address are not. */
function escapeGlob(url: string): string {
  return url.replaceAll("[", "\\[").replaceAll("]", "\\]");
}

function errorsOf({ stderr }: ReadOutput): readonly string[] {
  const texts = [...stderr.matchAll(/curl: (?:\(\d+\) )?(.+)/g)].map(([, text = ""]) => text);
  return [...new Set(texts.map((text) => text.replace(/ after \d+ (ms|milliseconds)/, "").trim()))];
}
