/** Work on the hosts of a topology, over connections that are always closed in the end. */
import type { HostOptions } from "./host-options.ts";
import type { Scope } from "./scope.ts";
import { openSessions, type Sessions } from "./sessions.ts";

/**
 * Connects to the hosts of a scope, reads them, does the work, and closes the connections. `read`: the connections refuse
 * everything that would change a host. Throws whatever `openSessions` and the work throw.
 */
export async function withSessions<T>(
  { topology, targets, desired }: Scope,
  options: HostOptions,
  purpose: "read" | "change",
  work: (sessions: Sessions) => Promise<T>,
): Promise<T> {
  const sessions = await openSessions(targets, options, { readOnly: purpose === "read", topology, desired });
  try {
    return await work(sessions);
  } finally {
    await sessions.close();
  }
}
