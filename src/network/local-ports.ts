/** The ports from which a host's programs send if they ask for none. Pure. */
import type { Host } from "../topology/topology.ts";
import { isSameSysctl } from "./interface-sysctl.ts";

/** The first and the last of them. */
export interface LocalPorts {
  readonly first: number;
  readonly last: number;
}

/** The kernel's default of net.ipv4.ip_local_port_range, which is for IPv6 too: ip-sysctl.rst. */
const DEFAULT: LocalPorts = { first: 32768, last: 60999 };

/** What the file sets for a host, else the kernel's default. */
export function localPorts(host: Pick<Host, "sysctls"> | undefined): LocalPorts {
  const written = host?.sysctls.find(({ key }) => isSameSysctl(key, "net.ipv4.ip_local_port_range"))?.value;
  const [, first, last] = /^\s*(\d+)\s+(\d+)\s*$/.exec(written ?? "") ?? [];
  return first === undefined || last === undefined ? DEFAULT : { first: Number(first), last: Number(last) };
}
