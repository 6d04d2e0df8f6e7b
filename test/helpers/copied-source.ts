import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** A copy of src, in which a test carries out a recipe of CONTRIBUTING. */
export class CopiedSource {
  readonly #folder = mkdtempSync(join(tmpdir(), "lvsctl-recipe-"));

  constructor() {
    cpSync(join(root, "src"), join(this.#folder, "src"), { recursive: true });
    for (const shared of ["node_modules", "package.json", "playbooks", "examples"]) {
      symlinkSync(join(root, shared), join(this.#folder, shared));
    }
  }

  /** Adds a file. */
  write(path: string, text: string): void {
    writeFileSync(join(this.#folder, path), text, { flag: "wx" });
  }

  /** Adds text to a file, where `before` stands for the first time. */
  insert(path: string, before: string, text: string): void {
    const old = readFileSync(join(this.#folder, path), "utf8");
    const at = old.indexOf(before);
    if (at < 0) throw new Error(`${path} does not contain ${before}`);
    writeFileSync(join(this.#folder, path), old.slice(0, at) + text + old.slice(at));
  }

  /** A module of the copy. */
  load(path: string) {
    return import(join(this.#folder, path));
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
