/** The verdict on a topology: what was checked, the results, and the likely causes of failures. Pure. */
import { count } from "../errors/count.ts";
import { inWords } from "../lvs/service-name.ts";
import type { Plan } from "../plan/plan.ts";
import type { Service, Topology } from "../topology/topology.ts";
import { answersNeeded, distributionFault, isExplainedBy } from "./expectation.ts";
import { type Answers, merged, type Passed, sum, type Traffic, total } from "./traffic.ts";

/** One check and its result. */
export interface Check {
  /** `answers`, `page`, `director`, `distribution`, `state`, `holder`, `neighbour`, `port`, or the id of a playbook's check. */
  readonly name: string;
  /** Undefined for a check of the hosts' state. */
  readonly service?: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Something on a host that explains a failure. */
export interface Cause {
  readonly host: string;
  /** What is wrong. */
  readonly message: string;
  /** Why that matters, from the playbook, or what to do about it. */
  readonly why: string;
}

/** The verdict. */
export interface Verification {
  readonly topology: string;
  readonly ok: boolean;
  /** How many hosts the topology has. Those that were looked at have a check of their state each. */
  readonly hosts: number;
  readonly checks: readonly Check[];
  readonly services: ReadonlyMap<string, ServiceCounts>;
  readonly causes: readonly Cause[];
  /** What was not checked, and why. */
  readonly notes: readonly string[];
  /** The requests that timed out, if nothing else is wrong: the service is slow. Empty otherwise. */
  readonly slow: readonly Slow[];
}

/** Requests that timed out, while others like them were answered. */
export interface Slow extends Pick<Answers, "target" | "requests" | "timedOut">, Pick<Traffic, "service" | "from"> {
  readonly timeoutSeconds: number;
}

/** The results of the requests to a service. */
export interface ServiceCounts {
  readonly requests: number;
  readonly failed: number;
  readonly byRealServer: ReadonlyMap<string, number>;
  /** For each address and port, and each host that sent requests. */
  readonly tests: readonly (Pick<Answers, "type" | "target" | "requests" | "answered" | "retried" | "timedOut"> &
    Pick<Traffic, "from">)[];
}

/**
 * Judges the requests and the state of the hosts. `plan` compares the file with the hosts: several LVS recipes work by
 * luck, so a host that is not as the playbook needs it fails verification even if requests are answered. `counted`: the
 * checks of the kernel's counters; `causes`: what else explains requests that were not answered.
 */
export function judge(
  topology: Topology,
  traffic: readonly Traffic[],
  plan: Plan,
  notes: readonly string[],
  { counted = [], causes = [] }: { readonly counted?: readonly Check[]; readonly causes?: readonly Cause[] } = {},
): Verification {
  const found = topology.services.flatMap((service) => checksOf(service, traffic));
  const checks = [...found.filter((one) => typeof one !== "string"), ...counted, ...stateChecks(plan)];
  const ok = checks.every((check) => check.ok);
  const explained = ok ? [] : [...causes, ...causesOf(plan)];
  return {
    topology: topology.name,
    ok,
    hosts: topology.hosts.length,
    checks,
    services: new Map(topology.services.map((service) => [service.name, countsOf(service, traffic)])),
    causes: explained,
    notes: [...notes, ...unjudged(traffic), ...found.filter((one) => typeof one === "string")],
    slow: explained.length > 0 ? [] : slowAmong(topology, traffic, checks),
  };
}

/**
 * The requests that timed out, if these are all that fails, and each real server of the services that they were for has
 * answered others. Where answers carry no names, one of them may be silent, and nobody could tell that from a slow one.
 */
function slowAmong({ services, verify }: Topology, all: readonly Traffic[], checks: readonly Check[]): readonly Slow[] {
  if (checks.some(({ ok, name }) => !ok && name !== "answers")) return [];
  const missing = all.flatMap(({ service, from, answers }) =>
    answers
      .filter(({ isOwed, answered, requests }) => isOwed && answered < requests)
      .map((one) => ({ service, from, ...one })),
  );
  const asked = new Map(services.map((service) => [service.name, expectedHosts(service)]));
  const isSlow = ({ service, answered, requests, timedOut, byRealServer }: (typeof missing)[number]) =>
    answered + timedOut === requests && asked.get(service)?.every((host) => (byRealServer.get(host) ?? 0) > 0) === true;
  if (!missing.every(isSlow)) return [];
  return missing.map(({ service, from, target, requests, timedOut }) => {
    return { service, target, from, requests, timedOut, timeoutSeconds: verify.timeoutSeconds };
  });
}

function expectedHosts({ realServers }: Service): readonly string[] {
  return realServers.flatMap(({ host, weight }) => (weight > 0 ? [host] : []));
}

/** Notes on requests that nobody has to answer, if no director could be read either. */
function unjudged(all: readonly Traffic[]): readonly string[] {
  return all
    .filter(({ answers, passed }) => passed === undefined && answers.some(({ isOwed }) => !isOwed))
    .map(
      ({ service, from }) =>
        `${inWords(service)}: requests were sent from ${from}, but no director could be asked about them`,
    );
}

/** What a service's requests show; as a text what they do not show, and why. */
type Finding = Check | string;

function checksOf(service: Service, all: readonly Traffic[]): readonly Finding[] {
  return all
    .filter((traffic) => traffic.service === service.name)
    .flatMap((traffic) => {
      const { answers, passed } = traffic;
      const checks: Finding[] = answers.flatMap((one) => [
        ...(one.isOwed ? [answersCheck(traffic, one)] : []),
        ...(one.isNamed && one.answered > 0 ? [pageCheck(service, one)] : []),
      ]);
      const named = answers.filter(({ isNamed, byRealServer }) => isNamed && byRealServer.size > 0);
      if (named.length > 0 && named.length === answers.length) {
        const byRealServer = merged(named.map((one) => one.byRealServer));
        checks.push(distributionCheck(service, byRealServer, named));
      }
      return passed ? [...checks, ...passedChecks(service, traffic, passed)] : checks;
    });
}

/** Others may be using the service: with more connections than requests, the distribution says nothing about ours. */
function passedChecks(service: Service, { answers }: Traffic, passed: Passed): readonly Finding[] {
  const connections = sum(passed.byRealServer);
  const requests = total(answers.map((one) => one.requests));
  const retried = total(answers.map(resentOf));
  const detail =
    connections < requests
      ? `the directors counted only ${count(connections, "connection")} for ${count(requests, "request")}`
      : `${count(connections, "connection")} passed the directors for ${count(requests + retried, "request")}; ${count(passed.packetsBack, "packet")} came back through them`;
  const check = { name: "director", service: service.name, ok: connections >= requests, detail };
  return connections === requests + retried
    ? [check, distributionCheck(service, passed.byRealServer, answers.map(withoutTimeouts))]
    : [check];
}

function resentOf({ retried, resent = retried }: Answers): number {
  return resent;
}

/** For what the directors count: requests that were not answered have passed them too. */
function withoutTimeouts(answers: Answers): Answers {
  return { ...answers, timedOut: 0 };
}

function answersCheck({ service, from }: Traffic, answers: Answers): Check {
  const { target, requests, retried, answered, errors, remark } = answers;
  const tries = resentOf(answers) > retried ? "after more than one try" : "at the second try";
  const again = retried > 0 ? `${retried} of them ${tries}` : undefined;
  const said = answered < requests ? errors : [remark, again].filter((one) => one !== undefined);
  const detail = `${answered} of ${requests} requests from ${from} to ${target} were answered${said.length > 0 ? ` (${said.join("; ")})` : ""}`;
  return { name: "answers", service, ok: answered === requests, detail };
}

function pageCheck(service: Service, traffic: Answers): Check {
  const known = new Set(service.realServers.map(({ host }) => host));
  const unknown = [...traffic.byRealServer.keys()].filter((host) => !known.has(host));
  const detail =
    traffic.foreignAnswers > 0
      ? `${count(traffic.foreignAnswers, "answer")} ${traffic.foreignAnswers === 1 ? "is" : "are"} not lvsctl's test page: another server answers`
      : unknown.length > 0
        ? `${unknown.join(", ")} answered and is no real server of this service`
        : "every answer is that of a real server";
  return { name: "page", service: service.name, ok: traffic.foreignAnswers === 0 && unknown.length === 0, detail };
}

function distributionCheck(
  service: Service,
  byRealServer: ReadonlyMap<string, number>,
  answers: readonly Answers[],
): Finding {
  const { name, scheduler } = service;
  const slack = total(answers.map(resentOf));
  const hosts = [...new Set(service.realServers.map(({ host }) => host))];
  const shares = hosts.map((host) => `${host} ${byRealServer.get(host) ?? 0}`).join(", ");
  const isQuiet = !hosts.some((host) => isQuiesced(service, host) && (byRealServer.get(host) ?? 0) > 0);
  const needed = answersNeeded(service);
  if (needed !== undefined && isQuiet && sum(byRealServer) < needed) {
    return `${inWords(name)}: too few answers to judge the distribution by ${scheduler}: ${shares}; it takes ${needed}`;
  }
  const fault = distributionFault(service, byRealServer, slack);
  const missing = total(answers.filter(({ isOwed }) => isOwed).map(({ timedOut }) => timedOut));
  const areUneven = distributionFault(service, byRealServer) !== undefined;
  const isUnclear =
    fault === undefined ? missing > 0 && areUneven : isQuiet && isExplainedBy(missing, service, byRealServer, slack);
  if (isUnclear) {
    const why = `${missing} of ${total(answers.map(({ requests }) => requests))} requests timed out`;
    return `${inWords(name)}: the distribution by ${scheduler} is not judged, because ${why}: ${shares}`;
  }
  return {
    name: "distribution",
    service: service.name,
    ok: fault === undefined,
    detail: fault ?? `${service.scheduler}: ${shares}`,
  };
}

function isQuiesced({ realServers }: Service, host: string): boolean {
  return realServers.every((server) => server.host !== host || server.weight === 0);
}

function stateChecks(plan: Plan): readonly Check[] {
  return [...plan.hosts].map(([host, changes]) => {
    const wrong = changes.filter(({ action, isAction }) => action !== "none" && !isAction).length;
    const number = wrong + plan.problems.filter((problem) => problem.host === host).length;
    const what = `${count(number, "thing")} ${number === 1 ? "does" : "do"}`;
    const detail = number === 0 ? `${host} matches the topology` : `${host}: ${what} not match the topology`;
    return { name: "state", ok: number === 0, detail };
  });
}

function causesOf(plan: Plan): readonly Cause[] {
  const changes = [...plan.hosts.values()].flat().filter(({ action, isAction }) => action !== "none" && !isAction);
  return [
    ...plan.problems.map(({ host, description, message }) => ({
      host,
      message: `${description}: ${message}`,
      why: "",
    })),
    ...changes.map(({ host, description, action, fields, why }) => ({
      host,
      why,
      message:
        action === "create"
          ? `${description} is missing`
          : action === "delete"
            ? `${description} is there and should not be`
            : `${description} differs from the topology: ${fields.map(({ name, before }) => `${name} is ${JSON.stringify(before)}`).join(", ")}`,
    })),
  ];
}

function countsOf(service: Service, all: readonly Traffic[]): ServiceCounts {
  const own = all.filter((traffic) => traffic.service === service.name);
  const answers = own.flatMap((traffic) => traffic.answers.map((one) => ({ from: traffic.from, ...one })));
  const requests = total(answers.map((one) => one.requests));
  return {
    requests,
    failed: requests - total(own.map(servedOf)),
    byRealServer: merged(
      own.flatMap(({ passed, answers: each }) =>
        passed ? [passed.byRealServer] : each.map((one) => one.byRealServer),
      ),
    ),
    tests: answers.map(({ type, target, from, requests: sent, answered, retried, timedOut }) => {
      return { type, target, from, requests: sent, answered, retried, timedOut };
    }),
  };
}

/** The requests that were answered or, if nobody has to answer, that passed a director. */
function servedOf({ answers, passed }: Traffic): number {
  if (passed === undefined || answers.some(({ isOwed }) => isOwed)) return total(answers.map((one) => one.answered));
  return Math.min(total(answers.map(({ requests }) => requests)), sum(passed.byRealServer));
}
