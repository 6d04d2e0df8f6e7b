/** Requests to a service over UDP or SCTP: the commands that send them from a host, and the parser of their output. Pure. */

import { datagramsCommand, parseDatagramsOutput } from "../probes/datagrams.ts";
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";
import type { Service } from "../topology/topology.ts";
import { formatTarget, targetOf } from "./target.ts";
import { countNames, sum, type Traffic } from "./traffic.ts";

/** The command that sends all requests to a service in parallel; undefined for TCP or without a target. */
export function datagramCommand(service: Service, requests: number, timeoutSeconds: number): ReadCommand | undefined {
  const target = targetOf(service);
  if (target === undefined || target.protocol === "tcp") return undefined;
  const { protocol, address, port } = target;
  return { name: nameOf(service), argv: datagramsCommand({ protocol, address, port }, requests, timeoutSeconds) };
}

/** Parses what it printed. If nothing could be sent, the result is a text with the reason. */
export function parseDatagrams(
  service: Service,
  from: string,
  requests: number,
  outputs: ReadOutputs,
): Traffic | string {
  const { stdout, stderr, status } = outputs.get(nameOf(service)) ?? { stdout: "", stderr: "", status: 127 };
  if (status === 127) return `${service.name}: no requests were sent from ${from}: it has no python3`;
  if (status !== 0) return `${service.name}: no requests were sent from ${from}: ${stderr.trim().split("\n").at(-1)}`;
  const results = parseDatagramsOutput(stdout);
  const answers = results.flatMap(({ state, text }) => (state === "answered" ? [text] : []));
  const byRealServer = service.testPage ? countNames(answers.join("\n")) : new Map<string, number>();
  const target = targetOf(service);
  return {
    service: service.name,
    from,
    target: target ? formatTarget(target) : "",
    requests,
    answered: answers.length,
    byRealServer,
    foreignAnswers: service.testPage ? answers.length - sum(byRealServer) : 0,
    errors: [...new Set(results.flatMap(({ state, text }) => (state === "answered" ? [] : [text])))],
  };
}

function nameOf(service: Service): string {
  return `datagrams ${service.name}`;
}
