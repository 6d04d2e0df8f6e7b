/** Text files. */
import { posix } from "node:path";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { command, raw, type ShellCommand, sh } from "../shell/quote.ts";
import { ABSOLUTE_PATH, absolutePath } from "./absolute-path.ts";
import { type FileStatus, parseFileStatus, parseHeads, STATUS_FORMAT } from "./file-facts.ts";
import { partialOutput } from "./outputs.ts";
import { type Change, oneByOne, type Problem, type ResourceKind, type State } from "./resource.ts";
import { isKept, ownFolders, STATE_ROOT, stateFolder } from "./state-folder.ts";

/** A file and its whole text, owned by root. */
export interface FileState extends State {
  readonly path: string;
  readonly content: string;
  /** Permission bits as four octal digits: `0644`. */
  readonly mode: string;
}

/** Whatever exists at the files' paths and their folders, by path. */
export type FileDetail = ReadonlyMap<string, FileStatus>;

const LARGEST_BYTES = 64 * 1024;
const EXECUTABLE = 0o111;
const WRITABLE_BY_ALL = 0o002;
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
        description: `Where the file is: an absolute path. Folders are made only under ${STATE_ROOT}.`,
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

  read(states) {
    if (states.length === 0) return [];
    const paths = states.map(({ path }) => path);
    const folders = new Set(paths.map((path) => posix.dirname(path)));
    return [
      { name: "file-status", argv: ["stat", "-c", STATUS_FORMAT, ...paths, ...folders] },
      { name: "file", argv: ["head", "-v", "-c", String(LARGEST_BYTES), ...paths] },
    ];
  },

  parse(outputs, states, { host }) {
    if (states.length === 0) return { states: new Map(), detail: new Map() };
    const detail = parseFileStatus(partialOutput(outputs, "file-status", "stat", host), host);
    const files = states.flatMap(({ path }) => {
      const status = detail.get(path);
      return status?.type === "file" && status.sizeBytes <= LARGEST_BYTES ? [{ path, ...status }] : [];
    });
    const contents = parseHeads(partialOutput(outputs, "file", "head", host), files);
    const found = files.flatMap(({ path, mode }) => {
      const content = contents.get(path);
      return content === undefined || content.includes("\0") ? [] : [[path, { path, content, mode }] as const];
    });
    return { states: new Map(found), detail };
  },

  diff: (actual, desired) => (["content", "mode"] as const).filter((field) => actual[field] !== desired[field]),
  bare: () => ({ states: new Map(), detail: new Map() }),
  commands: (changes) => oneByOne(changes, script),
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

function script({ key, after }: Change<FileState>): ShellCommand {
  return after ? write(after) : remove(key);
}

/**
 * Atomic: the file is written next to its place (`set -C` refuses to follow a link there), saved to the disk, and then moved.
 * After a power cut the old file or the new one is there.
 */
function write({ path, content, mode }: FileState): ShellCommand {
  const folder = posix.dirname(path);
  const draft = posix.join(folder, `.${posix.basename(path)}.lvsctl`);
  const makeFolder = sh`{ [ -d ${folder} ] || (umask 022 && mkdir -p ${folder}); } &&\n`;
  return sh`${raw(ownFolders(path).length > 0 ? makeFolder : NOTHING)}if [ -d ${path} ] || [ -L ${path} ]; then echo ${`${path} is not a plain file`} >&2; false; fi &&
{ [ ! -e ${draft} ] || rm -f ${draft}; } &&
(umask 077 && set -C && printf %s ${content} > ${draft}) &&
chmod ${mode} ${draft} && sync ${draft} &&
mv -f ${draft} ${path} && sync ${folder} || { rm -f ${draft}; ${raw(withoutEmptyFolders(path))} false; }`;
}

/** Also removes our own folders that are now empty. */
function remove(path: string): ShellCommand {
  const folders = withoutEmptyFolders(path);
  return folders === "" ? sh`rm -f ${path}` : sh`rm -f ${path} && { ${raw(folders)} }`;
}

function withoutEmptyFolders(path: string): ShellCommand {
  const folders = ownFolders(path).filter((folder) => folder !== STATE_ROOT);
  const inTurn = folders.map((folder) => sh`rmdir ${folder}`).join(" && ") as ShellCommand;
  return folders.length === 0 ? NOTHING : sh`(${raw(inTurn)}) 2>/dev/null || true;`;
}

function foreignFile(
  desired: FileState,
  actual: FileState | undefined,
  detail: FileDetail,
  owned: boolean,
): Problem | undefined {
  const { path } = desired;
  const status = detail.get(path);
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

function unfitFolder({ path }: FileState, detail: FileDetail): Problem | undefined {
  const folder = posix.dirname(path);
  const status = detail.get(folder);
  if (status?.type === "directory" && (Number.parseInt(status.mode, 8) & WRITABLE_BY_ALL) !== 0)
    return {
      message: `Everybody on the host can write to ${folder} (mode ${status.mode}), and could put something else in the place of ${path}.`,
      hint: "Write a path in a folder of root's.",
    };
  if (status?.type === "directory" || status?.type === "symbolic link") return undefined;
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
