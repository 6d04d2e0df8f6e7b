import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../../playbooks/", import.meta.url);

/** The names of the built-in modes, sorted. */
export function modeNames(): readonly string[] {
  return readdirSync(folder)
    .filter((file) => /^kind: mode$/m.test(readFileSync(new URL(file, folder), "utf8")))
    .map((file) => file.replace(/\.yaml$/, ""))
    .sort();
}
