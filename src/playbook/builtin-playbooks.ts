import type { ResourceKind } from "../resources/resource.ts";
import type { ModeSetting } from "../topology/mode-traits.ts";
import { type BuiltinFile, builtinFiles, builtinFolder } from "./builtin-files.ts";
import { type LoadedPlaybook, loadPlaybook } from "./load-playbook.ts";

const shared = new WeakMap<ReadonlyMap<string, ResourceKind>, BuiltinPlaybooks>();

/** The playbooks of a folder, each of them loaded when it is first asked for. */
export class BuiltinPlaybooks {
  readonly #kinds: ReadonlyMap<string, ResourceKind>;
  readonly #files: ReadonlyMap<string, BuiltinFile>;
  readonly #loaded = new Map<string, LoadedPlaybook>();

  constructor(kinds: ReadonlyMap<string, ResourceKind>, folder: URL) {
    this.#kinds = kinds;
    this.#files = new Map(builtinFiles(folder).map((file) => [file.name, file]));
  }

  /** Those of lvsctl itself, which do not change while it runs: the same for everyone who has the same kinds. */
  static of(kinds: ReadonlyMap<string, ResourceKind>): BuiltinPlaybooks {
    const known = shared.get(kinds) ?? new BuiltinPlaybooks(kinds, builtinFolder);
    shared.set(kinds, known);
    return known;
  }

  /** Names of the modes, sorted. */
  get modes(): readonly string[] {
    return this.#names((file) => file.isMode);
  }

  /** Names of all others, sorted. */
  get others(): readonly string[] {
    return this.#names((file) => !file.isMode);
  }

  /** False for names that no built-in playbook has, too. */
  isMode(name: string): boolean {
    return this.#files.get(name)?.isMode === true;
  }

  /** Undefined if there is no playbook of this name. */
  get(name: string): LoadedPlaybook | undefined {
    const known = this.#loaded.get(name);
    if (known) return known;
    const file = this.#files.get(name);
    if (!file) return undefined;
    const { playbook, ...rest } = this.load(file.text, `playbooks/${name}.yaml`);
    const loaded = playbook === undefined ? rest : { ...rest, playbook: { ...playbook, isBuiltIn: true } };
    this.#loaded.set(name, loaded);
    return loaded;
  }

  /** Loads somebody's own playbook, which runs beside these. */
  load(text: string, file: string): LoadedPlaybook {
    const isUsedByFeatures = (setting: ModeSetting) =>
      this.others.some((name) => this.get(name)?.settings?.has(setting) === true);
    return loadPlaybook(text, file, this.#kinds, isUsedByFeatures);
  }

  #names(isMeant: (file: BuiltinFile) => boolean): readonly string[] {
    return [...this.#files.values()].filter(isMeant).map(({ name }) => name);
  }
}
