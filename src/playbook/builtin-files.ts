import { readdirSync, readFileSync } from "node:fs";

/** A file in the folder of built-in playbooks. */
export interface BuiltinFile {
  /** The file name without `.yaml`, which is also the playbook's name. */
  readonly name: string;
  readonly text: string;
  readonly isMode: boolean;
}

/** The folder of the built-in playbooks. */
export const builtinFolder = new URL("../../playbooks/", import.meta.url);

/** The playbooks of a folder, by name; not parsed yet, so that unused modes cost no time. */
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
