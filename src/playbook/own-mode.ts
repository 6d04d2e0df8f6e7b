import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from "node:fs";
import { basename } from "node:path";
import { parseDocument } from "../document/parse-document.ts";
import { fileReason } from "../errors/file-reason.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { ModeUser } from "../topology/mode-traits.ts";
import type { LoadedPlaybook } from "./load-playbook.ts";

/**
 * Messages about a playbook show its lines. A topology of somebody else's, which may be checked where they read the messages,
 * can name any file, so what is clearly none stays unseen.
 */
const LOOKS_LIKE_A_PLAYBOOK = /^["']?(playbook|steps)["']?\s*:/m;

const maximumSizeBytes = 1024 * 1024;

/** Reading there can wait for ever, or have effects, and sizes are said to be 0. */
const FROM_THE_KERNEL = /^\/(dev|proc|sys)\//;

/**
 * Loads a user's own mode from the file at `path` with `load`; `user` is a service that uses it. LVS-PLAYBOOK-001 if the file
 * cannot be read, LVS-PLAYBOOK-003 if it contains a playbook of another kind.
 */
export function loadOwnMode(path: string, user: ModeUser, load: (text: string) => LoadedPlaybook): LoadedPlaybook {
  let text: string;
  try {
    const real = realpathSync(path);
    if (FROM_THE_KERNEL.test(real)) return { problems: [unreadable(path, user, "it is not a file on a disk")] };
    const read = readPlainFile(real);
    if (read === undefined) return { problems: [unreadable(path, user, "it is not a file")] };
    if (read === "too-large") return { problems: [unreadable(path, user, "it is larger than 1 MiB")] };
    text = read.text;
  } catch (error) {
    return { problems: [unreadable(path, user, fileReason(error), error)] };
  }
  if (!LOOKS_LIKE_A_PLAYBOOK.test(text)) {
    return {
      problems: [unreadable(path, user, "it is no playbook: none of its lines begins with `playbook:` or `steps:`")],
    };
  }
  const loaded = load(text);
  if (loaded.playbook === undefined || loaded.playbook.kind === "mode") return loaded;
  return {
    problems: [
      new LvsctlError(
        "LVS-PLAYBOOK-003",
        `Service ${user.service} uses ${basename(path)} as ${whose(user)}, and that is a playbook of kind ${loaded.playbook.kind}.`,
        { hint: "Write `kind: mode` in it.", at: parseDocument(text, path).locate(["kind"]) },
      ),
    ],
  };
}

/** The text of a file; undefined if it is no plain file. */
function readPlainFile(path: string): { readonly text: string } | "too-large" | undefined {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!fstatSync(file).isFile()) return undefined;
    const buffer = Buffer.alloc(maximumSizeBytes + 1);
    let size = 0;
    for (let read = 1; read > 0 && size < buffer.length; size += read) {
      read = readSync(file, buffer, size, buffer.length - size, null);
    }
    return size === buffer.length ? "too-large" : { text: buffer.toString("utf8", 0, size) };
  } finally {
    closeSync(file);
  }
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
