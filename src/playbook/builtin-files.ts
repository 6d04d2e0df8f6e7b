import { readdirSync, readFileSync } from "node:fs";

/** A playbook of the folder of those that come with lvsctl. */
export interface BuiltinFile {
  /** Its name without `.yaml`, which is also the name of the playbook. */
  readonly name: string;
  readonly text: string;
  readonly isMode: boolean;
}

/** The folder of the playbooks that come with lvsctl. */
export const builtinFolder = new URL("../../playbooks/", import.meta.url);

/** The playbooks of a folder, by name; not parsed yet, so that a mode that nobody uses costs no time. */
export function builtinFiles(folder: URL): readonly BuiltinFile[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => file.slice(0, -".yaml".length))
    .sort()
    .map((name) => {
      const text = readFileSync(new URL(`${name}.yaml`, folder), "utf8");
      return { name, text, isMode: /^kind: mode$/m.test(text) };
    });
}
