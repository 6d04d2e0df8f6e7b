/** What a lab requires of a valid topology: its names become names of devices and files on this machine. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { addressFamily, parseCidr } from "../net/address.ts";
import type { Host, Topology } from "../topology/topology.ts";
import { MANAGEMENT_INTERFACE } from "./network-batch.ts";

const LAB_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const HOST_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
/** The kernel's rule (IFNAMSIZ, dev_valid_name), without characters that mean something to `ip -batch`. */
const INTERFACE_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/;

/** Throws LVS-LAB-007 with every reason why a topology cannot be a lab. */
export function assertLabable(topology: Topology): void {
  assertLabName(topology.name);
  const names = topology.hosts.map(({ name }) => name.toLowerCase());
  const segments = new Set(topology.segments.map(({ name }) => name));
  const reasons = [
    ...names.filter((name, index) => names.indexOf(name) < index).map((name) => `two hosts have the name ${name}`),
    ...topology.hosts.flatMap((host) => hostReasons(host, segments)),
  ];
  if (reasons.length === 0) return;
  throw new LvsctlError("LVS-LAB-007", `The topology ${topology.name} cannot be a lab: ${reasons.join("; ")}.`, {
    hint: "Choose other names in the topology.",
  });
}

/** Throws LVS-LAB-007 when the name cannot be the name of a folder. */
export function assertLabName(name: string): void {
  if (LAB_NAME.test(name)) return;
  throw new LvsctlError(
    "LVS-LAB-007",
    `${JSON.stringify(name)} cannot be the name of a lab, because it names a folder.`,
    {
      hint: "A lab's name has at most 63 letters, digits, dots, hyphens and underscores, and begins with a letter or digit.",
    },
  );
}

function hostReasons(host: Host, segments: ReadonlySet<string>): readonly string[] {
  const texts = [...host.gateways.map(({ via }) => via), ...host.routes.flatMap(({ via }) => via ?? [])];
  const bad = [
    ...texts.filter((text) => addressFamily(text) === undefined),
    ...host.routes.map(({ to }) => to).filter((to) => parseCidr(to) === undefined),
    ...host.interfaces.flatMap(({ addresses }) =>
      addresses.map(({ address }) => address).filter((address) => addressFamily(address) === undefined),
    ),
  ];
  return [
    ...(HOST_NAME.test(host.name) ? [] : [`${JSON.stringify(host.name)} cannot be a host's name`]),
    ...host.routes
      .flatMap(({ device }) => device ?? [])
      .filter((device) => !host.interfaces.some(({ name }) => name === device))
      .map((device) => `${host.name} has a route by ${JSON.stringify(device)}, which is none of its interfaces`),
    ...bad.map((text) => `${host.name} uses ${JSON.stringify(text)}, which is no address`),
    ...host.interfaces.flatMap(({ name, segment }) => [
      ...(INTERFACE_NAME.test(name) ? [] : [`${JSON.stringify(name)} on ${host.name} cannot be an interface's name`]),
      ...(name === "lo" || name === MANAGEMENT_INTERFACE
        ? [`the lab itself makes the interface ${name} on ${host.name}`]
        : []),
      ...(segments.has(segment) ? [] : [`${name} on ${host.name} lies on no segment`]),
    ]),
  ];
}
