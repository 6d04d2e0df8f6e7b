/** What a small topology asks of its hosts, in two versions that between them cover every kind of change in a run. */
import type { DesiredResource } from "../../src/compile/desired-state.ts";
import type { Stage } from "../../src/lvs/stage.ts";
import { kinds } from "../../src/resources/kinds.ts";
import type { State } from "../../src/resources/resource.ts";
import type { Desired } from "./world.ts";

const SERVICE = { address: "172.16.10.10", port: 80, protocol: "tcp" };

/** A resource of a real kind. */
export function resource(kind: string, stage: Stage, written: State, follows?: readonly string[]): DesiredResource {
  const found = kinds.get(kind);
  const [state] = found?.resolve(written, { topology: "demo", host: "" }) ?? [];
  if (!found || !state) throw new RangeError(`no ${kind}`);
  return { kind, key: found.key(state), state, stage, why: "", services: [], ...(follows ? { follows } : {}) };
}

export const sysctl = (name: string, value: number, stage: Stage) =>
  resource("sysctl", stage, { key: `net.ipv4.conf.all.${name}`, value });

export const file = (name: string, content: string, stage: Stage) =>
  resource("file", stage, { path: `/var/lib/lvsctl/demo/${name}`, content });

export const realServer = (address: string, weight = 1) =>
  resource("ipvs-destination", "real-servers", { service: SERVICE, address, method: "dr", weight });

export const announcement = (...follows: readonly string[]) =>
  resource("gratuitous-arp", "announce", { address: SERVICE.address, device: "eth0" }, follows);

export const HOSTS = ["dr", "rs1", "rs2"];

const arp = sysctl("arp_ignore", 1, "real-server-arp");

/** One real server, and what belongs to it. */
export const OLD: Desired = {
  dr: [
    sysctl("ip_forward_by_us", 1, "director-network"),
    realServer("172.16.10.21"),
    realServer("172.16.10.20", 3),
    announcement(`dr sysctl net.ipv4.conf.all.ip_forward_by_us`),
  ],
  rs1: [arp, file("page", "one", "real-server-web")],
  rs2: [sysctl("arp_announce", 2, "real-server-arp")],
};

/** Another real server takes its place, so that something is added, changed and removed on every host. */
export const NEW: Desired = {
  dr: [
    sysctl("ip_forward_by_us", 2, "director-network"),
    realServer("172.16.10.20", 5),
    realServer("172.16.10.22"),
    announcement(`dr sysctl net.ipv4.conf.all.ip_forward_by_us`),
  ],
  rs1: [file("page", "two", "real-server-web"), sysctl("log_martians", 1, "real-server-address")],
  rs2: [arp, sysctl("arp_announce", 1, "real-server-arp"), file("page", "new", "real-server-web")],
};
