/** Compiles a topology and its playbooks into what is asked of each host. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { Playbook, PlaybookSet, PlaybookStep, Scope } from "../playbook/playbook.ts";
import type { ResourceKind } from "../resources/resource.ts";
import type { Host, Topology } from "../topology/topology.ts";
import type { Telling } from "./asking.ts";
import { Collector } from "./collector.ts";
import type { DesiredState } from "./desired-state.ts";
import { serviceScope } from "./service-scope.ts";
import { inScope } from "./step-problems.ts";

interface Compilation {
  readonly topology: Topology;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly collector: Collector;
  readonly telling: Telling;
  readonly problems: LvsctlError[];
}

/**
 * What the topology asks of each host, from the playbooks for hosts, for the services' modes and for their features. Each
 * host's resources are in the order of the stages, and within a stage in that of the playbooks. Throws LVS-PLAYBOOK-005 to
 * 008 where the user's own playbooks do not fit, LVS-CONFIG-067 to 069 where built-in ones do not, or LVS-PLAYBOOK-000 with
 * all of them if several steps fail.
 */
export function compile(
  topology: Topology,
  playbooks: PlaybookSet,
  kinds: ReadonlyMap<string, ResourceKind>,
  { language = "en", ...more }: Partial<Telling> = {},
): DesiredState {
  const telling = { language, ...more };
  const hosts = new Map(topology.hosts.map((host) => [host.name, host]));
  const compilation: Compilation = {
    topology,
    hosts,
    collector: new Collector(topology, kinds, telling),
    telling,
    problems: [],
  };
  for (const playbook of playbooks.host) compilePlaybook(compilation, playbook, { topology });
  for (const [mode, playbook] of playbooks.modes) {
    for (const service of topology.services) {
      if (service.mode === mode) compilePlaybook(compilation, playbook, serviceScope(topology, service, playbooks));
    }
  }
  for (const playbook of playbooks.features) {
    for (const service of topology.services) {
      compilePlaybook(compilation, playbook, serviceScope(topology, service, playbooks));
    }
  }
  throwProblems(compilation.problems);
  const { notes } = compilation.collector;
  const all = [...compilation.collector.finish()];
  const isManaged = (host: string) => hosts.get(host)?.managed === true;
  const unmanaged = all.filter(([host]) => !isManaged(host));
  return {
    topology: topology.name,
    hosts: new Map(all.filter(([host]) => isManaged(host))),
    ...(unmanaged.length === 0 ? {} : { unmanaged: new Map(unmanaged) }),
    ...(notes.length === 0 ? {} : { notes }),
  };
}

/** Adds what one playbook asks for, for the service in scope or for none. A failing step does not stop the others. */
function compilePlaybook(compilation: Compilation, playbook: Playbook, outer: Scope): void {
  const { collector, telling, problems } = compilation;
  collectProblem(problems, () => {
    if (!inScope({ playbook, scope: outer }, telling, () => playbook.appliesTo(outer))) return;
    for (const step of playbook.steps) {
      collectProblem(problems, () => {
        for (const scope of scopesOf(compilation, playbook, step, outer)) {
          collectProblem(problems, () => collector.add({ playbook, step, scope }));
        }
      });
    }
  });
}

/** The scope of a step on each host where it runs. */
function scopesOf(
  { topology, hosts, telling }: Compilation,
  playbook: Playbook,
  step: PlaybookStep,
  outer: Scope,
): readonly (Scope & { readonly host: Host })[] {
  const { on } = step;
  const hostOf = (name: string): Host => hostNamed(hosts, name, step);
  if ("hosts" in on) {
    return inScope({ playbook, step, scope: outer }, telling, () =>
      on.hosts(outer).map((name) => ({ ...outer, host: hostOf(name) })),
    );
  }
  const { role } = on;
  const { service } = outer;
  if (service === undefined) {
    const chosen = topology.hosts.filter((host) => role === "any" || host.roles.includes(role));
    return chosen.map((host) => ({ ...outer, host }));
  }
  return role === "director"
    ? service.directors.map((director) => ({ ...outer, director, host: hostOf(director.host) }))
    : service.realServers.map((rs) => ({ ...outer, rs, host: hostOf(rs.host) }));
}

function hostNamed(hosts: ReadonlyMap<string, Host>, name: string, step: PlaybookStep): Host {
  const host = hosts.get(name);
  if (host !== undefined) return host;
  throw new LvsctlError("LVS-PLAYBOOK-005", `Step ${step.id} should run on "${name}", and there is no such host.`, {
    hint: `Let \`on\` give names of hosts of the topology, such as ${[...hosts.keys()].slice(0, 5).join(", ")}.`,
    at: step.at,
    step: step.id,
  });
}

function collectProblem(problems: LvsctlError[], work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof LvsctlError)) throw error;
    problems.push(error);
  }
}

/** The first problem of each code at each place: a step may fail in the same way on every host. */
function onceEach(problems: readonly LvsctlError[]): readonly LvsctlError[] {
  const byPlace = new Map(
    problems.toReversed().map((problem) => {
      const { at, host } = problem.details;
      return [`${problem.code} ${at === undefined ? host : `${at.file}:${at.line}:${at.column}`}`, problem];
    }),
  );
  return [...byPlace.values()].toReversed();
}

function throwProblems(found: readonly LvsctlError[]): void {
  const problems = onceEach(found);
  const [first] = problems;
  if (first === undefined) return;
  if (problems.length === 1) throw first;
  throw new LvsctlError("LVS-PLAYBOOK-000", `${problems.length} steps of the playbooks do not fit this topology.`, {
    hint: "Each of them is shown with its place and what to do.",
    problems,
  });
}
