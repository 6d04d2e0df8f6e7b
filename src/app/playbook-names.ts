/** The names by which `lvsctl explain` knows modes and features. Not in explain.ts, which loads much more: shells run the completion script's command whenever they start. */
import { builtinFiles, builtinFolder } from "../playbook/builtin-files.ts";

/** The names of the built-in modes, sorted. */
export function modeNames(): readonly string[] {
  return builtinFiles(builtinFolder).flatMap(({ name, isMode }) => (isMode ? [name] : []));
}

/** The names of the built-in playbooks, sorted. */
export function playbookNames(): readonly string[] {
  return builtinFiles(builtinFolder).map(({ name }) => name);
}
