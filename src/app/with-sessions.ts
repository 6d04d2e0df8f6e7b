/** Work on the hosts of a topology over connections that are closed whatever becomes of it. */
import type { HostOptions } from "./host-options.ts";
import type { Scope } from "./scope.ts";
import { openSessions, type Sessions } from "./sessions.ts";

/**
 * Connects to the hosts of a scope and reads them, does the work, and closes the connections. `read`: the connections
 * refuse everything that would change a host. Throws as `openSessions` and the work do.
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
