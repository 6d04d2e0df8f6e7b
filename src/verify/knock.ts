/** Tests without HTTP: the commands that connect, or send datagrams or questions, and the parser of their output. Pure. */
import { inWords } from "../lvs/service-name.ts";
import { parseCidr } from "../net/address.ts";
import { parseDnsAnswer } from "../net/dns.ts";
import { connectCommand } from "../probes/connect.ts";
import { type AskResult, datagramsCommand, parseAsked, SIP_OPTIONS } from "../probes/datagrams.ts";
import type { ReadCommand, ReadOutput } from "../shell/read-script.ts";
import { formatTarget, type Test } from "./tests.ts";
import { type Answers, countNames, sum } from "./traffic.ts";

/** How many timeouts the whole command may take: connections and questions over TCP are made one after the other. */
export function knockRounds({ protocol, requests }: Test): number {
  return protocol === "tcp" ? 3 * requests : Math.ceil(requests / 10);
}

/** The command that does all of a test. */
export function knockCommand(test: Test, timeoutSeconds: number): ReadCommand {
  const { type, protocol, requests, text, host = "." } = test;
  const name = knockName(test);
  if (type === "tcp") return { name, ...connectCommand(test, requests, timeoutSeconds, text !== undefined) };
  const question = { name: host, type: test.host === undefined ? "NS" : asksForIpv6(test) ? "AAAA" : "A" } as const;
  const target = { ...test, protocol };
  const asked = type === "dns" ? question : type === "sip" ? SIP_OPTIONS : undefined;
  return { name, argv: datagramsCommand(target, requests, timeoutSeconds, asked) };
}

function asksForIpv6({ text = "" }: Test): boolean {
  return parseCidr(text)?.family === 6;
}

/** Parses what it printed. If nothing could be sent, the result is a text with the reason. */
export function parseKnock(test: Test, from: string, output: ReadOutput): Answers | string {
  const { service, type, requests, isNamed, isOwed } = test;
  const { stdout, stderr, status } = output;
  const unsent = `${inWords(service)}: no requests were sent from ${from}`;
  if (status === 127) return `${unsent}: it has ${type === "tcp" ? "neither python3, bash nor nc" : "no python3"}`;
  if (status !== 0) return `${unsent}: ${stderr.trim().split("\n").at(-1)}`;
  const results = parseAsked(stdout).map((result) => judged(test, result));
  const good = results.filter(({ state }) => state === "answered");
  const byRealServer = isNamed ? countNames(good.map(({ text }) => text).join("\n")) : new Map<string, number>();
  return {
    ...{ type, target: formatTarget(test), requests, retried: 0, answered: good.length, isNamed, isOwed },
    timedOut: results.filter(({ state }) => state === "silent").length,
    byRealServer,
    foreignAnswers: isNamed ? good.length - sum(byRealServer) : 0,
    errors: [...new Set(results.flatMap(({ state, text }) => (state === "answered" ? [] : [text])))],
  };
}

/** A result, failed if the answer is not the one that is expected. */
function judged(test: Test, result: AskResult): AskResult {
  if (result.state === "failed") return { ...result, text: result.text.toLowerCase() };
  if (result.state === "silent") return result;
  const reason = wrongFor(test, result.text);
  return reason === undefined ? result : { state: "failed", text: reason };
}

function wrongFor(test: Test, said: string): string | undefined {
  if (test.type === "dns") return wrongAnswer(test, said);
  return test.type === "sip" && !test.isNamed ? wrongStatus(test, said) : wrongText(test, said);
}

/** Whatever a SIP server answers shows that it is there, also that it has no such method or wants a password. */
function wrongStatus(test: Test, said: string): string | undefined {
  const [, status] = /^SIP\/2\.0 (\d{3}) /.exec(said) ?? [];
  if (status === undefined) return `what answered is no SIP server: ${said.trim()}`;
  if (test.status !== undefined && Number(status) !== test.status) return `status ${status}, not ${test.status}`;
  return wrongText(test, said);
}

function wrongText({ text }: Test, said: string): string | undefined {
  if (text === undefined || said.includes(text)) return undefined;
  return `${JSON.stringify(text)} is not in the answer${said.trim() === "" ? ", which is empty" : `: ${said.trim()}`}`;
}

/** Without a name to ask for, every answer shows that a name server is there, also one that knows nothing or refuses. */
function wrongAnswer({ host, text }: Test, hexadecimal: string): string | undefined {
  const answer = parseDnsAnswer(Buffer.from(hexadecimal, "hex"));
  if (answer === undefined) return "what answered is no name server";
  if (host === undefined) return undefined;
  if (answer.status !== "NOERROR") return `${answer.status} for ${host}`;
  const addresses = answer.addresses.join(", ") || "no address";
  if (text !== undefined) {
    return answer.addresses.includes(parseCidr(text)?.address ?? text)
      ? undefined
      : `${host} has ${addresses}, not ${text}`;
  }
  return answer.records > 0 ? undefined : `${host} has no address`;
}

/** The name of a test's command among the outputs. */
export function knockName(test: Test): string {
  return `knock ${test.service} ${formatTarget(test)}`;
}
