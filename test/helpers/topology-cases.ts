/** The files of test/fixtures/topology. Several tests look at each of them: a worker loads it once for all. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { LoadedTopology } from "../../src/topology/load-topology.ts";
import { loadTopology, modesIn } from "./load-topology.ts";

const fixtures = new URL("../fixtures/topology/", import.meta.url);

/** The names of all cases. */
export const topologyCases: readonly string[] = readdirSync(fixtures).filter((name) =>
  existsSync(new URL(`${name}/input.yaml`, fixtures)),
);

/** A case with what loading it gives, which nobody may change. */
export interface TopologyCase {
  readonly folder: URL;
  readonly text: string;
  readonly loaded: LoadedTopology;
}

const known = new Map<string, TopologyCase>();

/** The case of this name. */
export function topologyCase(name: string): TopologyCase {
  const found = known.get(name) ?? read(name);
  known.set(name, found);
  return found;
}

/** Its text, without loading it. */
export function textOfCase(name: string): string {
  return readFileSync(new URL(`${name}/input.yaml`, fixtures), "utf8");
}

function read(name: string): TopologyCase {
  const folder = new URL(`${name}/`, fixtures);
  const text = textOfCase(name);
  return { folder, text, loaded: loadTopology(text, "input.yaml", modesIn(folder)) };
}
