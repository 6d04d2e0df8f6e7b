/** Interfaces: their names, and the one that gets a virtual address. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { isLinkLocal, parseCidr } from "../../net/address.ts";
import type { Draft } from "../draft.ts";
import { addressOf } from "../services.ts";

const RESERVED = new Set(["lo", "all", "default", "tunl0", "gre0", "sit0", "ip6tnl0", "ip6gre0"]);

const OF_LOOPBACK =
  "If that is a virtual address, delete it: lvsctl adds it where the mode needs it. If it is an address of the host itself, to which routers lead, put it on a dummy interface there, and write that one's name, such as dummy0.";

/** LVS-CONFIG-051. */
export function* interfaces(draft: Draft): Iterable<LvsctlError> {
  for (const host of draft.hosts.values()) {
    for (const { name } of host.interfaces.filter((one) => RESERVED.has(one.name))) {
      const message = `"${name}" is not the name of a network card: the kernel has it for something else, which lvsctl sets up by itself.`;
      const hint = name === "lo" ? OF_LOOPBACK : "Name the interface that `ip link` shows, such as eth0 or ens3.";
      yield draft.problem("LVS-CONFIG-051", ["hosts", host.name, "interfaces", name], { message, hint }, "key");
    }
  }
  for (const { name, interfaces } of draft.hosts.values()) {
    for (const nic of interfaces.filter(({ addresses }) => addresses.every(isLinkLocal))) {
      const message = `"${nic.name}" of "${name}" has link-local addresses alone, and those are the same on every segment, so it is unclear on which one it is.`;
      const hint = "Add an address in a subnet of its segment.";
      yield draft.problem("LVS-CONFIG-051", ["hosts", name, "interfaces", nic.name], { message, hint }, "key");
    }
  }
  for (const [service, { vip }] of draft.addressed) {
    if (typeof vip !== "object") continue;
    const path = ["services", service, "vip"];
    for (const director of vip.interface === undefined ? [] : draft.withRole("director")) {
      const names = director.interfaces.map(({ name }) => name);
      const able = names.filter((name) => !RESERVED.has(name));
      if (vip.interface === undefined || names.includes(vip.interface)) continue;
      const message = `The director "${director.name}" has no interface "${vip.interface}" that could carry the virtual address.`;
      const hint = vip.interface === "lo" ? adviseForLoopback(able) : adviseOf(able);
      yield draft.problem("LVS-CONFIG-051", [...path, "interface"], { message, hint });
    }
    if ((vip.prefix ?? 0) > 32 && parseCidr(addressOf(vip) ?? "")?.family === 4) {
      const message = `${vip.address} is an IPv4 address, whose prefix length is at most 32.`;
      yield draft.problem("LVS-CONFIG-014", [...path, "prefix"], {
        message,
        hint: "Delete `prefix`; 32 is the default.",
      });
    }
  }
}

function adviseOf(names: readonly string[]): string {
  return `Its interfaces: ${names.join(", ")}. Without \`interface\`, the one on the address's subnet is taken.`;
}

/** An address that routers lead to is on no segment of the director; lvsctl leaves lo to the real servers. */
function adviseForLoopback(names: readonly string[]): string {
  return `Name the interface that faces the clients (${names.join(", ")}), or delete \`interface\`. For an address that is on no segment, because routers lead to it, make a dummy interface with an address of its own, write it under \`interfaces\`, such as \`dummy0: 198.51.100.1/32\` (another address on each director), and here \`interface: dummy0\`.`;
}
