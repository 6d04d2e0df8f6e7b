/** Names of the netfilter and ARP filter chains that belong to lvsctl. */
import { createHash } from "node:crypto";

/**
 * The name of our chain below a built-in chain: `LVSCTL-web-lab-INPUT`. Netfilter allows 28 characters, so a topology name
 * that is too long is shortened and a hash keeps it unique.
 */
export function ownChain(topology: string, hook: string): string {
  const hash = createHash("sha256").update(topology).digest("hex").slice(0, 5);
  const isShort = /^[A-Za-z0-9_-]{1,9}$/.test(topology);
  return `LVSCTL-${isShort ? topology : `${topology.replaceAll(/[^A-Za-z0-9-]/g, "").slice(0, 3)}_${hash}`}-${hook}`;
}
