/** `lvsctl verify`: checks every host and sends requests from the clients or from this machine. Changes nothing. */

import { count } from "../errors/count.ts";
import type { FollowUp } from "../errors/follow-up.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { type KnownHost, whatItWas } from "../ledger/known-host.ts";
import { saidOf } from "../lvs/service-name.ts";
import { asDrained } from "../plan/drained.ts";
import { makePlan } from "../plan/make-plan.ts";
import { findRemoved } from "../plan/removed-hosts.ts";
import { nextOf } from "../report/next-command.ts";
import { kinds } from "../resources/kinds.ts";
import type { Host, Role, Topology } from "../topology/topology.ts";
import { wholeServices } from "../topology/whole-services.ts";
import { readOnly } from "../transport/guard.ts";
import { connectLocal } from "../transport/local.ts";
import type { Transport } from "../transport/transport.ts";
import { judgeCounters, readCounters } from "../verify/counters.ts";
import { doorsOf, halfOpenCauses, judgeDoors, readHalfOpen, tryDoors } from "../verify/doors.ts";
import { startCounting } from "../verify/passed.ts";
import { assertCanSend, requestsOf, sendRequests, unverifiable } from "../verify/send-requests.ts";
import { HERE, sentFromHereCauses } from "../verify/sent-from-here.ts";
import { isUnanswered, readFilters, strictFilterCauses } from "../verify/strict-filter.ts";
import type { Traffic } from "../verify/traffic.ts";
import { judge, type Verification } from "../verify/verification.ts";
import { type Asking, askedAmong, withAsking } from "./asking.ts";
import type { HostOptions } from "./host-options.ts";
import { type LoadedTopology, loadAndCompile } from "./load.ts";
import { reachedBy, unsentFrom } from "./reached.ts";
import { scopeOf } from "./scope.ts";
import { lookAtSegments } from "./segments.ts";
import type { Sessions } from "./sessions.ts";
import { endedBy } from "./until-interrupted.ts";
import { withSessions } from "./with-sessions.ts";

/** Where requests come from: the topology's client hosts, or this machine. */
export type Origin = "clients" | "local";

/** The options of `verify`. */
export interface VerifyOptions extends HostOptions {
  /** Default: the clients, or this machine if the topology has none; nothing is sent from this machine to a lab. */
  readonly from?: Origin;
  /** How requests are sent, and to which services. */
  readonly asking?: Asking;
}

const NOT_ASKED = "no requests were sent: the command line names other services";
const NO_WAY_INTO_LAB = "this machine is not connected to the networks of the lab";

/**
 * Verifies a topology file. Throws LVS-CONFIG-000 or LVS-PLAYBOOK-000 for the file, LVS-VERIFY-001, and whatever the
 * connections throw; LVS-VERIFY-002 for requests from this machine to a lab; LVS-USAGE-001 for a service that is not in it.
 */
export async function verifyTopology(file: string, options: VerifyOptions): Promise<Verification> {
  if (options.lab === true && options.from === "local") {
    throw new LvsctlError("LVS-VERIFY-002", `--from local: ${NO_WAY_INTO_LAB}.`, {
      hint: "Give the topology a host with the role client, and omit --from.",
    });
  }
  const fromFile = await loadAndCompile(file);
  const loaded = { ...fromFile, topology: withAsking(fromFile.topology, options.asking) };
  const scope = await scopeOf(loaded.topology, loaded.desired, options);
  return withSessions(scope, options, "read", (sessions) => verifyOn(loaded, sessions, options));
}

/**
 * Checks before anything is changed that `verifyOn` will be able to send its requests. Throws LVS-VERIFY-001, and whatever
 * the connections throw.
 */
export async function assertVerifiable(
  { topology: { services, ...rest }, clients }: LoadedTopology,
  sessions: Sessions,
  { lab = false, asking, onStatus, given = {} }: Pick<VerifyOptions, "lab" | "asking" | "onStatus" | "given">,
): Promise<void> {
  const topology = askedOf({ ...rest, services: wholeServices(services) }, asking);
  const origins = await originsOf(topology.hosts, sessions, { from: undefined, lab });
  onStatus?.("checking that the clients can send requests");
  try {
    await Promise.all(
      origins.map((origin) => assertCanSend(origin, reachedBy(topology, origin.host, clients), nextOf({ given }))),
    );
  } finally {
    onStatus?.(undefined);
  }
}

