/** Compiles a topology and its playbooks into what is asked of each host. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { Language, Playbook, PlaybookSet, PlaybookStep, Scope } from "../playbook/playbook.ts";
import type { ResourceKind } from "../resources/resource.ts";
import type { Host, Topology } from "../topology/topology.ts";
import { Collector } from "./collector.ts";
import type { DesiredState } from "./desired-state.ts";
import { inScope } from "./in-scope.ts";
import { serviceScope } from "./service-scope.ts";

interface Compilation {
  readonly topology: Topology;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly collector: Collector;
  readonly problems: LvsctlError[];
}

/**
 * What the topology asks of each host, from the playbooks for hosts, for the services' modes and for their features. Each
 * host's resources are in the order of the stages, and within a stage in that of the playbooks. Throws LVS-PLAYBOOK-005 to
 * 008, or LVS-PLAYBOOK-000 with all of them if several steps fail. `language`: of the reasons.
 */
export function compile(
  topology: Topology,
  playbooks: PlaybookSet,
  kinds: ReadonlyMap<string, ResourceKind>,
  language: Language = "en",
): DesiredState {
  const hosts = new Map(topology.hosts.map((host) => [host.name, host]));
  const compilation: Compilation = {
    topology,
    hosts,
    collector: new Collector(topology, kinds, language),
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
  const hosted = { topology: topology.name, hosts: compilation.collector.finish() };
  return notes.length === 0 ? hosted : { ...hosted, notes };
}

/** Adds what one playbook asks for, for the service in scope or for none. A failing step does not stop the others. */
function compilePlaybook(compilation: Compilation, playbook: Playbook, outer: Scope): void {
  const { collector, problems } = compilation;
  collectProblem(problems, () => {
    if (!playbook.appliesTo(outer)) return;
    for (const step of playbook.steps) {
      collectProblem(problems, () => {
        for (const scope of scopesOf(compilation, step, outer)) collector.add({ playbook, step, scope });
      });
    }
  });
}

/** The scope of a step on each host where it runs. */
function scopesOf(
  { topology, hosts }: Compilation,
  step: PlaybookStep,
  outer: Scope,
): readonly (Scope & { readonly host: Host })[] {
  const { on } = step;
  const hostOf = (name: string): Host => hostNamed(hosts, name, step);
  if ("hosts" in on) {
    return inScope(outer, step, () => on.hosts(outer).map((name) => ({ ...outer, host: hostOf(name) })));
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
  throw new LvsctlError("LVS-PLAYBOOK-005", `Step ${step.id} is to run on "${name}", and there is no such host.`, {
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

function throwProblems(problems: readonly LvsctlError[]): void {
  const [first] = problems;
  if (first === undefined) return;
  if (problems.length === 1) throw first;
  throw new LvsctlError("LVS-PLAYBOOK-000", `${problems.length} steps of the playbooks do not fit this topology.`, {
    hint: "Each of them is shown with its place and what to do.",
    problems,
  });
}
