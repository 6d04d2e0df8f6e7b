/** One side of a comparison: topology files as they are on this machine, or in a commit. */
import { readdir, stat } from "node:fs/promises";
import { join, posix, resolve } from "node:path";
import { fileReason } from "../errors/file-reason.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { MAX_MODE_BYTES, type ModeFile, type ReadModeFile, readModeFile, TOO_LARGE } from "../playbook/mode-file.ts";
import { Playbooks } from "../playbook/playbooks.ts";
import { NOTHING } from "../report/diff.ts";
import { kinds } from "../resources/kinds.ts";
import { GitRevision, type InCommit } from "./git-revision.ts";
import { compileText, type LoadedTopology } from "./load.ts";
import { readText } from "./text-of-file.ts";

/** A topology file on one side. */
export interface SideFile {
  /** As people know it: `main:lb.yaml`. */
  readonly label: string;
  /** Undefined: there is no such file on this side. */
  readonly load: (() => Promise<LoadedTopology>) | undefined;
}

/** A file of a folder, which may be of another kind. */
export interface FolderFile extends SideFile {
  readonly isTopology: boolean;
}

/** What the user has named: a file, or a folder with YAML files, by their names in it. */
export type Side =
  | { readonly file: SideFile }
  | { readonly folder: ReadonlyMap<string, FolderFile>; readonly label: string };

const IS_YAML = /\.ya?ml$/;

/**
 * Finds what a file, a folder or `GITREF:path` names. A path that a commit does not have is an absent file: it was added, or
 * removed. Throws LVS-USAGE-003 for all else that cannot be read.
 */
export async function findSide(asked: string): Promise<Side> {
  if (asked === NOTHING) return { file: { label: asked, load: undefined } };
  const [, ref, path] = /^([^:]*):(.*)$/s.exec(asked) ?? [];
  const found = await stat(asked).catch(() => undefined);
  if (found === undefined && ref !== undefined && path !== undefined) return sideOfCommit(ref, path, asked);
  return found?.isDirectory() ? sideOfFolder(asked) : { file: fileHere(asked) };
}

function fileHere(path: string): SideFile {
  return { label: path, load: async () => compileText(await readText(path), path) };
}

async function sideOfFolder(folder: string): Promise<Side> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new LvsctlError("LVS-USAGE-003", `${folder} cannot be read: ${fileReason(error)}.`, { cause: error });
  });
  const files = names
    .filter((name) => IS_YAML.test(name))
    .map(async (name): Promise<readonly [string, FolderFile]> => {
      const file = fileHere(join(folder, name));
      const text = await readText(file.label).catch(() => "");
      return [name, { ...file, isTopology: isTopology(text) }];
    });
  return { folder: new Map(await Promise.all(files)), label: folder };
}

/** A folder may hold YAML files of other kinds, playbooks among them. */
function isTopology(text: string): boolean {
  return ["hosts", "services"].every((key) => new RegExp(`(^|[{,]\\s*)["']?${key}["']?\\s*:`, "m").test(text));
}

async function sideOfCommit(ref: string, written: string, asked: string): Promise<Side> {
  if (ref === "") {
    throw new LvsctlError("LVS-USAGE-003", `${asked} cannot be read: lvsctl does not read git's index.`, {
      hint: "Name a commit in front of the colon, HEAD for the last one; or the file itself.",
    });
  }
  const revision = await GitRevision.find(ref, asked);
  const path = revision.pathOf(written);
  const names = (await revision.list(path))?.filter((name) => IS_YAML.test(name));
  if (names === undefined) return { file: fileOfCommit(revision, path, textOf(await revision.read(path), asked)) };
  const files: (readonly [string, FolderFile])[] = [];
  for (const name of names) {
    const file = posix.join(path, name);
    const found = await revision.read(file);
    if ("isMissing" in found) continue;
    const label = `${ref}:${file}`;
    const text = "text" in found ? found.text : "";
    const load = async () => loadFromCommit(revision, file, textOf(found, label) ?? "");
    files.push([name, { label, load, isTopology: isTopology(text) }]);
  }
  return { folder: new Map(files), label: asked };
}

/** The text of a file in a commit; undefined if there is none. */
function textOf(found: InCommit, asked: string): string | undefined {
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
