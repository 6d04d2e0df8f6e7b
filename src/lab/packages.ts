/** Packages of this machine's distribution that a lab's hosts have and this machine has not. */
import { join } from "node:path";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { exists } from "../transport/exists.ts";
import { type FetchOptions, fetchedFolder, fetchUnpacked } from "./fetched-packages.ts";

/**
 * The folder of what these packages add to this machine's files, installed with all that they need, but not on this machine.
 * Throws LVS-LAB-003 if they are not here and cannot be fetched.
 */
export async function packagesRoot(names: readonly string[], options: FetchOptions): Promise<string> {
  const sorted = [...new Set(names)].sort();
  const here = join(fetchedFolder("packages"), sorted.join("_"));
  if (await exists(here)) return here;
  const fetched = await fetchUnpacked("packages", "./fetch-packages.sh", options, sorted);
  if (!("error" in fetched)) return fetched.root;
  const list = sorted.join(" ");
  throw new LvsctlError(
    "LVS-LAB-003",
    `These packages are not here, and apt-get could not install them into a lab: ${list}.`,
    {
      hint: `On Debian or Ubuntu: see that \`apt-get --dry-run install ${list}\` works.`,
      output: fetched.error,
    },
  );
}
