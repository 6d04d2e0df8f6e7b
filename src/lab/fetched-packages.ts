/** What labs need and is downloaded once, then kept unpacked, one folder for each version. Nothing is installed. */

import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { exists } from "../transport/exists.ts";
import { runProgram } from "./program.ts";

/** What can be fetched: the distribution's kernel, a newer User-Mode Linux, an init, other packages. */
export type Sort = "kernels" | "uml" | "openrc" | "packages";

const CALLED: Readonly<Record<Sort, string>> = {
  kernels: "a kernel",
  uml: "a kernel",
  openrc: "OpenRC",
  packages: "packages",
};

/** What was unpacked. */
export interface Fetched {
  /** `6.1.0-56-amd64`, for example. */
  readonly version: string;
  /** The folder below which the files are where their packages put them. */
  readonly root: string;
}

/** How something is fetched. */
export interface FetchOptions {
  /** Hears that something is downloaded, before that begins. */
  readonly onProgress?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/** All of them may be removed while no lab is up. */
const CACHE = "/var/cache/lvsctl";

const FETCH_TIMEOUT_MS = 3_600_000;

/** The folder of all versions of one sort, also of those that are being fetched: their names begin with a comma. */
export function fetchedFolder(sort: Sort): string {
  return join(CACHE, sort);
}

/** The roots of the versions that are here. */
export async function fetchedRoots(sort: Sort): Promise<readonly string[]> {
  const folder = fetchedFolder(sort);
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => !name.startsWith(",")).map((name) => join(folder, name));
}

/**
 * Fetches something with one of this folder's scripts, which puts it into the current folder and prints its version; `args` are
 * the script's. Returns the script's error output if that fails. Several may fetch the same version at once.
 */
export async function fetchUnpacked(
  sort: Sort,
  script: string,
  { onProgress, signal }: FetchOptions,
  args: readonly string[] = [],
): Promise<Fetched | { readonly error: string }> {
  const folder = fetchedFolder(sort);
  onProgress?.(`fetching ${CALLED[sort]} into ${folder}`);
  await mkdir(folder, { recursive: true });
  const aside = join(folder, `,${randomUUID()}`);
  await mkdir(aside);
  try {
    const result = await runProgram(["sh", fileURLToPath(new URL(script, import.meta.url)), ...args], {
      cwd: aside,
      timeoutMs: FETCH_TIMEOUT_MS,
      ...(signal === undefined ? {} : { signal }),
    });
    const version = result.stdout.trim();
    if (result.status !== 0 || !/^[\w.+~-]+$/.test(version)) return { error: result.stderr };
    const root = join(folder, version);
    await rename(aside, root).catch(async (error: unknown) => {
      if (!(await exists(root))) throw error; // Otherwise another lvsctl has fetched the same one meanwhile.
    });
    return { version, root };
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}
