/** Names of the netfilter and ARP filter chains that belong to lvsctl. */
import { createHash } from "node:crypto";

/**
 * Our chain that a built-in chain calls: `LVSCTL-web-lab-INPUT`. Netfilter's names have 28 characters at most; a topology's
 * name that is too long for that is cut, and told apart by a hash.
 */
export function ownChain(topology: string, hook: string): string {
  const hash = createHash("sha256").update(topology).digest("hex").slice(0, 5);
  const isShort = /^[A-Za-z0-9_-]{1,9}$/.test(topology);
  return `LVSCTL-${isShort ? topology : `${topology.replaceAll(/[^A-Za-z0-9-]/g, "").slice(0, 3)}_${hash}`}-${hook}`;
}
