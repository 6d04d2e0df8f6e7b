/** Files as they are in a commit of a git repository. Nothing is checked out, and the commit's own programs and filters do not run. */
import { posix, relative, resolve } from "node:path";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { runProcess } from "../transport/process.ts";

/** git reads from this machine's disk. Where a clone is partial, it may ask the server. */
const TIMEOUT_MS = 60_000;

/** What a path names in a commit. */
export type InCommit = { readonly text: string } | { readonly isMissing: true } | { readonly reason: string };

/** What `git cat-file --follow-symlinks` says of links that lead to no file. Source: git-cat-file(1). */
const LINKS: Readonly<Record<string, string>> = {
  symlink: "it is a symbolic link to something outside the commit",
  dangling: "it is a symbolic link to something that the commit does not have",
  loop: "its symbolic links form a loop",
};

/** A commit, and where its files are in the working tree. */
export class GitRevision {
  /** As the user named it: `main`. */
  readonly name: string;
  /** The absolute path of the repository's top folder. */
  readonly root: string;
  readonly #commit: string;
  readonly #prefix: string;

  private constructor(name: string, root: string, prefix: string, commit: string) {
    this.name = name;
    this.root = root;
    this.#prefix = prefix;
    this.#commit = commit;
  }

  /** Finds the commit in the repository of the current folder. Throws LVS-USAGE-003. `asked`: what the user has typed. */
  static async find(name: string, asked: string): Promise<GitRevision> {
    const found = await git(["rev-parse", "--show-prefix", "--is-bare-repository"]);
    if (found.status !== 0) throw unreadable(asked, gitsReason(found.stderr));
    const [prefix = "", isBare = ""] = found.stdout.split("\n");
    const top = isBare === "true" ? undefined : await git(["rev-parse", "--show-toplevel"]);
    const root = top?.status === 0 ? top.stdout.replace(/\n$/, "") : resolve(".");
    const commit = await git(["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`]);
    if (commit.status !== 0) {
      throw unreadable(
        asked,
        `this repository has no commit ${name}`,
        "git log --all --oneline lists the commits. In CI, fetch the branch first (fetch-depth: 0, GIT_DEPTH: 0).",
      );
    }
    return new GitRevision(name, root, prefix, commit.stdout.trim());
  }

  /** The path from the top folder of what the user has written behind the colon. As in git, `./` counts from the current folder. */
  pathOf(written: string): string {
    const path = /^\.\.?(\/|$)/.test(written) ? posix.join(this.#prefix, written) : posix.normalize(written);
    return path.replace(/\/+$/, "");
  }

  /** The same of a file's absolute path in the working tree. */
  pathFrom(absolute: string): string {
    return relative(this.root, absolute);
  }

  /** A file's content. `path`: from the top folder. Symbolic links are followed as far as they lead to files of the commit. */
  async read(path: string): Promise<InCommit> {
    if (path.includes("\n")) return { isMissing: true };
    const stdin = `${this.#commit}:${path}\n`;
    const { stdout, stderr, status } = await git(["cat-file", "--batch", "--follow-symlinks"], stdin);
    if (status !== 0) return { reason: gitsReason(stderr) };
    const [head = ""] = stdout.split("\n", 1);
    const [, type] = /^[0-9a-f]{40,64} (\w+) \d+$/.exec(head) ?? [];
    if (type === "blob") return { text: stdout.slice(head.length + 1, -1) };
    if (type !== undefined) return { reason: "it is a folder" };
    const [, link] = /^(symlink|dangling|loop) \d+$/.exec(head) ?? [];
    if (link !== undefined) return { reason: LINKS[link] ?? "" };
    const submodule = await this.#submoduleAbove(path);
    return submodule === undefined
      ? { isMissing: true }
      : { reason: `${submodule} is a submodule, with commits of its own` };
  }

  /**
   * The names of the files in a folder, or in the one that a symbolic link leads to; undefined if there is no such folder. `path`:
   * from the top folder; empty for that itself.
   */
  async list(path: string): Promise<readonly string[] | undefined> {
    if (path.includes("\n")) return undefined;
    const stdin = `${this.#commit}:${path === "." ? "" : path}\n`;
    const found = await git(["cat-file", "--batch-check", "--follow-symlinks"], stdin);
    const [, tree] = /^([0-9a-f]{40,64}) tree \d+\n$/.exec(found.stdout) ?? [];
    return tree === undefined ? undefined : (await this.#entries([tree])).map(({ name }) => name);
  }

  /** The folder of a path that is another repository. */
  async #submoduleAbove(path: string): Promise<string | undefined> {
    const folders = path.split("/").map((_, index, parts) => parts.slice(0, index + 1).join("/"));
    const found = await this.#entries([this.#commit, "--", ...folders.map((folder) => `:(literal)${folder}`)]);
    return found.find(({ type }) => type === "commit")?.name;
  }

  /** What `git ls-tree` lists. Source: git-ls-tree(1). */
  async #entries(args: readonly string[]): Promise<readonly { readonly type: string; readonly name: string }[]> {
    const { stdout } = await git(["ls-tree", "-z", "--full-tree", ...args]);
    return [...stdout.matchAll(/\d+ (\w+) [0-9a-f]+\t([^\0]+)\0/g)].map(([, type = "", name = ""]) => ({ type, name }));
  }
}

/** Runs git in the current folder. Throws LVS-USAGE-003 if it is not installed. */
function git(args: readonly string[], stdin?: string) {
  return runProcess(["git", ...args], {
    timeoutMs: TIMEOUT_MS,
    codeIfMissing: "LVS-USAGE-003",
    ...(stdin === undefined ? {} : { stdin }),
  });
}

/** What git says, as the end of a sentence. */
function gitsReason(stderr: string): string {
  const [line = ""] = stderr.split("\n", 1);
  return line === "" ? "git could not read it" : `git says: ${line.replace(/^fatal: /, "").replace(/\.$/, "")}`;
}

function unreadable(asked: string, reason: string, hint?: string): LvsctlError {
  return new LvsctlError("LVS-USAGE-003", `${asked} cannot be read: ${reason}.`, {
    hint: hint ?? "Give the path of a topology file, or a commit of this repository and a path in it: main:lb.yaml",
  });
}
