import { isAbsolute, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Playbooks } from "../../src/playbook/playbooks.ts";
import { kinds } from "../../src/resources/kinds.ts";
import { type LoadedTopology, loadTopology as load } from "../../src/topology/load-topology.ts";
import type { Modes } from "../../src/topology/mode-traits.ts";

const playbooks = new Playbooks(kinds);

/** Loads a topology with the built-in modes; their playbooks are read only once per test file. */
export function loadTopology(text: string, file: string, modes: Modes = playbooks): LoadedTopology {
  return load(text, file, modes);
}

/** The same modes, with playbook paths relative to `folder`, whatever the topology file is called. */
export function modesIn(folder: URL): Modes {
  const inFolder = (mode: string) =>
    isAbsolute(mode) ? fileURLToPath(new URL(relative(process.cwd(), mode), folder)) : mode;
  return {
    isBuiltIn: (name) => playbooks.isBuiltIn(name),
    builtIn: () => playbooks.builtIn(),
    takesMarks: (mode, user) => playbooks.takesMarks(inFolder(mode), user),
    traitsOf(mode, user) {
      const before = playbooks.problems.length;
      const traits = playbooks.traitsOf(inFolder(mode), user);
      const mistakes = playbooks.problems.slice(before);
      if (mistakes.length > 0) throw new AggregateError(mistakes, `${inFolder(mode)} has mistakes`);
      return traits;
    },
  };
}
