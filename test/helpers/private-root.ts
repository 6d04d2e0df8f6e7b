import { LiveRoot } from "./live-root.ts";
import type { Ended } from "./watched-process.ts";

/**
 * Runs scripts one after the other, each in its own shell, in a LiveRoot; whatever is left running ends with it. `shell`: sh,
 * bash, or `busybox sh`. Returns what each printed.
 */
export async function inPrivateRoot(scripts: readonly string[], shell = "sh"): Promise<readonly Ended[]> {
  const root = new LiveRoot();
  try {
    const results: Ended[] = [];
    for (const script of scripts) results.push(await root.run(script, shell));
    return results;
  } finally {
    await root.close();
  }
}
