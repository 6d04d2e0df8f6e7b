import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { LoadedPlaybook } from "./load-playbook.ts";

const maximumSizeBytes = 1024 * 1024;

/**
 * Loads a user's own mode from the file at `path`; `service` is one that uses it. LVS-PLAYBOOK-001 if the file cannot be
 * read, LVS-PLAYBOOK-003 if it contains a playbook of another kind.
 */
export function loadOwnMode(path: string, service: string, load: (text: string) => LoadedPlaybook): LoadedPlaybook {
  let text: string;
  try {
    const file = statSync(path);
    if (!file.isFile()) return { problems: [unreadable(path, service, "it is not a file")] };
    if (file.size > maximumSizeBytes) return { problems: [unreadable(path, service, "it is larger than 1 MiB")] };
    text = readFileSync(path, "utf8");
  } catch (error) {
    return { problems: [unreadable(path, service, reasonOf(error), error)] };
  }
  const loaded = load(text);
  if (loaded.playbook === undefined || loaded.playbook.kind === "mode") return loaded;
  return {
    problems: [
      new LvsctlError(
        "LVS-PLAYBOOK-003",
        `Service ${service} uses ${basename(path)} as its mode, and that is a playbook of kind ${loaded.playbook.kind}.`,
        { hint: "Write `kind: mode` in it.", at: { file: path, line: 1, column: 1 } },
      ),
    ],
  };
}

function unreadable(path: string, service: string, reason: string, cause?: unknown): LvsctlError {
  return new LvsctlError(
    "LVS-PLAYBOOK-001",
    `The playbook ${path}, which service ${service} names as its mode, cannot be read: ${reason}.`,
    { hint: "A path under `mode` counts from the folder of the topology file.", cause },
  );
}

function reasonOf(error: unknown): string {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "there is no such file",
    EACCES: "you may not read it",
    ENOTDIR: "a folder of its path is a file",
  };
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons[code] ?? (error instanceof Error ? error.message : "it cannot be opened");
}
