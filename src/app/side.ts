/** One side of a comparison: topology files as they are on this machine, or in a commit. */
import { readdir, stat } from "node:fs/promises";
import { join, posix, resolve } from "node:path";
import { fileReason } from "../errors/file-reason.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { MAX_MODE_BYTES, type ModeFile, type ReadModeFile, readModeFile, TOO_LARGE } from "../playbook/mode-file.ts";
import { Playbooks } from "../playbook/playbooks.ts";
import { kinds } from "../resources/kinds.ts";
import { GitRevision } from "./git-revision.ts";
import { compileText, type LoadedTopology } from "./load.ts";
import { readText } from "./text-of-file.ts";

/** A topology file on one side. */
export interface SideFile {
  /** As people know it: `main:lb.yaml`. */
  readonly label: string;
  /** Undefined: there is no such file on this side. */
  readonly load: (() => Promise<LoadedTopology>) | undefined;
}

/** What the user has named: a file, or a folder with files, by their names in it. */
export type Side =
  | { readonly file: SideFile }
  | { readonly folder: ReadonlyMap<string, SideFile>; readonly label: string };

/** Stands for a file that is not there, as for git. */
const NOTHING = "/dev/null";

const IS_YAML = /\.ya?ml$/;

/**
 * Finds what a file, a folder or `GITREF:path` names. A path that a commit does not have is an absent file: it was added, or
 * removed. Throws LVS-USAGE-003 for all else that cannot be read.
 */
export async function findSide(asked: string): Promise<Side> {
  if (asked === NOTHING) return { file: { label: asked, load: undefined } };
  const [, ref, path] = /^([^:]+):(.*)$/s.exec(asked) ?? [];
  const found = await stat(asked).catch((error: unknown) => error);
  if (ref !== undefined && path !== undefined && found instanceof Error) return sideOfCommit(ref, path, asked);
  if (found instanceof Error || !(found as { isDirectory(): boolean }).isDirectory()) {
    return { file: { label: asked, load: async () => compileText(await readText(asked), asked) } };
  }
  const names = await readdir(asked).catch((error: unknown) => {
    throw new LvsctlError("LVS-USAGE-003", `${asked} cannot be read: ${fileReason(error)}.`, { cause: error });
  });
  const files = names.filter((name) => IS_YAML.test(name)).map((name) => [name, join(asked, name)] as const);
  const texts = await Promise.all(files.map(async ([name, file]) => [name, file, await readText(file)] as const));
  const folder = texts
    .filter(([, , text]) => isTopology(text))
    .map(([name, file, text]) => [name, { label: file, load: async () => compileText(text, file) }] as const);
  return { folder: new Map(folder), label: asked };
}

/** A folder may hold YAML files of other kinds, playbooks among them. */
function isTopology(text: string): boolean {
  return /^["']?hosts["']?\s*:/m.test(text) && /^["']?services["']?\s*:/m.test(text);
}

async function sideOfCommit(ref: string, written: string, asked: string): Promise<Side> {
  const revision = await GitRevision.find(ref, asked);
  const path = revision.pathOf(written);
  const names = (await revision.list(path))?.filter((name) => IS_YAML.test(name));
  if (names === undefined) {
    const text = await textIn(revision, path, asked);
    return { file: fileOfCommit(revision, path, text) };
  }
  const files = names.map((name) => [name, posix.join(path, name)] as const);
  const texts: (readonly [string, SideFile])[] = [];
  for (const [name, file] of files) {
    const text = await textIn(revision, file, `${ref}:${file}`);
    if (text !== undefined && isTopology(text)) texts.push([name, fileOfCommit(revision, file, text)]);
  }
  return { folder: new Map(texts), label: asked };
}

async function textIn(revision: GitRevision, path: string, asked: string): Promise<string | undefined> {
  const found = await revision.read(path);
  if ("text" in found) return found.text;
  if ("isMissing" in found) return undefined;
  throw new LvsctlError("LVS-USAGE-003", `${asked} cannot be read: ${found.reason}.`, {
    hint: "Give the path of a topology file in that commit.",
  });
}

function fileOfCommit(revision: GitRevision, path: string, text: string | undefined): SideFile {
  const label = `${revision.name}:${path}`;
  return { label, load: text === undefined ? undefined : () => loadFromCommit(revision, path, text) };
}

/**
 * Loads a topology with the modes of the same commit. Which files those are only the topology says, so it is loaded again until
 * all that it asks for have been read.
 */
async function loadFromCommit(revision: GitRevision, path: string, text: string): Promise<LoadedTopology> {
  const known = new Map<string, ModeFile>();
  for (;;) {
    const asked = new Set<string>();
    const read: ReadModeFile = (file) => {
      if (!known.has(file)) asked.add(file);
      return known.get(file) ?? { reason: "it has not been read yet" };
    };
    const loaded = attempt(() =>
      compileText(text, resolve(revision.root, path), new Playbooks(kinds, undefined, read)),
    );
    if (asked.size === 0) {
      if (!(loaded instanceof LvsctlError)) return loaded;
      throw named(loaded, revision);
    }
    for (const file of asked) known.set(file, await modeIn(revision, file));
  }
}

function attempt<T>(work: () => T): T | LvsctlError {
  try {
    return work();
  } catch (error) {
    if (error instanceof LvsctlError) return error;
    throw error;
  }
}

async function modeIn(revision: GitRevision, file: string): Promise<ModeFile> {
  const path = revision.pathFrom(file);
  if (path.startsWith("..")) return readModeFile(file);
  const found = await revision.read(path);
  if ("isMissing" in found) return { reason: `${revision.name} has no such file` };
  return "text" in found && found.text.length > MAX_MODE_BYTES ? TOO_LARGE : found;
}

/** The same error, with the files of the commit by the names that git has for them. */
function named(error: LvsctlError, revision: GitRevision): LvsctlError {
  const { at, problems, ...details } = error.details;
  const inCommit = (text: string) => text.replaceAll(`${revision.root}/`, `${revision.name}:`);
  const file = at === undefined ? undefined : inCommit(at.file);
  return new LvsctlError(error.code, inCommit(error.message), {
    ...details,
    ...(at === undefined || file === undefined ? {} : { at: { ...at, file } }),
    ...(problems === undefined ? {} : { problems: problems.map((problem) => named(problem, revision)) }),
  });
}
