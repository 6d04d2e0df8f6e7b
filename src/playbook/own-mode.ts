import { basename } from "node:path";
import { parseDocument } from "../document/parse-document.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { ModeUser } from "../topology/mode-traits.ts";
import type { LoadedPlaybook } from "./load-playbook.ts";
import type { ModeFile } from "./mode-file.ts";

/**
 * Messages about a playbook show its lines. A topology of somebody else's, which may be checked where they read the messages,
 * can name any file, so what is clearly none stays unseen.
 */
const LOOKS_LIKE_A_PLAYBOOK = /^["']?(playbook|steps)["']?\s*:/m;

/**
 * Loads a user's own mode from the file at `path` with `load`; `user` is a service that uses it. LVS-PLAYBOOK-001 if the file
 * cannot be read, LVS-PLAYBOOK-003 if it contains a playbook of another kind.
 */
export function loadOwnMode(
  path: string,
  user: ModeUser,
  file: ModeFile,
  load: (text: string) => LoadedPlaybook,
): LoadedPlaybook {
  if ("reason" in file) return { problems: [unreadable(path, user, file.reason, file.cause)] };
  if (!LOOKS_LIKE_A_PLAYBOOK.test(file.text)) {
    return {
      problems: [unreadable(path, user, "it is no playbook: none of its lines begins with `playbook:` or `steps:`")],
    };
  }
  const loaded = load(file.text);
  if (loaded.playbook === undefined || loaded.playbook.kind === "mode") return loaded;
  return {
    problems: [
      new LvsctlError(
        "LVS-PLAYBOOK-003",
        `Service ${user.service} uses ${basename(path)} as ${whose(user)}, and that is a playbook of kind ${loaded.playbook.kind}.`,
        { hint: "Write `kind: mode` in it.", at: parseDocument(file.text, path).locate(["kind"]) },
      ),
    ],
  };
}

function whose({ server }: ModeUser): string {
  return server === undefined ? "its mode" : `the mode of ${server}`;
}

function unreadable(path: string, user: ModeUser, reason: string, cause?: unknown): LvsctlError {
  const { service, at } = user;
  return new LvsctlError(
    "LVS-PLAYBOOK-001",
    `The playbook ${path}, which service ${service} names as ${whose(user)}, cannot be read: ${reason}.`,
    {
      hint: "A path under `mode` counts from the folder of the topology file.",
      cause,
      ...(at === undefined ? {} : { at: at() }),
    },
  );
}
