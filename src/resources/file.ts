/** Text files. */
import { posix } from "node:path";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { readPlainFiles } from "../probes/plain-files.ts";
import { type FolderOnWay, parseWays, readWays, type Way } from "../probes/ways.ts";
import { command, raw, type ShellCommand, sh } from "../shell/quote.ts";
import { ABSOLUTE_PATH, absolutePath } from "./absolute-path.ts";
import { type FileStatus, parseFileStatus, parseHeads, STATUS_FORMAT } from "./file-facts.ts";
import { partialOutput } from "./outputs.ts";
import { type Change, oneByOne, type Problem, type ResourceKind, type State } from "./resource.ts";
import { isKept, ownFolders, STATE_ROOT, startsOurs, stateFolder } from "./state-folder.ts";

/** A file and its whole text, owned by root. */
export interface FileState extends State {
  readonly path: string;
  readonly content: string;
  /** Permission bits as four octal digits: `0644`. */
  readonly mode: string;
}

/** What was found at the files' paths. */
export interface FileDetail {
  /** Whatever exists there, and their folders, by path. */
  readonly statuses: ReadonlyMap<string, FileStatus>;
  /** By folder. */
  readonly ways: ReadonlyMap<string, Way>;
}

const LARGEST_BYTES = 64 * 1024;
const EXECUTABLE = 0o111;
const WRITABLE_BY_OTHERS = 0o022;
/** Of a folder that nobody but root can change: `stat -c %u:%a`. */
const ROOTS = "^0:([0-7]*[0145])?[0145]$";
const NOTHING = sh``;

/** Small text files, with the folders of ours that they are in. */
export const file: ResourceKind<FileState, FileDetail> = {
  kind: "file",
  schema: {
    type: "object",
    required: ["path", "content"],
    additionalProperties: false,
    properties: {
      path: {
        type: "string",
        pattern: ABSOLUTE_PATH,
        description: `Where the file is: an absolute path, where only root can change the folders. They are made only under ${STATE_ROOT}.`,
      },
      content: { type: "string", maxLength: LARGEST_BYTES, description: "The whole text of the file, at most 64 KiB." },
      mode: {
        type: "string",
        pattern: "^[0-7]{3,4}$",
        default: "0644",
        description: "The permissions, in octal digits between quotation marks.",
      },
    },
  },

  resolve({ path, content, mode = "0644" }, { topology }) {
    const text = String(content);
    const bytes = Buffer.from(text);
    if (text.includes("\0") || bytes.length > LARGEST_BYTES || bytes.toString() !== text) {
      throw new LvsctlError("LVS-FACT-003", `The content of ${JSON.stringify(path)} is not text of at most 64 KiB.`, {
        hint: "Shorten it, and leave out NUL characters and halves of surrogate pairs.",
      });
    }
    const place = absolutePath(String(path));
    if (isKept(place, topology)) {
      throw new LvsctlError("LVS-FACT-003", `${JSON.stringify(place)} is where lvsctl keeps its own files.`, {
        hint: `Write another path, under ${stateFolder(topology)}/www for one.`,
      });
    }
    return [{ path: place, content: text, mode: String(mode).padStart(4, "0") }];
  },
  key: ({ path }) => path,
  fields: { path: true, content: true, mode: true },

  read(states) {
    if (states.length === 0) return [];
    const paths = states.map(({ path }) => absolutePath(path)); // A ledger may hold anything.
    const folders = [...new Set(paths.map((path) => posix.dirname(path)))];
    return [
      { name: "file-status", argv: ["stat", "-c", STATUS_FORMAT, ...paths, ...folders] },
      readWays([...folders, STATE_ROOT]),
      readPlainFiles("file", paths, LARGEST_BYTES),
    ];
  },

  parse(outputs, states, { host }) {
    if (states.length === 0) return file.bare();
    const statuses = parseFileStatus(partialOutput(outputs, "file-status", "stat", host), host);
    const files = states.flatMap(({ path }) => {
      const status = statuses.get(path);
      return status?.type === "file" && status.sizeBytes <= LARGEST_BYTES ? [{ path, ...status }] : [];
    });
    const contents = parseHeads(partialOutput(outputs, "file", "head", host), files);
    const found = files.flatMap(({ path, mode }) => {
      const content = contents.get(path);
      return content === undefined || content.includes("\0") ? [] : [[path, { path, content, mode }] as const];
    });
    return { states: new Map(found), detail: { statuses, ways: parseWays(outputs) } };
  },

  diff: (actual, desired) => (["content", "mode"] as const).filter((field) => actual[field] !== desired[field]),
  bare: () => ({ states: new Map(), detail: { statuses: new Map(), ways: new Map() } }),
  commands: (changes, { detail }) => oneByOne(changes, (change) => script(change, detail)),
  problem: (desired, { states, detail }, owned) =>
    foreignFile(desired, states.get(desired.path), detail, owned) ?? unfitFolder(desired, detail),
  bearsOurName: ({ path }) => ownFolders(path).length > 0,
  outlivesRestart: true,
  whenChangedByOthers: "leave",
  describe: ({ path, mode }) => `file ${path} mode ${mode}`,
  text: (state) => (isTestPage(state) ? undefined : state.content),
};

