/** From the text of a topology file to the topology, or to every problem in it. */
import { byPosition } from "../document/by-position.ts";
import { type LocatedDocument, type Path, parseDocument } from "../document/parse-document.ts";
import { findSchemaMistakes, toProblems } from "../document/validate-schema.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { parseCidr } from "../net/address.ts";
import { checkHost, checkMode, checkNetworks, checkService, type ValueMistake } from "./check-values.ts";
import { type Draft, draftTopology } from "./draft.ts";
import { withFittingExample } from "./fitting-example.ts";
import type { TopologyFile } from "./generated/topology-file.ts";
import { validateTopology } from "./generated/validate-topology.mjs";
import { habitHint, keyTwiceHint, withoutRenamed } from "./habits.ts";
import { intactParts, writtenModes } from "./intact-parts.ts";
import type { Modes } from "./mode-traits.ts";
import { otherProgramsFile } from "./other-programs.ts";
import { rules } from "./rules.ts";
import { addressOf } from "./services.ts";
import type { Topology } from "./topology.ts";

/** The topology if there is no problem; otherwise every problem. Both lists are in the order of the file. */
export interface LoadedTopology {
  readonly topology?: Topology;
  /** The file, to tell where it says what; there if the topology is. */
  readonly written?: LocatedDocument;
  readonly problems: readonly LvsctlError[];
  /** What is allowed and probably not meant. */
  readonly warnings: readonly LvsctlError[];
}

/** The most problems reported of one kind: nobody reads more, and a hostile file could have a million. */
const MAX_PROBLEMS = 500;

/**
 * Loads a topology. `file` is its path as the user gave it; `modes` provides the modes that it names. Never throws; the
 * problems have codes LVS-CONFIG-…. Mistakes in playbooks are not among them.
 */
export function loadTopology(text: string, file: string, modes: Modes): LoadedTopology {
  const document = parseDocument(text, file, keyTwiceHint);
  const foreign = otherProgramsFile(text, document);
  if (foreign !== undefined) return { problems: [foreign], warnings: [] };
  if (document.value === undefined) return { problems: document.problems, warnings: [] };

  const schemaMistakes = findSchemaMistakes(validateTopology, document.value);
  const wrongPaths = schemaMistakes.map(({ path, error }) =>
    error.propertyName === undefined ? path : [...path, error.propertyName],
  );
  const valueMistakes = checkValues(document.value, wrongPaths, modes);
  const intact = intactParts(document.value, [...wrongPaths, ...valueMistakes.map(({ path }) => path)]);
  const draft = draftTopology(intact, document, modes);
  const found = onceEach(
    rules.flatMap((rule) => take(rule(draft), MAX_PROBLEMS)),
    draft,
  );
  const warnings = found.filter(({ isWarning }) => isWarning).toSorted(byPosition);
  const unreadable = new Set(document.problems.map(placeOf));
  const problems = [
    ...document.problems,
    ...toProblems(
      withoutRenamed(schemaMistakes.slice(0, MAX_PROBLEMS), document.value).map((mistake) =>
        withFittingExample(mistake, document.value),
      ),
      document,
      (mistake) => habitHint(mistake, document.value),
    ),
    ...valueMistakes
      .slice(0, MAX_PROBLEMS)
      .map((mistake) => toProblem(mistake, document))
      .filter((problem) => !unreadable.has(placeOf(problem))),
    ...found.filter(({ isWarning }) => !isWarning),
  ].toSorted(byPosition);
  if (problems.length > 0) return { problems, warnings };
  return { topology: finish(draft, document.value as TopologyFile, file), written: document, problems, warnings };
}

function checkValues(value: unknown, wrongPaths: readonly Path[], modes: Modes): readonly ValueMistake[] {
  const { networks = {}, hosts, services } = intactParts(value, wrongPaths);
  return [
    ...checkNetworks(networks),
    ...[...hosts].flatMap(([name, host]) => checkHost(name, host)),
    ...[...services].flatMap(([name, service]) => checkService(name, service)),
    ...writtenModes(value).flatMap(([path, mode]) => checkMode(path, mode, modes)),
  ];
}

/** Where the document has a problem of its own, a value is missing that was written. */
function placeOf({ details: { at } }: LvsctlError): string {
  return `${at?.line}:${at?.column}`;
}

function toProblem({ code, path, what, message, hint }: ValueMistake, document: LocatedDocument): LvsctlError {
  return new LvsctlError(code, message, { hint, at: document.locate(path, what) });
}

function finish(draft: Draft, { name, persist = true, timeouts, verify = {} }: TopologyFile, file: string): Topology {
  return {
    name,
    file,
    persist,
    segments: draft.segments,
    hosts: [...draft.hosts.values()],
    services: draft.services,
    ...(timeouts === undefined ? {} : { timeouts: { tcp: 900, tcpfin: 120, udp: 300, ...timeouts } }),
    verify: { requests: verify.requests ?? 20, timeoutSeconds: verify.timeout ?? 5 },
  };
}

function take<T>(all: Iterable<T>, limit: number): T[] {
  const taken: T[] = [];
  for (const one of all) {
    taken.push(one);
    if (taken.length >= limit) break;
  }
  return taken;
}

/**
 * Removes duplicates: every service that uses a host finds the host's mistake again. Of those that differ in nothing but the
 * services that they name, or their addresses, the first is enough.
 */
function onceEach(problems: readonly LvsctlError[], draft: Draft): readonly LvsctlError[] {
  const virtual = [...draft.addressed.values()].flatMap(({ vip }) => parseCidr(addressOf(vip) ?? "") ?? []);
  const theirs = new Map([
    ...[...draft.entries.keys()].map((name) => [JSON.stringify(name), "a service"] as const),
    ...virtual.map(({ address, family }) => [address, `its IPv${family} address`] as const),
  ]);
  const seen = new Set<string>();
  return problems.filter(({ code, message, details: { at } }) => {
    const said = message.replaceAll(/"[^"]*"|[\da-f.:]*[\da-f]/g, (word) => theirs.get(word) ?? word);
    const identity = `${code} ${at?.line}:${at?.column} ${said}`;
    if (seen.has(identity)) return false;
    seen.add(identity);
    return true;
  });
}
