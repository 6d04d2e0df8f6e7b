/** The kernel parameters of interfaces, as far as the file sets them. */
import type { Host } from "../topology/topology.ts";

/**
 * How the kernel combines the value for `all` with the interface's own: the larger counts, or one of them being on is
 * enough. Source: the kernel's ip-sysctl.rst and include/linux/inetdevice.h.
 */
const COMBINED = { rp_filter: "maximum", accept_local: "either" } as const;

/**
 * The effective value of an IPv4 parameter on an interface; undefined if what the file says leaves it open, because the
 * other half comes from the distribution.
 */
export function interfaceSysctl({ sysctls }: Host, device: string, name: keyof typeof COMBINED): number | undefined {
  const valueFor = (where: string) => sysctls.find(({ key }) => isSame(key, `net.ipv4.conf.${where}.${name}`))?.value;
  const values = [valueFor("all"), valueFor(device)].flatMap((value) => (value === undefined ? [] : [Number(value)]));
  const known = Math.max(...values);
  if (values.length === 2) return known;
  const isSettled = values.length === 1 && known >= (COMBINED[name] === "either" ? 1 : 2);
  return isSettled ? known : undefined;
}

/** sysctl takes dots and slashes for one another; a dot in an interface's name has to be a slash. */
function isSame(one: string, other: string): boolean {
  const canonical = (key: string) => key.replaceAll("/", ".");
  return canonical(one) === canonical(other);
}
