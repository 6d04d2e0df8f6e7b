/** From a topology file to what it asks of each host. */
import { clientsByService, type JudgedClient } from "../compile/clients.ts";
import { compile } from "../compile/compile.ts";
import { type CounterCheck, compileChecks } from "../compile/compile-checks.ts";
import type { DesiredState } from "../compile/desired-state.ts";
import { networkOf } from "../compile/network-of.ts";
import { formatProblem } from "../document/format-problem.ts";
import type { LocatedDocument } from "../document/parse-document.ts";
import { count } from "../errors/count.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { Network } from "../network/network.ts";
import { type Treatment, treatmentOf } from "../network/treatment.ts";
import type { OwnersList } from "../plan/plan.ts";
import type { PlaybookSet } from "../playbook/playbook.ts";
import { Playbooks } from "../playbook/playbooks.ts";
import { kinds } from "../resources/kinds.ts";
import { loadTopology } from "../topology/load-topology.ts";
import type { Service, Topology } from "../topology/topology.ts";
import { ownersLists } from "./owners-lists.ts";
import { passingPackets } from "./passing-packets.ts";
import { wayOfService } from "./service-way.ts";
import { readText } from "./text-of-file.ts";

/** A topology, and the file that says it. */
export interface TopologyOfFile {
  readonly topology: Topology;
  readonly written: LocatedDocument;
}

/** A topology file, loaded and compiled. */
export interface LoadedTopology {
  readonly topology: Topology;
  readonly desired: DesiredState;
  /** The kernel counters that show whether requests take the right path. */
  readonly checks: readonly CounterCheck[];
  /** The clients of each service, by its name. */
  readonly clients: ReadonlyMap<string, readonly JudgedClient[]>;
  readonly network: Network;
  /** What happens to the packets of each service, by its name. */
  readonly treatments: ReadonlyMap<Service, Treatment>;
  /** What others have to set up on the hosts that lvsctl does not log in to. */
  readonly owners: readonly OwnersList[];
}

/** What is wrong with a topology file. */
export interface Findings {
  /**
   * Every mistake in it and in the playbooks that it uses, with all that `plan` and `explain` evaluate; empty if it is valid.
   */
  readonly problems: readonly LvsctlError[];
  /** What is allowed and probably not meant. */
  readonly warnings: readonly LvsctlError[];
}

/** Every problem and warning of a topology file. Throws LVS-USAGE-003 if it cannot be read. */
export async function findingsOf(path: string): Promise<Findings> {
  return findingsIn(await readText(path), path);
}

/** Every problem and warning of a text that is, or will be, in this topology file. */
export function findingsIn(text: string, path: string): Findings {
  const all = new Playbooks(kinds);
  const { topology, written, problems, warnings } = loadTopology(text, path, all);
  return {
    problems: topology && written ? problemsOf({ topology, written }, all) : [...problems, ...all.problems],
    warnings,
  };
}

/** Every mistake that only the playbooks show. */
function problemsOf({ topology, written }: TopologyOfFile, all: Playbooks): readonly LvsctlError[] {
  const found = all.usedBy(topology);
  if (found.problems.length > 0) return found.problems;
  const compiled = attempt(() => compile(topology, found.playbooks, kinds, { written }));
  const checks = attempt(() => compileChecks(topology, found.playbooks, { written }));
  const network = networkOf(topology, found.playbooks);
  const ways = topology.services.map((service) =>
    attempt(() => wayOfService({ topology, service, playbooks: found.playbooks, network, written })),
  );
  return onceEach([compiled, checks, ...ways].flatMap((one) => one.problems));
}

/** The result of work on a topology, or what is wrong with it. */
function attempt<T>(work: () => T): { readonly value?: T; readonly problems: readonly LvsctlError[] } {
  try {
    return { value: work(), problems: [] };
  } catch (error) {
    if (error instanceof LvsctlError) return { problems: error.details.problems ?? [error] };
    throw error;
  }
}

/** Removes duplicates: all services of a mode run into the same mistake of its path. */
function onceEach(problems: readonly LvsctlError[]): readonly LvsctlError[] {
  const byText = new Map(problems.map((problem) => [formatProblem(problem), problem]));
  return [...byText.values()];
}

/** Loads a topology and compiles it. Throws LVS-USAGE-003, and as `compileText`. */
export async function loadAndCompile(path: string): Promise<LoadedTopology> {
  return compileText(await readText(path), path);
}

/** Compiles the text of a topology file. Throws LVS-CONFIG-000 or LVS-PLAYBOOK-000 with every problem of the file. */
export function compileText(text: string, path: string, all = new Playbooks(kinds)): LoadedTopology {
  const { topology, written } = topologyOf(text, path, all);
  const { playbooks, problems } = all.usedBy(topology);
  if (problems.length > 0) {
    throw new LvsctlError("LVS-PLAYBOOK-000", `${path} uses playbooks with ${count(problems.length, "problem")}.`, {
      problems,
    });
  }
  const network = networkOf(topology, playbooks);
  const passing = passingPackets(topology, playbooks, network);
  const desired = { ...compile(topology, playbooks, kinds, { written }), passing };
  const clients = clientsByService(topology, playbooks, network);
  const treatments = treatmentsOf(topology, playbooks);
  return {
    ...{ topology, desired, clients, network, treatments },
    checks: compileChecks(topology, playbooks, { written }),
    owners: ownersLists(topology, desired, treatments),
  };
}

/** What happens to the packets of each service. */
export function treatmentsOf({ services }: Topology, { modes }: PlaybookSet): ReadonlyMap<Service, Treatment> {
  return new Map(services.map((service) => [service, treatmentOf(service, modes.get(service.mode)?.traits ?? {})]));
}

/** Reads a file and loads its topology. Throws LVS-USAGE-003, and as `topologyOf`. */
export async function loadTopologyFile(path: string): Promise<TopologyOfFile> {
  return topologyOf(await readText(path), path);
}

/**
 * Loads a topology from a file's text. Throws LVS-CONFIG-000 with every problem of the file and of its modes' playbooks. If
 * only the playbooks have problems, it does not throw: the caller reads them from `playbooks`.
 */
export function topologyOf(text: string, path: string, playbooks = new Playbooks(kinds)): TopologyOfFile {
  const loaded = loadTopology(text, path, playbooks);
  const { topology, written } = loaded;
  if (topology === undefined || written === undefined) {
    const problems = [...loaded.problems, ...playbooks.problems];
    throw new LvsctlError("LVS-CONFIG-000", `${path} has ${count(problems.length, "problem")}.`, { problems });
  }
  return { topology, written };
}
