/** The kernel parameters of interfaces, as far as the file sets them. */
import type { Host } from "../topology/topology.ts";

/**
 * How the kernel combines the value for `all` with the interface's own: the larger counts, or one of them being on is
 * enough. Source: the kernel's ip-sysctl.rst and include/linux/inetdevice.h.
 */
const COMBINED = { rp_filter: "maximum", arp_ignore: "maximum", accept_local: "either", proxy_arp: "either" } as const;

type Name = keyof typeof COMBINED;

/**
 * The effective value of an IPv4 parameter on an interface; undefined if what the file says leaves it open, because the
 * other half comes from the distribution.
 */
export function interfaceSysctl(host: Host, device: string, name: Name): number | undefined {
  const written = writtenSysctls(host, device, name);
  const [first] = written;
  if (first === undefined) return undefined;
  const known = Number(first.value);
  const isSettled = written.length === 2 || known >= (COMBINED[name] === "either" ? 1 : 2);
  return isSettled ? known : undefined;
}

/** What the file says about it, for `all` and for the interface itself: the larger value, which counts, first. */
export function writtenSysctls({ sysctls }: Host, device: string, name: Name): Host["sysctls"] {
  if (sysctls.length === 0) return [];
  return ["all", device]
    .flatMap((where) => sysctls.find(({ key }) => isSameSysctl(key, `net.ipv4.conf.${where}.${name}`)) ?? [])
    .toSorted((one, other) => Number(other.value) - Number(one.value));
}

/** What the file says that turns IPv6 off on an interface: for the interface itself, which counts if it is there, or for `all`. */
export function disabledIpv6({ sysctls }: Host, device: string): Host["sysctls"][number] | undefined {
  const [written] = [device, "all"].flatMap(
    (where) => sysctls.find(({ key }) => isSameSysctl(key, `net.ipv6.conf.${where}.disable_ipv6`)) ?? [],
  );
  return written?.value === "0" ? undefined : written;
}

/** What the file says that turns IPv6 off on a device that is made later, unless the file sets that device's own. */
export function defaultDisabledIpv6({ sysctls }: Host, device: string): Host["sysctls"][number] | undefined {
  const settingOf = (where: string) =>
    sysctls.find(({ key }) => isSameSysctl(key, `net.ipv6.conf.${where}.disable_ipv6`));
  const written = settingOf("default");
  return written?.value === "0" || settingOf(device) !== undefined ? undefined : written;
}

/** Whether the file sets any kernel parameter, of any host. */
export function hasSysctls(hosts: Iterable<Host>): boolean {
  return [...hosts].some(({ sysctls }) => sysctls.length > 0);
}

/** Whether two keys mean one parameter: sysctl takes dots and slashes for one another. */
export function isSameSysctl(one: string, other: string): boolean {
  const canonical = (key: string) => key.replaceAll("/", ".");
  return canonical(one) === canonical(other);
}