/** A test page, which says nothing but its real server's name, and which nothing runs: neither as it is nor in a shell. */
function isTestPage({ path, content, mode }: FileState): boolean {
  const isThere = /^\/www-\d+\/index\.html$/.test(path.slice(ownFolders(path).at(-2)?.length ?? 0));
  return isThere && /^real server [\w.-]+\n$/.test(content) && (Number.parseInt(mode, 8) & EXECUTABLE) === 0;
}

function script({ key, after }: Change<FileState>, { ways }: FileDetail): ShellCommand {
  const isOpen = openOn(ways.get(posix.dirname(key))) !== undefined;
  const otherwise = refuse(key, after ? "" : ` Remove ${key} by hand.`);
  const demand = isOpen ? otherwise : sh`{ ${raw(isRoots(key))} || ${raw(otherwise)}; }`;
  return after ? write(after, demand) : remove(key, demand);
}

/**
 * Atomic: the file is written next to its place (`set -C` refuses to follow a link there), saved to the disk, and then moved.
 * After a power cut the old file or the new one is there.
 */
function write({ path, content, mode }: FileState, demand: ShellCommand): ShellCommand {
  const folder = posix.dirname(path);
  const draft = draftOf(path);
  const makeFolder = sh`{ [ -d ${folder} ] || (umask 022 && mkdir -p ${folder}); } &&\n`;
  return sh`${raw(ownFolders(path).length > 0 ? makeFolder : NOTHING)}${raw(demand)} &&
if [ -d ${path} ] || [ -L ${path} ]; then echo ${`${path} is not a plain file`} >&2; false; fi && {
{ [ ! -e ${draft} ] || rm -f ${draft}; } &&
(umask 077 && set -C && printf %s ${content} > ${draft}) &&
chmod ${mode} ${draft} && sync ${draft} &&
mv -f ${draft} ${path} && sync ${folder} || { rm -f ${draft}; false; }; } || { ${raw(withoutEmptyFolders(path))} false; }`;
}

/** Where a file is written before it is in its place. */
function draftOf(path: string): string {
  return posix.join(posix.dirname(path), `.${posix.basename(path)}.lvsctl`);
}

/** Also removes what a power cut has left of it, and our own folders that are now empty. */
function remove(path: string, demand: ShellCommand): ShellCommand {
  const folders = withoutEmptyFolders(path);
  const draft = draftOf(path);
  const isThere = sh`[ -e ${path} ] || [ -L ${path} ] || [ -e ${draft} ] || [ -L ${draft} ]`;
  const removal = sh`if ${raw(isThere)}; then ${raw(demand)} && rm -f ${path} ${draft}; fi`;
  return folders === "" ? removal : sh`${raw(removal)} && { ${raw(folders)} }`;
}

