/** `lvsctl drain` and `lvsctl undrain`: takes a real server out of service and waits for its connections, or returns it to service. */

import type { DesiredResource, DesiredState, Note } from "../compile/desired-state.ts";
import { nearest } from "../document/nearest.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { isNamed } from "../lvs/service-name.ts";
import { chosenBy, type DrainRequest, planDrain } from "../plan/drain-plan.ts";
import type { HostState } from "../plan/host-state.ts";
import type { Plan } from "../plan/plan.ts";
import { nextOf } from "../report/next-command.ts";
import { ipvsDestination } from "../resources/ipvs-destination.ts";
import { kinds } from "../resources/kinds.ts";
import { sysctl } from "../resources/sysctl.ts";
import { allOf, observedOf, resourceOf } from "../resources/typed.ts";
import type { Topology } from "../topology/topology.ts";
import { type DrainResult, type OpenConnections, waitForDrain } from "../transaction/drain.ts";
import { exclusively } from "./exclusive.ts";
import type { HostOptions } from "./host-options.ts";
import { loadAndCompile } from "./load.ts";
import { machineOf, type RunFlags, type RunResult, type RunView, runnerOf, showAskAndRun } from "./run.ts";
import { scopeOf } from "./scope.ts";
import { servicesNamed } from "./services-named.ts";
import type { Sessions } from "./sessions.ts";
import { withSessions } from "./with-sessions.ts";

/** A real server, by its host's name; in one service or in all of them. */
export interface DrainSubject {
  readonly file: string;
  readonly server: string;
  readonly service?: string;
}

/** The options of `drain`. */
export interface DrainFlags extends HostOptions, RunFlags {
  /** How long to wait for connections to end; 0: do not wait. */
  readonly waitSeconds: number;
  /** Receives the connections still open, every second. */
  readonly onOpen?: (open: readonly OpenConnections[]) => void;
}

/** How a drain ended. */
export interface Drained {
  readonly run: RunResult;
  /** Absent if there was no wait. */
  readonly wait?: DrainResult;
}

const QUIESCENT = "net.ipv4.vs.expire_quiescent_template";

/**
 * Sets weight 0 on every director, until undrain, and then waits. Throws LVS-USAGE-001 for names that the topology does not
 * have, LVS-DRAIN-001 if no director has the real server.
 */
export async function drainServer(subject: DrainSubject, flags: DrainFlags, view: RunView): Promise<Drained> {
  const { user, machine } = runnerOf("drain");
  const drain = { since: machineOf(flags).clock.date().toISOString(), by: `${user}@${machine}` };
  return onDirectors(subject, flags, drain, async (work) => {
    const { sessions, request, desired } = work;
    const run = await runDrain(work, flags, view, `Drain ${subject.server}?`);
    const isDrained = run.result === "nothing-to-do" || (run.result === "ran" && run.outcome.result === "done");
    if (!isDrained || flags.waitSeconds === 0) return { run };
    const targets = [...sessions.byHost.values()].map((session) => ({
      host: session,
      keys: chosenBy(request, desired, session.host).map(({ key }) => key),
    }));
    const { onOpen, onMoment, signal, waitSeconds } = flags;
    onMoment?.("draining");
    const wait = await waitForDrain(targets, {
      timeoutMs: waitSeconds * 1000,
      clock: machineOf(flags).clock,
      signal,
      ...(onOpen ? { onProgress: onOpen } : {}),
    });
    return { run, wait };
  });
}

/** Restores the topology's weights. Throws as `drainServer` does. */
export async function undrainServer(
  subject: DrainSubject,
  flags: HostOptions & RunFlags,
  view: RunView,
): Promise<RunResult> {
  return onDirectors(subject, flags, undefined, (work) =>
    runDrain(work, flags, view, `Give ${subject.server} connections again?`),
  );
}

interface Work {
  readonly topology: Topology;
  readonly desired: DesiredState;
  readonly request: DrainRequest;
  readonly sessions: Sessions;
}

async function onDirectors<T>(
  subject: DrainSubject,
  options: HostOptions,
  drain: DrainRequest["drain"],
  work: (work: Work) => Promise<T>,
): Promise<T> {
  const { topology, desired } = await loadAndCompile(subject.file);
  const request = { ...requestFrom(topology, subject), drain };
  const directors = holding(request, desired);
  if (directors.length === 0) refuseOthers(subject.server, holdingUnmanaged(request, desired));
  refuseLimit(options, directors, subject.server);
  const scope = await scopeOf(topology, withQuiescent(desired), { ...options, limit: directors });
  return withSessions(scope, options, "change", (sessions) => work({ topology, desired, request, sessions }));
}

function runDrain(
  { topology, desired, request, sessions }: Work,
  flags: RunFlags,
  view: RunView,
  question: string,
): Promise<RunResult> {
  return exclusively(sessions, view, flags, () => {
    const { states } = sessions;
    refuseUnknown(request, desired, states);
    const plan = planDrain(request, desired, states, kinds, nextOf(flags));
    const command = request.drain ? "drain" : "undrain";
    const others = holdingUnmanaged(request, desired);
    const noted = withOthers(withNotes(plan, topology, request, states), request, others);
    return showAskAndRun(noted, sessions, view, { command, question }, flags);
  });
}

