/** The built-in playbooks, and those that services refer to by path. */
import type { LvsctlError } from "../errors/lvsctl-error.ts";
import { entryOf } from "../lvs/service-name.ts";
import type { ResourceKind } from "../resources/resource.ts";
import type { Modes, ModeTraits, ModeUser } from "../topology/mode-traits.ts";
import type { Topology } from "../topology/topology.ts";
import { BuiltinPlaybooks } from "./builtin-playbooks.ts";
import type { LoadedPlaybook } from "./load-playbook.ts";
import { type ReadModeFile, readModeFile } from "./mode-file.ts";
import { loadOwnMode } from "./own-mode.ts";
import type { Playbook, PlaybookSet } from "./playbook.ts";

/** The playbooks without mistakes, and the mistakes of the others. */
export interface LoadedPlaybooks {
  readonly playbooks: readonly Playbook[];
  readonly problems: readonly LvsctlError[];
}

/** Loads playbooks on demand, and each only once. Its problems have codes LVS-PLAYBOOK-… and LVS-CONFIG-…. */
export class Playbooks implements Modes {
  readonly #builtin: BuiltinPlaybooks;
  readonly #read: ReadModeFile;
  readonly #loaded = new Map<string, LoadedPlaybook>();
  /** The services that have named a mode's file which cannot be read. */
  readonly #askedInVain = new Map<string, Set<string>>();

  /**
   * `kinds` are the resource kinds that steps may name. `folder`: of other built-in playbooks than lvsctl's. `read`: where the
   * files of users' modes are; by default on this machine.
   */
  constructor(kinds: ReadonlyMap<string, ResourceKind>, folder?: URL, read: ReadModeFile = readModeFile) {
    this.#read = read;
    this.#builtin = folder ? new BuiltinPlaybooks(kinds, folder) : BuiltinPlaybooks.of(kinds);
  }

  isBuiltIn(name: string): boolean {
    return this.#builtin.isMode(name);
  }

  builtIn(): ReadonlyMap<string, ModeTraits> {
    const traits = this.#builtin.modes.map((name) => [name, this.#loadBuiltin(name)?.playbook?.traits ?? {}] as const);
    return new Map(traits.toSorted(([, one], [, other]) => required(one) - required(other)));
  }

  traitsOf(mode: string, user: ModeUser): ModeTraits {
    return this.#loadMode(mode, user).playbook?.traits ?? {};
  }

  takesMarks(mode: string, user: ModeUser): boolean {
    const asked = this.#loadMode(mode, user).playbook?.steps.flatMap(({ asks }) => asks) ?? [];
    const isRead = (name: string) => asked.some(({ variable, field }) => variable === "service" && field === name);
    return isRead("fwmark") || !isRead("vip");
  }

  /** The mistakes in the playbooks of all modes requested so far. */
  get problems(): readonly LvsctlError[] {
    return [...this.#loaded.values()].flatMap(({ problems }) => problems);
  }

  /** Every built-in playbook, sorted by name. */
  all(): LoadedPlaybooks {
    const names = [...this.#builtin.modes, ...this.#builtin.others].sort();
    return collect(names.flatMap((name) => this.#loadBuiltin(name) ?? []));
  }

  /** The playbooks that a topology uses: all for hosts and features, and the modes of its services. */
  usedBy({ services }: Topology): { readonly playbooks: PlaybookSet; readonly problems: readonly LvsctlError[] } {
    const builtin = collect(this.#builtin.others.flatMap((name) => this.#loadBuiltin(name) ?? []));
    const modes = new Map<string, LoadedPlaybook>();
    for (const { mode, name } of services)
      if (!modes.has(mode)) modes.set(mode, this.#loadMode(mode, { service: entryOf(name) }));
    const ofKind = (kind: Playbook["kind"]) => builtin.playbooks.filter((playbook) => playbook.kind === kind);
    return {
      playbooks: {
        host: ofKind("host"),
        modes: new Map([...modes].flatMap(([mode, { playbook }]) => (playbook ? [[mode, playbook]] : []))),
        features: ofKind("feature"),
      },
      problems: [...builtin.problems, ...collect([...modes.values()]).problems],
    };
  }

  /** Loads the playbook of a file that no topology names. */
  load(text: string, file: string): LoadedPlaybook {
    return this.#builtin.load(text, file);
  }

  #loadMode(mode: string, user: ModeUser): LoadedPlaybook {
    const builtin = this.#loadBuiltin(mode);
    if (builtin) return builtin;
    const load = () => loadOwnMode(mode, user, this.#read(mode), (text) => this.load(text, mode));
    const known = this.#once(mode, load);
    if (known.problems[0]?.code !== "LVS-PLAYBOOK-001") return known;
    // Each service that names the file is a place to correct.
    const users = this.#askedInVain.get(mode);
    if (users === undefined) this.#askedInVain.set(mode, new Set([user.service]));
    else if (!users.has(user.service)) {
      users.add(user.service);
      this.#loaded.set(mode, { problems: [...known.problems, ...load().problems] });
    }
    return this.#once(mode, load);
  }

  #loadBuiltin(name: string): LoadedPlaybook | undefined {
    const loaded = this.#builtin.get(name);
    return loaded && this.#once(name, () => loaded);
  }

  #once(name: string, load: () => LoadedPlaybook): LoadedPlaybook {
    const known = this.#loaded.get(name) ?? load();
    this.#loaded.set(name, known);
    return known;
  }
}

function collect(loaded: readonly LoadedPlaybook[]): LoadedPlaybooks {
  return {
    playbooks: loaded.flatMap(({ playbook }) => playbook ?? []),
    problems: loaded.flatMap(({ problems }) => problems),
  };
}

/** How many settings a mode requires. */
function required({ settings = {} }: ModeTraits): number {
  return Object.values(settings).filter((use) => use === "required").length;
}
