/** This machine as a host. */
import { spawnStream } from "./process.ts";
import { shellTransport } from "./shell-transport.ts";
import type { Transport } from "./transport.ts";

/** A transport to this machine, with the rights that we have. `host` is its name in the topology. */
export function connectLocal(host: string): Transport {
  return shellTransport({
    host,
    open: async () => spawnStream(["sh", "-s"]),
    close: async () => {},
  });
}
