import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import type { Draft } from "../draft.ts";
import { realServersOf } from "../services.ts";

/** LVS-CONFIG-112, a warning, for a service with one real server: LVS has nothing to choose, and nobody takes over from it. */
export function* singleRealServer(draft: Draft): Iterable<LvsctlError> {
  if (!draft.isWhole) return;
  const all = draft.withRole("real-server").map(({ name }) => name);
  for (const [entry, file] of draft.entries) {
    const isListed = file.realServers !== undefined;
    const servers = isListed ? realServersOf(file, []).map(({ host }) => host) : all;
    const [only] = servers;
    if (only === undefined || servers.some((host) => host !== only)) continue;
    const message = `"${only}" is the only real server of "${entry}": there is nothing to balance, and when it fails, the service fails.`;
    const hint = `Add a second host with the role real-server${isListed ? ", and list it under `realServers`" : ""}. If one is meant, leave it as it is.`;
    const path = ["services", entry, ...(isListed ? ["realServers"] : [])];
    yield draft.problem("LVS-CONFIG-112", path, { message, hint }, "key");
  }
}