/** Verifies over open connections, against what was last read over them. `signal`: ends the requests. */
export async function verifyOn(
  { topology: { services, ...rest }, desired, checks, clients, network, treatments }: LoadedTopology,
  sessions: Sessions,
  {
    from,
    lab = false,
    asking,
    onStatus,
    signal,
    given = {},
  }: Pick<VerifyOptions, "from" | "lab" | "asking" | "onStatus" | "signal" | "given">,
): Promise<Verification> {
  const topology = { ...rest, services: wholeServices(services) };
  const next = nextOf({ given });
  const asked = askedOf(topology, asking);
  const isAsked = (name: string) => asked.services.some((service) => service.name === name);
  onStatus?.("verifying: reading the directors' counters");
  const watched = await transportsTo(sessions, new Set(checks.map(({ host }) => host)));
  const before = await readCounters(watched, checks);
  const onPath = await transportsTo(sessions, new Set(topology.hosts.filter(isOnPath).map(({ name }) => name)));
  const filters = await readFilters(onPath, topology);
  const traffic: Traffic[] = [];
  const unmanaged = topology.hosts.filter(({ managed }) => !managed).map(({ name }) => name);
  const names = topology.services.map(({ name }) => name);
  const skipped = names.filter((name) => !isAsked(name)).map((name) => [name, NOT_ASKED] as const);
  const unsent = [
    ...unverifiable(asked),
    ...saidOf(skipped, names),
    ...unmanaged.map((host) => unseenNote(host, next)),
  ];
  const directors = await transportsTo(sessions, inRole("director", topology.hosts));
  const known = new Set(directors.map(({ host }) => host));
  const doorsToTry = doorsOf(
    services.filter(({ name }) => isAsked(name)),
    treatments,
    known,
  );
  const tried = await tryDoors(doorsToTry, directors, topology.verify);
  const count = await startCounting(asked.services, directors);
  for (const origin of await originsOf(topology.hosts, sessions, { from, lab })) {
    const reached = reachedBy(asked, origin.host, clients);
    onStatus?.(`verifying: ${countOf(reached)} from ${origin.host}`);
    const unsentHere = [...unsentFrom(origin.host, clients)].filter(([service]) => isAsked(service));
    const said = unsentHere.map(([service, to, why]) => {
      return [service, `no requests were sent from ${origin.host}${to}: ${why}`] as const;
    });
    unsent.push(...saidOf(said, names));
    const sent = await sendRequests(endedBy(origin, signal), reached);
    traffic.push(...(await count(sent.traffic)));
    unsent.push(...sent.notes);
  }
  onStatus?.("verifying: comparing what the hosts have counted");
  if (traffic.length === 0)
    unsent.push(`no requests were sent: none of the hosts here is a client${lab ? `, and ${NO_WAY_INTO_LAB}` : ""}`);
  const held = await lookAtSegments(topology, network, sessions);
  const doors = judgeDoors(tried, traffic);
  unsent.push(...held.notes, ...doors.notes);
  const counted = judgeCounters(checks, before, await readCounters(watched, checks), traffic);
  const causes = traffic.some(isUnanswered)
    ? [
        ...halfOpenCauses(
          topology.services,
          traffic,
          unmanaged.length > 0 ? await readHalfOpen(directors) : new Map(),
          next,
        ),
        ...strictFilterCauses(topology, traffic, filters, await readFilters(onPath, topology)),
        ...sentFromHereCauses(traffic),
      ]
    : [];
  onStatus?.(undefined);
  const inFile = new Set(topology.hosts.map(({ name }) => name));
  const states = new Map([...sessions.states].filter(([host]) => inFile.has(host)));
  const plan = makePlan(desired, states, kinds);
  const removed = findRemoved(topology.hosts, states);
  unsent.push(...removed.missing.map((host) => removedNote(host, topology.name, next)));
  unsent.push(
    ...removed.told.filter(({ state }) => state === "unmanaged").map((host) => givenNote(host, topology.name)),
  );
  const { drained = [] } = plan;
  unsent.push(...drained.map(({ server, by }) => `${server} is drained by ${by} and need not answer`));
  return judge(asDrained(topology, drained), traffic, plan, unsent, {
    counted: [...counted, ...doors.checks, ...held.checks],
    causes,
  });
}

/** The topology with those of its services that get requests. */
function askedOf(topology: Topology, asking: Asking | undefined): Topology {
  const asked = askedAmong(topology, asking);
  return { ...topology, services: topology.services.filter(({ name }) => asked.has(name)) };
}

function countOf(reached: Topology): string {
  return count(requestsOf(reached), "request");
}

function unseenNote(host: string, next: FollowUp): string {
  return `${host}: lvsctl does not log in to it, so it was only checked from outside; ${next("plan -v")} lists what its owner has to set up`;
}

function removedNote(host: KnownHost, topology: string, next: FollowUp): string {
  return `${host.name} was ${whatItWas(host, topology)} and is no longer in the file; ${next("plan")} says what is left on it`;
}

function givenNote(host: KnownHost, topology: string): string {
  return `${host.name} was ${whatItWas(host, topology)}, and lvsctl does not log in to it any more; what lvsctl made there stays`;
}

/** The hosts that send requests. They take turns, so that each one's distribution can be judged on its own. */
async function originsOf(
  hosts: LoadedTopology["topology"]["hosts"],
  sessions: Sessions,
  { from, lab }: { readonly from: Origin | undefined; readonly lab: boolean },
): Promise<readonly Transport[]> {
  const clients = inRole(
    "client",
    hosts.filter(({ managed }) => managed),
  );
  const fromHere = from === "local" || (from === undefined && clients.size === 0);
  if (fromHere) return lab ? [] : [readOnly(connectLocal(HERE))];
  return transportsTo(sessions, clients);
}

/** Whether packets of a service can pass it. */
function isOnPath({ roles }: Host): boolean {
  return roles.some((role) => role !== "client");
}

/** The connections to these hosts, except those that the user excluded. */
async function transportsTo(sessions: Sessions, hosts: ReadonlySet<string>): Promise<readonly Transport[]> {
  const reachable = [...hosts].flatMap((host) => sessions.byHost.get(host) ?? []);
  return Promise.all(reachable.map((session) => session.connection.transport()));
}

function inRole(role: Role, hosts: LoadedTopology["topology"]["hosts"]): ReadonlySet<string> {
  return new Set(hosts.filter(({ roles }) => roles.includes(role)).map(({ name }) => name));
}
