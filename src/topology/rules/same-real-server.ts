/** A service can hold each address and port of a real server only once. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import type { Draft } from "../draft.ts";
import { realServersOf } from "../services.ts";

/** LVS-CONFIG-070. */
export function* sameRealServer(draft: Draft): Iterable<LvsctlError> {
  for (const service of draft.services) {
    const file = draft.serviceFiles.get(service.name);
    const entries = file === undefined ? [] : realServersOf(file, []);
    if (entries.length !== service.realServers.length) continue;
    const seen = new Set<string>();
    for (const [index, { host, address, port }] of service.realServers.entries()) {
      const key = `${address} port ${port}`;
      const path = entries[index]?.path;
      if (seen.has(key) && path !== undefined) {
        const message = `"${host}" is there twice, with ${key}; the kernel can hold it only once.`;
        const hint = "Give the entry another `port` or `address`, or one entry a larger `weight`.";
        yield draft.problem("LVS-CONFIG-070", ["services", service.name, ...path], { message, hint });
      }
      seen.add(key);
    }
  }
}
