/** Hosts that pass on packets of others, and whether anything lets them. Pure. */
import type { Family } from "../net/address.ts";
import type { Host } from "../topology/topology.ts";
import { isSameSysctl } from "./interface-sysctl.ts";

/** The settings that turn forwarding on, by family; the first is the usual one. */
export const FORWARDING: Readonly<Record<Family, readonly [string, ...string[]]>> = {
  4: ["net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding"],
  6: ["net.ipv6.conf.all.forwarding"],
};

/** Whether the file lets a host pass on packets: `open` where it neither says so, nor is the host a firewall. */
export function forwards({ roles, sysctls }: Host, family: Family): "yes" | "no" | "open" {
  if (roles.includes("firewall")) return "yes";
  const written = sysctls.filter(({ key }) => FORWARDING[family].includes(key.replaceAll("/", ".")));
  if (written.length === 0) return "open";
  return written.some(({ value }) => value !== "0") ? "yes" : "no";
}

/**
 * The setting of the file that keeps a host from passing on what comes in at an interface, if there is one: for IPv4 the
 * interface's own counts. Source: ip_route_input_slow in the kernel's net/ipv4/route.c.
 */
export function shutAt({ sysctls }: Host, device: string): Host["sysctls"][number] | undefined {
  return sysctls.find(({ key, value }) => value === "0" && isSameSysctl(key, `net.ipv4.conf.${device}.forwarding`));
}
