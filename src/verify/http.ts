/** Requests over HTTP and HTTPS: the curl commands that send them from a host, and the parser of their output. Pure. */
import { count } from "../errors/count.ts";
import type { ReadCommand, ReadOutput } from "../shell/read-script.ts";
import { curlError, isTimeout } from "./curl-error.ts";
import { formatTarget, type Test } from "./tests.ts";
import { type Answers, countNames, sum } from "./traffic.ts";

/** How requests are sent. */
export interface Manner {
  readonly timeoutSeconds: number;
  /** How many at a time; 1 for a curl before 7.66, which a dead service costs one timeout for each request. */
  readonly atOnce: number;
  /** Leaves out the option against HTTP/2, which a curl before 7.33 does not know; it does not speak HTTP/2 either. */
  readonly hasNoHttp2?: true;
}

const MARK = "lvsctl-answer";

/** Whether the requests are sent one after the other. Answers that come at the same time would be printed mixed up. */
function isInTurn({ text, isInTurn }: Test, { atOnce }: Manner): boolean {
  return isInTurn || text !== undefined || atOnce === 1;
}

/** How many timeouts the whole command may take. */
export function httpRounds(test: Test, manner: Manner): number {
  return isInTurn(test, manner) ? test.requests : Math.ceil(test.requests / manner.atOnce);
}

/** One curl that sends all requests, each over its own connection. The page is printed only if something is looked for in it. */
export function httpCommand(test: Test, manner: Manner): ReadCommand {
  const { type, tls, isNamed, text } = test;
  return {
    name: httpName(test),
    argv: [
      ...["curl", "-s", "-S", "--noproxy", "*", "-H", "Connection: close", "--max-time", String(manner.timeoutSeconds)],
      ...(isInTurn(test, manner) ? [] : ["-Z", "--parallel-max", String(manner.atOnce)]),
      // HTTP/2 would send all of them over one connection, and until it is known whether the server speaks it all wait for the first.
      ...(manner.hasNoHttp2 ? [] : ["--http1.1"]),
      ...(type !== "https" || tls?.verify === true ? [] : ["-k"]),
      ...(tls?.ca === undefined ? [] : ["--cacert", tls.ca]),
      ...(isNamed || text !== undefined ? [] : ["-o", "/dev/null"]),
      ...urlOf(test),
    ],
  };
}

/** curl sends no fragment, so that the same request can be counted up in it. */
function urlOf({ type, address, port, path = "/", host, requests }: Test): readonly string[] {
  const format = `\\n${MARK} %{http_code}\\n`;
  // curl reads brackets in a URL as a range, so those around an IPv6 address are escaped.
  const site = host ?? (address.includes(":") ? `\\[${address}\\]` : address);
  const place = host === undefined ? [] : ["--resolve", `${host}:${port}:${address}`];
  return [...place, "-w", format, `${type}://${site}:${port}${path}#[1-${requests}]`];
}

/** Parses what the command printed. */
export function parseHttp(test: Test, output: ReadOutput, { timeoutSeconds }: Manner): Answers {
  const { requests, status, text, isNamed, isOwed, type } = test;
  const parts = output.stdout.split(new RegExp(`^${MARK} (\\d+)$`, "m"));
  const answers = parts.flatMap((part, index) =>
    index % 2 === 1 ? [{ code: part, page: parts[index - 1] ?? "" }] : [],
  );
  const spoken = answers.filter(({ code }) => code !== "000");
  const wanted = isNamed ? "200" : status === undefined ? undefined : String(status);
  const isRight = ({ code }: { readonly code: string }) => wanted === undefined || code === wanted;
  const right = spoken.filter(isRight);
  const errors = [...output.stderr.matchAll(/(?:^|\s)curl: (.+)$/gm)].map(([, said = ""]) => said);
  const timeouts = errors.filter(isTimeout).length;
  const broken = brokenOff(errors, requests - spoken.length, right.length);
  const whole = right.length - broken;
  const withText = text === undefined ? right : right.filter(({ page }) => page.includes(text));
  const good = withText.slice(0, whole);
  const byRealServer = isNamed ? countNames(output.stdout) : new Map<string, number>();
  return {
    ...{ type, target: formatTarget(test), requests, retried: 0, answered: good.length, isNamed, isOwed },
    timedOut: Math.min(timeouts, requests - (spoken.length - broken)),
    byRealServer,
    foreignAnswers: isNamed ? Math.max(0, good.length - sum(byRealServer)) : 0,
    errors: [
      ...new Set([
        ...errors.map((said) => curlError(said, timeoutSeconds)),
        ...(broken > 0 ? [`${count(broken, "answer")} began and did not end`] : []),
        ...spoken.filter((one) => !isRight(one)).map(({ code }) => `status ${code} instead of ${wanted}`),
        ...(whole > good.length ? [`${JSON.stringify(text)} is not in the answer`] : []),
      ]),
    ],
    ...(wanted === undefined ? remarkOn(good.map(({ code }) => code)) : {}),
  };
}

/**
 * How many answers had a status and no end: curl says an error for each request that failed, and some of those have a status.
 * Which ones they are is not known, as answers that come at the same time are mixed up.
 */
function brokenOff(errors: readonly string[], silent: number, answers: number): number {
  const failed = errors.filter((said) => /^\(\d+\) /.test(said)).length;
  return Math.min(answers, Math.max(0, failed - Math.max(0, silent)));
}

/** Statuses that mean something else than success; whoever cares says which one is expected. */
function remarkOn(codes: readonly string[]): { readonly remark?: string } {
  const odd = [...new Set(codes.filter((code) => !/^[23]/.test(code)))];
  return odd.length === 0 ? {} : { remark: `status ${odd.join(", ")}` };
}

/** Whether this host's curl is too old for an option that it was given. */
export function isCurlTooOld({ status, stderr }: ReadOutput): boolean {
  return status === 2 && /option/.test(stderr);
}

/** The name of a test's command among the outputs. */
export function httpName(test: Test): string {
  return `traffic ${test.service} ${formatTarget(test)}`;
}