/** Succeeds if nobody but root can put something else in the place of a folder on the way: then names stay what they are. */
function isRoots(path: string): ShellCommand {
  const names = path.split("/").slice(1, -1);
  const folders = ["/", ...names.map((_name, index) => `/${names.slice(0, index + 1).join("/")}`)];
  return sh`[ "$(stat -L -c %u:%a ${raw(command(...folders))} | grep -cE ${ROOTS})" = ${folders.length} ]`;
}

function refuse(path: string, advice: string): ShellCommand {
  const folder = posix.dirname(path);
  const message = `Users other than root can change ${folder}, or a folder on the way there.${advice}`;
  return sh`{ if [ -d ${folder} ]; then echo ${message}; else echo ${`There is no folder ${folder}.`}; fi >&2; false; }`;
}

/** The path without links, if lvsctl keeps its own files there and the path does not show it. */
function oursBehindLinks(path: string, ways: FileDetail["ways"]): string | undefined {
  const place = posix.join(ways.get(posix.dirname(path))?.end ?? posix.dirname(path), posix.basename(path));
  const root = ways.get(STATE_ROOT)?.end ?? STATE_ROOT;
  const isHidden = startsOurs(place) || (place.startsWith(`${root}/`) && ownFolders(path).length === 0);
  return isHidden ? place : undefined;
}

function openOn(way: Way | undefined): FolderOnWay | undefined {
  return way?.folders.find(({ owner, mode }) => owner !== "0" || (mode & WRITABLE_BY_OTHERS) !== 0);
}

function withoutEmptyFolders(path: string): ShellCommand {
  const folders = ownFolders(path).filter((folder) => folder !== STATE_ROOT);
  const inTurn = folders.map((folder) => sh`rmdir ${folder}`).join(" && ") as ShellCommand;
  return folders.length === 0 ? NOTHING : sh`(${raw(inTurn)}) 2>/dev/null || true;`;
}

function foreignFile(
  desired: FileState,
  actual: FileState | undefined,
  { statuses }: FileDetail,
  owned: boolean,
): Problem | undefined {
  const { path } = desired;
  const status = statuses.get(path);
  const away = `Move it away (${command("mv", path, `${path}.old`)})`;
  const hint = `${away}, or write another path.`;
  if (status === undefined) return undefined;
  if (status.type !== "file")
    return { message: `${path} is a ${status.type}, and lvsctl writes plain files only.`, hint };
  if (!actual)
    return { message: `${path} holds something other than text of at most 64 KiB, which is not ours.`, hint };
  if (owned || file.diff(actual, desired).length === 0) return undefined;
  const differing = file.diff(actual, desired).join(" and ");
  return {
    message: `${path} is a file of somebody else's, with other ${differing}.`,
    hint: `${away}, write another path, or let lvsctl take it over with --adopt.`,
    adoptable: true,
  };
}

function unfitFolder({ path }: FileState, { statuses, ways }: FileDetail): Problem | undefined {
  const folder = posix.dirname(path);
  const status = statuses.get(folder);
  const way = ways.get(folder);
  const open = openOn(way);
  if (open) {
    const bits = open.mode.toString(8).padStart(4, "0");
    const who = open.owner === "0" ? "Users other than root" : `The user with the number ${open.owner}`;
    return {
      message: `${who} can change what is in ${open.path} (mode ${bits}), and could put something else in the place of ${path}.`,
      hint: "Write a path where every folder on the way is root's, and only root can write.",
    };
  }
  const ours = oursBehindLinks(path, ways);
  if (ours !== undefined)
    return {
      message: `${path} ${ours === path ? "is" : `leads to ${ours},`} where lvsctl keeps its own files.`,
      hint: "Write another path.",
    };
  if (status?.type === "directory" || (status?.type === "symbolic link" && way?.end !== undefined)) return undefined;
  if (status)
    return {
      message: `${folder} is not a folder, so ${path} cannot be in it.`,
      hint: `Move ${folder} away, or write another path.`,
    };
  if (ownFolders(path).length > 0) return undefined;
  return {
    message: `There is no folder ${folder} for ${path}.`,
    hint: `Make it (${command("mkdir", "-p", folder)}), or write a path under ${STATE_ROOT}, where lvsctl makes folders itself.`,
  };
}
