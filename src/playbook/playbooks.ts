/** The built-in playbooks, and those that services refer to by path. */
import type { LvsctlError } from "../errors/lvsctl-error.ts";
import { entryOf } from "../lvs/service-name.ts";
import type { ResourceKind } from "../resources/resource.ts";
import type { ModeSetting, Modes, ModeTraits, ModeUser } from "../topology/mode-traits.ts";
import type { Topology } from "../topology/topology.ts";
import { type BuiltinFile, builtinFiles, builtinFolder } from "./builtin-files.ts";
import { type LoadedPlaybook, loadPlaybook } from "./load-playbook.ts";
import { loadOwnMode } from "./own-mode.ts";
import type { Playbook, PlaybookSet } from "./playbook.ts";

/** The playbooks without mistakes, and the mistakes of the others. */
export interface LoadedPlaybooks {
  readonly playbooks: readonly Playbook[];
  readonly problems: readonly LvsctlError[];
}

/** Loads playbooks on demand, and each only once. Its problems have codes LVS-PLAYBOOK-… and LVS-CONFIG-…. */
export class Playbooks implements Modes {
  readonly #kinds: ReadonlyMap<string, ResourceKind>;
  readonly #builtin: ReadonlyMap<string, BuiltinFile>;
  readonly #loaded = new Map<string, LoadedPlaybook>();
  /** The services that have named a mode's file which cannot be read. */
  readonly #askedInVain = new Map<string, Set<string>>();

  /** `kinds` are the resource kinds that steps may name; `folder` contains the built-in playbooks. */
  constructor(kinds: ReadonlyMap<string, ResourceKind>, folder = builtinFolder) {
    this.#kinds = kinds;
    this.#builtin = new Map(builtinFiles(folder).map((file) => [file.name, file]));
  }

  isBuiltIn(name: string): boolean {
    return this.#builtin.get(name)?.isMode === true;
  }

  builtIn(): ReadonlyMap<string, ModeTraits> {
    const modes = [...this.#builtin.values()].filter(({ isMode }) => isMode);
    const traits = modes.map((file) => [file.name, this.#loadBuiltin(file).playbook?.traits ?? {}] as const);
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
    return collect([...this.#builtin.values()].map((file) => this.#loadBuiltin(file)));
  }

  /** The playbooks that a topology uses: all for hosts and features, and the modes of its services. */
  usedBy({ services }: Topology): { readonly playbooks: PlaybookSet; readonly problems: readonly LvsctlError[] } {
    const others = [...this.#builtin.values()].filter(({ isMode }) => !isMode);
    const builtin = collect(others.map((file) => this.#loadBuiltin(file)));
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
    return loadPlaybook(text, file, this.#kinds, (setting) => this.#isUsedByFeatures(setting));
  }

  #loadMode(mode: string, user: ModeUser): LoadedPlaybook {
    const file = this.#builtin.get(mode);
    if (file !== undefined) return this.#loadBuiltin(file);
    const load = () => loadOwnMode(mode, user, (text) => this.load(text, mode));
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

  #loadBuiltin({ name, text }: BuiltinFile): LoadedPlaybook {
    return this.#once(name, () => {
      const { playbook, ...rest } = this.load(text, `playbooks/${name}.yaml`);
      return playbook === undefined ? rest : { ...rest, playbook: { ...playbook, isBuiltIn: true } };
    });
  }

  #isUsedByFeatures(setting: ModeSetting): boolean {
    const others = [...this.#builtin.values()].filter(({ isMode }) => !isMode);
    return others.some((file) => this.#loadBuiltin(file).settings?.has(setting) === true);
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
