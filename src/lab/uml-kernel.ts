/** User-Mode Linux: this machine's, or a newer one that was fetched, in which processes start twice as fast. */

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Fetched, type FetchOptions, fetchedRoots, fetchUnpacked } from "./fetched-packages.ts";

/** Where Debian's package keeps modules, below a root. */
const MODULES = "usr/lib/uml/modules";

/** The first version that starts processes fast: it writes a new process's page tables in one go. */
const FAST = 6.12;

/** The kernel for the engine uml. */
export interface UmlKernel {
  /** `/`, or the folder of a fetched one, which has its own C library and is started in a root of its own. */
  readonly root: string;
  /** The folder that holds `VERSION/kernel`. */
  readonly modules: string;
}

/** The kernel to boot: a fetched one if there is any, else the one that is installed. */
export async function umlKernel(): Promise<UmlKernel> {
  const [fetched] = await fetchedRoots("uml");
  return at(fetched ?? "/");
}

/**
 * Fetches a kernel that starts processes fast, unless one is here. Returns the error output of the attempt if there is none
 * to be had; then labs are slower, and nothing else. scripts/setup.mjs calls it.
 *
 * @public
 */
export async function fetchFastUmlKernel(
  options: FetchOptions,
): Promise<Fetched | { readonly error: string } | undefined> {
  const roots = await fetchedRoots("uml");
  const installed = await readdir(at("/").modules).catch(() => []);
  if (roots.length > 0 || installed.some((version) => Number.parseFloat(version) >= FAST)) return undefined;
  return fetchUnpacked("uml", "./fetch-uml-kernel.sh", options);
}

function at(root: string): UmlKernel {
  return { root, modules: join(root, MODULES) };
}
