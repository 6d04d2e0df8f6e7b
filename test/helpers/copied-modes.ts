import { copyFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { modeNames } from "./mode-names.ts";

const BUILT_IN = new RegExp(`\\bmode: (${modeNames().join("|")})(?![\\w-])`, "g");

/** Creates a folder with a copy of each built-in mode's playbook; the caller removes it. */
export function copyModes(): string {
  const folder = mkdtempSync(join(tmpdir(), "lvsctl-copied-modes-"));
  for (const name of modeNames()) {
    copyFileSync(new URL(`../../playbooks/${name}.yaml`, import.meta.url), join(folder, `my-${name}.yaml`));
  }
  return folder;
}

/** Whether a topology's text has a service with a built-in mode. */
export function hasBuiltIn(text: string): boolean {
  return text.search(BUILT_IN) >= 0;
}

/** A topology's text in which each built-in mode is replaced with its copy. */
export function withCopies(text: string): string {
  return text.replace(BUILT_IN, copied);
}

/** By how many columns `withCopies` moves the text at a column of a line to the right. */
export function movedBy(line: string, column: number): number {
  const before = [...line.matchAll(BUILT_IN)].filter(({ index }) => index < column - 1);
  return before.reduce((sum, [found, name]) => sum + copied(found, String(name)).length - found.length, 0);
}

function copied(_: string, name: string): string {
  return `mode: ./my-${name}.yaml`;
}
