/** The sysctls of a host that nobody has configured yet. Pure. */
import type { Host } from "../topology/topology.ts";
import { MANAGEMENT_INTERFACE } from "./network-batch.ts";

/**
 * Lines of `KEY VALUE`, the key as a path below /proc/sys: the kernel's own defaults, whatever this machine has set, and on
 * top of them what a systemd distribution sets. Forwarding comes first, because changing it resets others. Source: systemd's 50-default.conf; the kernel's ip-sysctl.rst.
 */
export function formatDefaultSysctls({ interfaces }: Host): string {
  const devices = ["default", "lo", MANAGEMENT_INTERFACE, ...interfaces.map(({ name }) => name)];
  const conf = (device: string, settings: Readonly<Record<string, number>>) =>
    Object.entries(settings).map(([key, value]) => [`net/ipv4/conf/${device}/${key}`, value] as const);
  const kernel = {
    arp_ignore: 0,
    arp_announce: 0,
    arp_filter: 0,
    proxy_arp: 0,
    accept_redirects: 1,
    send_redirects: 1,
  };
  const settings = [
    ["net/ipv4/ip_forward", 0] as const,
    ["net/ipv6/conf/all/forwarding", 0] as const,
    ...conf("all", { ...kernel, rp_filter: 0, accept_source_route: 0 }),
    ...devices.flatMap((device) =>
      conf(device, { ...kernel, rp_filter: 2, accept_source_route: 0, promote_secondaries: 1 }),
    ),
  ];
  return settings.map(([key, value]) => `${key} ${value}\n`).join("");
}
