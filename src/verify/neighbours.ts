/** Whether hosts that lvsctl does not log in to are there, as their neighbours see it, and by which hardware addresses. Pure. */
import { isLinkLocal } from "../net/address.ts";
import { type Hardware, nameOf } from "../network/hardware.ts";
import type { Topology } from "../topology/topology.ts";
import type { Check } from "./verification.ts";

/** An address of such a host, and a neighbour that asks for it. */
export interface NeighbourQuestion {
  readonly host: string;
  readonly device: string;
  readonly address: string;
  /** Undefined: none of the hosts here is on its segment. */
  readonly asker: { readonly host: string; readonly device: string } | undefined;
}

/** One question for each of their addresses; nobody needs a client to be there. `available`: the hosts that can ask. */
export function neighbourQuestions(
  { hosts }: Pick<Topology, "hosts">,
  available: ReadonlySet<string>,
): readonly NeighbourQuestion[] {
  const interfaces = hosts.flatMap(({ name, interfaces: own }) => own.map((one) => ({ host: name, ...one })));
  const unmanaged = hosts.filter(({ managed, roles }) => !managed && roles.some((role) => role !== "client"));
  return interfaces.flatMap(({ host, name, segment, addresses }) => {
    if (!unmanaged.some((one) => one.name === host)) return [];
    const asker = interfaces.find((one) => one.segment === segment && available.has(one.host));
    return addresses
      .filter((one) => !isLinkLocal(one))
      .map(({ address }) => ({
        ...{ host, device: name, address },
        asker: asker && { host: asker.host, device: asker.name },
      }));
  });
}

/**
 * What the answers say, and the hardware addresses of the hosts that are there. `answers`: by address; addresses that could
 * not be asked for are missing. `known`: the hardware addresses of the other hosts.
 */
export function judgeNeighbours(
  questions: readonly NeighbourQuestion[],
  answers: ReadonlyMap<string, readonly string[]>,
  known: Hardware,
): { readonly checks: readonly Check[]; readonly notes: readonly string[]; readonly hardware: Hardware } {
  const checks: Check[] = [];
  const notes: string[] = [];
  const hardware = new Map<string, Map<string, string>>();
  for (const { host, device, address, asker } of questions) {
    const macs = answers.get(address);
    if (asker === undefined || macs === undefined) {
      const why = asker ? `${asker.host} cannot ask` : "none of the hosts here is on its segment";
      notes.push(`${address}: no host could ask whether ${host} is there: ${why}`);
      continue;
    }
    const others = macs.filter((mac) => [...known.values()].some((devices) => devices.has(mac)));
    const own = macs.filter((mac) => !others.includes(mac));
    const seen = `(asked by ${asker.host})`;
    const detail =
      others.length > 0
        ? `${others.map((mac) => nameOf(mac, known)).join(" and ")} answers for ${address}, which is an address of ${host} ${seen}`
        : own.length > 0
          ? `${host} answers for ${address} with ${own.join(", ")} ${seen}`
          : `no host answers for ${address}, which is an address of ${host} ${seen}`;
    checks.push({ name: "neighbour", ok: others.length === 0 && own.length > 0, detail });
    const devices = hardware.get(host) ?? new Map<string, string>();
    for (const mac of own) if (!devices.has(mac)) devices.set(mac, device);
    hardware.set(host, devices);
  }
  return { checks, notes, hardware };
}
