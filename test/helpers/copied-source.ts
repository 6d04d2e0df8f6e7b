import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * A copy of src, in which a test carries out a recipe of CONTRIBUTING. Files that the recipe leaves alone, and that import
 * nothing of what it changes, are links: they behave as the originals, which the worker has loaded anyway.
 */
export class CopiedSource {
  readonly #folder = mkdtempSync(join(tmpdir(), "lvsctl-recipe-"));
  /** The text of each file that is new or changed. */
  readonly #changed = new Map<string, string>();
  #isMade = false;

  /** Adds a file. */
  write(path: string, text: string): void {
    if (this.#changed.has(path) || sources().has(path)) throw new Error(`${path} is there already`);
    this.#change(path, text);
  }

  /** Adds text to a file, where `before` stands for the first time. */
  insert(path: string, before: string, text: string): void {
    const old = this.#changed.get(path) ?? readFileSync(join(root, path), "utf8");
    const at = old.indexOf(before);
    if (at < 0) throw new Error(`${path} does not contain ${before}`);
    this.#change(path, old.slice(0, at) + text + old.slice(at));
  }

  /** A module of the copy, which cannot be changed from then on. */
  load(path: string) {
    if (!this.#isMade) this.#make();
    return import(join(this.#folder, path));
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #change(path: string, text: string): void {
    if (this.#isMade) throw new Error(`${path} would be changed after it could have been loaded`);
    this.#changed.set(path, text);
  }

  #make(): void {
    this.#isMade = true;
    const affected = importersOf(this.#changed.keys());
    for (const path of new Set([...sources(), ...this.#changed.keys()])) {
      const place = join(this.#folder, path);
      const text = this.#changed.get(path);
      mkdirSync(dirname(place), { recursive: true });
      if (text !== undefined) writeFileSync(place, text);
      else if (affected.has(path)) copyFileSync(join(root, path), place);
      else symlinkSync(join(root, path), place);
    }
    for (const shared of ["node_modules", "package.json", "playbooks", "examples"]) {
      symlinkSync(join(root, shared), join(this.#folder, shared));
    }
  }
}

/** The paths of all files in src. */
function sources(): ReadonlySet<string> {
  const found = readdirSync(join(root, "src"), { recursive: true, withFileTypes: true });
  const files = found.filter((one) => one.isFile());
  return new Set(files.map(({ parentPath, name }) => join(parentPath, name).slice(root.length)));
}

/** These files, and all that import one of them, or import one that does. */
function importersOf(changed: Iterable<string>): ReadonlySet<string> {
  const importers = new Map<string, string[]>();
  for (const path of sources()) {
    const text = readFileSync(join(root, path), "utf8");
    for (const [, imported = ""] of text.matchAll(/(?:\bfrom|\bimport\(?) ?"(\.[^"]+)"/g)) {
      const target = join(dirname(path), imported);
      importers.set(target, [...(importers.get(target) ?? []), path]);
    }
  }
  const found = new Set(changed);
  for (const path of found) for (const importer of importers.get(path) ?? []) found.add(importer);
  return found;
}
