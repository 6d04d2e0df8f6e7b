/** Sends requests to every service of a topology from one host and collects the results. */

import { bareCommand, type FollowUp } from "../errors/follow-up.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { saidOf } from "../lvs/service-name.ts";
import type { ReadOutput, ReadOutputs } from "../shell/read-script.ts";
import type { Topology } from "../topology/topology.ts";
import type { Transport } from "../transport/transport.ts";
import { httpCommand, httpName, httpRounds, isCurlTooOld, type Manner, parseHttp } from "./http.ts";
import { knockCommand, knockName, knockRounds, parseKnock } from "./knock.ts";
import { isHttp, type Test, testsOf } from "./tests.ts";
import { firstTries, retriesOf, type Traffic, type Tries, withRetries } from "./traffic.ts";

/** The most that the programs may take beyond their own timeouts, to start and on a slow host. */
const SLACK_MS = 30_000;
/** How many HTTP requests are sent at a time: on a busy client, more of them wait for its processor until they time out. */
const AT_ONCE = 10;
/** The same for what is sent once more. */
const AT_ONCE_AGAIN = 4;

/** How older curls are told to send requests: before 7.66, and before 7.33, as on CentOS 7. */
const OLDER_CURLS = [{ atOnce: 1 }, { atOnce: 1, hasNoHttp2: true }] as const;

const CURL = "curl";

/** A topology, and how many more times a request that timed out is sent, if the command line says so. */
type Asked = Topology & { readonly verify: { readonly retries?: number } };

/** The results of all requests from one host. */
export interface Sent {
  readonly traffic: readonly Traffic[];
  /** What was not sent, and why. */
  readonly notes: readonly string[];
}

/** How many more times a request that timed out is sent, unless it is said otherwise. */
const RETRIES = 1;

/** A test with its results so far, or with the reason why nothing was sent. */
type Result = readonly [test: Test, tries: Tries | string];

/**
 * One exec for all services; another one if the host's curl is older than 7.66 or 7.33, and for requests that timed out. Throws
 * LVS-VERIFY-001 if the host needs curl and has none.
 */
export async function sendRequests(transport: Transport, { services, verify }: Asked): Promise<Sent> {
  const { requests, timeoutSeconds, retries = RETRIES } = verify;
  const tests = services.flatMap((service) => testsOf(service, requests).tests);
  let manner: Manner = { timeoutSeconds, atOnce: AT_ONCE };
  let results = await send(transport, tests, manner);
  for (const older of OLDER_CURLS) {
    if (!results.some(([, { output }]) => isCurlTooOld(output))) break;
    manner = { timeoutSeconds, ...older };
    const byHttp = await send(transport, tests.filter(isHttp), manner);
    results = [...results.filter(([test]) => !isHttp(test)), ...byHttp];
  }
  let known: readonly Result[] = tests.map((test) => {
    const [, { answers = "" } = {}] = results.find(([one]) => one === test) ?? [];
    return [test, typeof answers === "string" ? answers : firstTries(answers, retries)];
  });
  for (let again = testsAgain(known); again.length > 0; again = testsAgain(known)) {
    const atOnce = Math.min(manner.atOnce, AT_ONCE_AGAIN);
    const more = await send(
      transport,
      again.map(([, test]) => test),
      { ...manner, atOnce },
    );
    known = known.map(([test, tries]): Result => {
      const index = again.findIndex(([first]) => first === test);
      const retried = more[index]?.[1].answers;
      if (typeof tries === "string" || retried === undefined) return [test, tries];
      return [test, typeof retried === "string" ? { ...tries, queue: 0 } : withRetries(tries, retried)];
    });
  }
  return {
    traffic: services.flatMap(({ name }) => trafficOf(name, transport.host, known)),
    notes: known.flatMap(([, tries]) => (typeof tries === "string" ? [tries] : [])),
  };
}

/** How many requests `sendRequests` sends; those that time out are sent again. */
export function requestsOf({ services, verify }: Pick<Topology, "services" | "verify">): number {
  const tests = services.flatMap((service) => testsOf(service, verify.requests).tests);
  return tests.reduce((sum, { requests }) => sum + requests, 0);
}

/**
 * Throws LVS-VERIFY-001 if `sendRequests` would, without sending any: after changes have been made is too late to find that
 * out. One exec, and none if no service needs curl.
 */
export async function assertCanSend(
  transport: Transport,
  { services, verify }: Pick<Topology, "services" | "verify">,
  next: FollowUp = bareCommand,
): Promise<void> {
  if (!services.some((service) => testsOf(service, verify.requests).tests.some(isHttp))) return;
  const found = (await transport.read([{ name: CURL, argv: ["command", "-v", CURL] }])).get(CURL);
  if (found?.status === 0) return;
  throw new LvsctlError(
    "LVS-VERIFY-001",
    "This host has no curl, so the changes could not be verified; nothing has been changed yet.",
    {
      host: transport.host,
      hint: `Install curl on it. Or apply with --no-verify, and let ${next("verify --from local")} send requests from this machine.`,
    },
  );
}

/** The tests of which some requests are sent once more: the first test, and the one to send. */
function testsAgain(known: readonly Result[]): readonly (readonly [first: Test, again: Test])[] {
  return known.flatMap(([test, tries]) => {
    const requests = typeof tries === "string" ? 0 : retriesOf(tries);
    return requests === 0 ? [] : [[test, { ...test, requests }] as const];
  });
}

async function send(transport: Transport, tests: readonly Test[], manner: Manner) {
  if (tests.length === 0) return [];
  const { timeoutSeconds } = manner;
  const commands = tests.map((test) => (isHttp(test) ? httpCommand(test, manner) : knockCommand(test, timeoutSeconds)));
  const rounds = tests.map((test) => (isHttp(test) ? httpRounds(test, manner) : knockRounds(test)));
  const timeoutMs = rounds.reduce((sum, each) => sum + each, 0) * timeoutSeconds * 1000 + SLACK_MS;
  const outputs = await transport.read(commands, { timeoutMs });
  return tests.map((test) => {
    const output = outputOf(outputs, test);
    if (isHttp(test) && output.status === 127) throw withoutCurl(transport.host);
    const answers = isHttp(test) ? parseHttp(test, output, manner) : parseKnock(test, transport.host, output);
    return [test, { output, answers }] as const;
  });
}

function outputOf(outputs: ReadOutputs, test: Test): ReadOutput {
  return outputs.get(isHttp(test) ? httpName(test) : knockName(test)) ?? { stdout: "", stderr: "", status: 127 };
}

function trafficOf(service: string, from: string, known: readonly Result[]): readonly Traffic[] {
  const answers = known.flatMap(([test, one]) =>
    test.service === service && typeof one !== "string" ? [one.answers] : [],
  );
  return answers.length === 0 ? [] : [{ service, from, answers }];
}

function withoutCurl(host: string): LvsctlError {
  return new LvsctlError("LVS-VERIFY-001", "This host has no curl, so it cannot send requests.", {
    host,
    hint: "Install curl on it, or verify from this machine with --from local.",
  });
}

/** What `sendRequests` leaves out, each with the reason. */
export function unverifiable({ services, verify }: Topology): readonly string[] {
  const said = services.flatMap((service) => {
    const { tests, leftOut } = testsOf(service, verify.requests);
    const what = tests.length === 0 ? "no requests were sent" : "not everything is tested";
    return leftOut.map((reason) => [service.name, `${what}: ${reason}`] as const);
  });
  return saidOf(
    said,
    services.map(({ name }) => name),
  );
}
