/** The lab's network as input for `ip -batch`: one process sets up a whole namespace. Pure. */
import { LAB_PROTOCOL } from "../lvs/lab-protocol.ts";
import type { Host, Interface, Route, Topology } from "../topology/topology.ts";
import type { Engine } from "./engine.ts";
import type { ManagementNetwork } from "./management-network.ts";

/** The interface of every host on the lab's own network. */
export const MANAGEMENT_INTERFACE = "mgmt";

/** The interface of an engine's own kernel that leads to this machine. */
const CABLES: Readonly<Record<Engine, string | undefined>> = { native: undefined, uml: "vec0", qemu: "eth0" };

/** This machine's side, in the lab's outermost network namespace. */
export function formatControlBatch(engine: Engine, network: ManagementNetwork): string {
  if (engine === "native") return lines("link set lo up"); // The switches are in the same namespace.
  return lines(
    "link set lo up",
    "tuntap add dev tap0 mode tap",
    `addr add ${network.controlAddress}/${network.prefix} dev tap0`,
    "link set tap0 up",
  );
}

/** The switches, one for each segment, and every host's network namespace with its interfaces plugged in. */
export function formatSwitchBatch(engine: Engine, topology: Topology, network: ManagementNetwork): string {
  const device = CABLES[engine];
  const switches = switchesOf(topology);
  return lines(
    ...addSwitch(MANAGEMENT_INTERFACE),
    device !== undefined
      ? `link set dev ${device} master ${MANAGEMENT_INTERFACE} up`
      : `addr add ${network.controlAddress}/${network.prefix} dev ${MANAGEMENT_INTERFACE}`,
    ...switches.flatMap(({ device }) => addSwitch(device)),
    ...topology.hosts.flatMap((host) => cablesOf(topology, host)),
  );
}

/** The same for a single host, whose network namespace has been replaced by an empty one. */
export function formatRenewBatch(topology: Topology, host: Host): string {
  const hostIndex = topology.hosts.indexOf(host);
  const ports = [MANAGEMENT_INTERFACE, ...host.interfaces].map(
    (_, index) => `link delete dev ${port(hostIndex, index)}`,
  );
  return lines(...ports, `netns delete ${host.name}`, ...cablesOf(topology, host));
}

/**
 * A host's addresses and routes, as its distribution's network scripts would set them. The routes are marked as the lab's: with
 * --lab, a plan may change them.
 */
export function formatHostBatch(host: Host, managementAddress: string, network: ManagementNetwork): string {
  return lines(
    "link set lo up",
    `addr add ${managementAddress}/${network.prefix} brd + dev ${MANAGEMENT_INTERFACE}`,
    `link set dev ${MANAGEMENT_INTERFACE} up`,
    ...host.interfaces.flatMap(bringUp),
    ...routesOf(host).map(addRoute),
  );
}

/** Neighbours first: the kernel takes a router only if it knows by which interface to reach it. */
function routesOf({ gateways, routes }: Host): readonly Omit<Route, "family">[] {
  const defaults = gateways.map(({ family, ...hop }) => ({ to: family === 6 ? "::/0" : "0.0.0.0/0", ...hop }));
  return [
    ...routes.filter(({ via }) => via === undefined),
    ...defaults,
    ...routes.filter(({ via }) => via !== undefined),
  ];
}

function addRoute({ to, via, device }: Omit<Route, "family">): string {
  return `route add ${to}${via === undefined ? "" : ` via ${via}`}${device === undefined ? "" : ` dev ${device}`} proto ${LAB_PROTOCOL}`;
}

function switchesOf({ segments }: Topology) {
  return segments.map(({ name }, index) => ({ segment: name, device: `sw${index}` }));
}

function cablesOf(topology: Topology, host: Host): readonly string[] {
  const hostIndex = topology.hosts.indexOf(host);
  return [
    `netns add ${host.name}`,
    ...plugIn(host, hostIndex, 0, MANAGEMENT_INTERFACE, MANAGEMENT_INTERFACE),
    ...host.interfaces.flatMap(({ name, segment }, index) =>
      switchesOf(topology)
        .filter((other) => other.segment === segment)
        .flatMap(({ device }) => plugIn(host, hostIndex, index + 1, name, device)),
    ),
  ];
}

function port(hostIndex: number, index: number): string {
  return `p${hostIndex}.${index}`;
}

function addSwitch(name: string): readonly string[] {
  return [`link add name ${name} type bridge`, `link set dev ${name} addrgenmode none up`];
}

/** The hardware addresses show host and interface: 02:00:00:HOST:HOST:INTERFACE. */
function plugIn(host: Host, hostIndex: number, index: number, name: string, into: string): readonly string[] {
  const hardware = [0x02, 0, 0, (hostIndex + 1) >> 8, (hostIndex + 1) & 0xff, index]
    .map((octet) => octet.toString(16).padStart(2, "0"))
    .join(":");
  const end = port(hostIndex, index);
  return [
    `link add name ${end} type veth peer name ${name} address ${hardware} netns ${host.name}`,
    `link set dev ${end} master ${into} addrgenmode none up`,
  ];
}

function bringUp({ name, addresses }: Interface): readonly string[] {
  return [
    `link set dev ${name} up`,
    ...addresses.map(({ address, prefix, family }) => {
      const options = family === 6 ? " nodad" : prefix <= 30 ? " brd +" : "";
      return `addr add ${address}/${prefix}${options} dev ${name}`;
    }),
  ];
}

function lines(...all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join("");
}
