/** Finds the services that a command line names. */
import { nearest } from "../document/nearest.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { entryOf, isNamed } from "../lvs/service-name.ts";
import type { Service, Topology } from "../topology/topology.ts";

/** The most names that an error lists. */
const MANY_NAMES = 20;

/** The services of this name, an entry's or a part's, each once for each of its modes. Throws LVS-USAGE-001 if there is none. */
export function servicesNamed({ services, file }: Topology, wanted: string): readonly Service[] {
  const found = services.filter(({ name }) => isNamed(name, wanted));
  if (found.length > 0) return found;
  const names = unique(services.map(({ name }) => name));
  const entries = unique(names.map(entryOf));
  const parts = names.filter((name) => entryOf(name) === entryOf(wanted) && name !== entryOf(name));
  const similar = names.includes(entryOf(wanted)) ? entryOf(wanted) : nearest(wanted, unique([...entries, ...names]));
  const guess = similar === undefined ? "" : `Did you mean "${similar}"? `;
  const all =
    parts.length > 0
      ? `The parts of "${entryOf(wanted)}" are ${listed(parts)}.`
      : `Its services are ${listed(entries)}.`;
  throw new LvsctlError("LVS-USAGE-001", `There is no service "${wanted}" in ${file}.`, { hint: guess + all });
}

function listed(names: readonly string[]): string {
  return names.length > MANY_NAMES ? `${names.slice(0, MANY_NAMES).join(", ")} and others` : names.join(", ");
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