function requestFrom(topology: Topology, { server, service }: DrainSubject): Omit<DrainRequest, "drain"> {
  const services = service === undefined ? topology.services : servicesNamed(topology, service);
  const entries = services.flatMap(({ realServers }) => realServers.filter(({ host }) => host === server));
  if (entries.length > 0) {
    const addresses = new Set(entries.map(({ address }) => address));
    return { server, addresses, ...(service === undefined ? {} : { service }) };
  }
  const names = [...new Set(services.flatMap(({ realServers }) => realServers.map(({ host }) => host)))];
  throw unknownName(server, `no real server of ${service === undefined ? topology.name : `service ${service}`}`, names);
}

function unknownName(name: string, what: string, known: readonly string[]): LvsctlError {
  const guess = nearest(name, known);
  return new LvsctlError("LVS-USAGE-001", `${JSON.stringify(name)} is ${what}.`, {
    hint: guess ? `Did you mean ${guess}?` : `There are ${known.join(", ")}.`,
  });
}

/** If only some directors drained a real server, the next apply would undrain it there or drain it on the others. */
function refuseLimit({ limit }: HostOptions, directors: readonly string[], server: string): void {
  const left = limit === undefined ? [] : directors.filter((host) => !limit.includes(host));
  if (left.length === 0) return;
  throw new LvsctlError("LVS-USAGE-001", `--limit leaves out ${left.join(", ")}, which has ${server} in its table.`, {
    hint: "A real server is drained on all of its directors or on none: run the command without --limit.",
  });
}

function refuseUnknown(request: DrainRequest, desired: DesiredState, states: ReadonlyMap<string, HostState>): void {
  const isKnown = [...states].some(([host, { ledger }]) => {
    const keys = new Set(chosenBy(request, desired, host).map(({ key }) => key));
    return allOf(ipvsDestination, ledger?.entries ?? []).some(({ key }) => keys.has(key));
  });
  if (isKnown) return;
  throw new LvsctlError("LVS-DRAIN-001", `lvsctl has not added ${request.server} to the table of any director.`, {
    hint: "Apply the topology first; a real server that gets no connections needs no draining.",
  });
}

/** The directors with this real server in their tables. */
function holding(request: DrainRequest, desired: DesiredState): readonly string[] {
  return [...desired.hosts.keys()].filter((host) => chosenBy(request, desired, host).length > 0);
}

/** The same for directors that lvsctl does not log in to. */
function holdingUnmanaged(request: DrainRequest, desired: DesiredState): readonly string[] {
  return holding(request, { ...desired, hosts: desired.unmanaged ?? new Map() });
}

/** LVS-DRAIN-001 if there are such directors, and no others. */
function refuseOthers(server: string, others: readonly string[]): void {
  if (others.length === 0) return;
  const names = others.join(" and ");
  throw new LvsctlError("LVS-DRAIN-001", `lvsctl does not log in to ${names}, which has ${server} in its table.`, {
    hint: `Ask its owner to set the weight of ${server} to 0 there, and to wait until its connections have ended (ipvsadm -L -n).`,
  });
}

function withOthers(plan: Plan, { server, drain }: DrainRequest, others: readonly string[]): Plan {
  if (others.length === 0) return plan;
  const message = `${others.join(" and ")} has ${server} in its table too, and lvsctl does not log in to it: its owner has to set the weight there ${drain ? "to 0" : "back to that of the file"}.`;
  return { ...plan, notes: [...(plan.notes ?? []), { playbook: "", step: "drain", message }] };
}

/** Also reads whether directors send the clients of a persistent service elsewhere once their real server has weight 0. */
function withQuiescent(desired: DesiredState): DesiredState {
  const resource = resourceOf(sysctl, { key: QUIESCENT, value: "1" });
  const probe: DesiredResource = { ...resource, stage: "kernel-modules", why: "", services: [] };
  return { ...desired, hosts: new Map([...desired.hosts].map(([host, resources]) => [host, [...resources, probe]])) };
}

function withNotes(
  plan: Plan,
  topology: Topology,
  { server, service: only, drain }: DrainRequest,
  states: ReadonlyMap<string, HostState>,
): Plan {
  const holding = [...states.values()].filter(({ observed }) => {
    return observedOf(sysctl, observed)?.states.get(QUIESCENT)?.value !== "1";
  });
  if (!drain || holding.length === 0) return plan;
  const hosts = holding.map(({ host }) => host).join(", ");
  const notes = topology.services.flatMap(({ name, persistence, realServers }): readonly Note[] => {
    const isMeant = (only === undefined || isNamed(name, only)) && realServers.some(({ host }) => host === server);
    if (!persistence || !isMeant) return [];
    const message =
      `clients that ${server} has served within ${persistence.timeout} s come back to it, and each time the ` +
      `${persistence.timeout} s start again: the service is persistent. With ${QUIESCENT} = 1 under sysctls of ${hosts} ` +
      "they go elsewhere.";
    return [{ service: name, playbook: "", step: "drain", message }];
  });
  return { ...plan, notes: [...(plan.notes ?? []), ...notes] };
}
