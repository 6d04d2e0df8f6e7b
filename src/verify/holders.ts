/** Who holds each VIP, asked on its segment: a second machine that answers for it takes part of the traffic. Pure. */
import { addressFamily } from "../net/address.ts";
import { type Asker, askersOn } from "../network/askers.ts";
import { type Hardware, nameOf, whyUnasked } from "../network/hardware.ts";
import type { HostAddress } from "../network/host-addresses.ts";
import type { Network } from "../network/network.ts";
import type { Topology } from "../topology/topology.ts";
import type { Check } from "./verification.ts";

/** A VIP, the hosts that should answer for it, and who asks. */
export interface Question {
  readonly vip: string;
  readonly owners: readonly string[];
  /** Those of them that lvsctl does not log in to: they may answer by a hardware address that nobody knows, as VRRP does. */
  readonly unmanaged?: readonly string[];
  /** Undefined: none of the hosts here can ask. */
  readonly asker: Asker | undefined;
}

/**
 * One question for each VIP. By ARP a director asks about its own VIP, because then only others answer; by NDP a host has to
 * ask that does not have the address. `available`: the hosts that can be asked to do so.
 */
export function questionsOf(
  { hosts, services }: Topology,
  network: Network,
  available: ReadonlySet<string>,
): readonly Question[] {
  const isUnmanaged = (host: string) => hosts.some(({ name, managed }) => name === host && !managed);
  const vips = new Set(
    services.flatMap(({ vip, match }) => [
      ...(vip === undefined ? [] : [vip.address]),
      ...match.flatMap(({ address, prefix }) => (prefix === undefined ? [] : [address])),
    ]),
  );
  return [...vips].map((vip) => {
    const owners = network.ownersOf(vip);
    const segments = new Set(owners.map(({ segment }) => segment));
    const others = askersOn(segments, hosts, (host) => network.takes(host, vip));
    const holders = owners.map((one): Asker => ({ host: one.host, device: one.interface }));
    const able = addressFamily(vip) === 4 ? [...holders, ...others] : others;
    const asker = able.find(({ host }) => available.has(host));
    const unmanaged = owners.map(({ host }) => host).filter((host) => isUnmanaged(host));
    return {
      vip,
      owners: owners.map(({ host }: HostAddress) => host),
      ...(unmanaged.length === 0 ? {} : { unmanaged }),
      asker,
    };
  });
}

/** What the answers say. `answers`: by VIP; VIPs that could not be asked about are missing. */
export function judgeHolders(
  questions: readonly Question[],
  answers: ReadonlyMap<string, readonly string[]>,
  hardware: Hardware,
): { readonly checks: readonly Check[]; readonly notes: readonly string[] } {
  const checks: Check[] = [];
  const notes: string[] = [];
  for (const { vip, owners, unmanaged = [], asker } of questions) {
    const macs = answers.get(vip);
    if (asker === undefined || macs === undefined) {
      notes.push(`${vip}: no host could ask who holds it: ${whyUnasked(vip, asker?.host)}`);
      continue;
    }
    const others = macs.filter((mac) => !owners.some((owner) => hardware.get(owner)?.has(mac)));
    const silent = unmanaged.filter((owner) => !macs.some((mac) => hardware.get(owner)?.has(mac)));
    const nameless = others.filter((mac) => !isKnown(mac, hardware)).slice(0, silent.length);
    const strangers = others.filter((mac) => !nameless.includes(mac));
    if (macs.length === 0 && owners.length > 0 && owners.length === unmanaged.length) {
      const detail = `no host answers for ${vip} (asked by ${asker.host}); it should be ${owners.join(" or ")}`;
      checks.push({ name: "holder", ok: false, detail });
      continue;
    }
    const who = strangers.map((mac) => nameOf(mac, hardware)).join(" and ");
    const detail =
      strangers.length === 0
        ? `${alone(owners, asker.host)} answers for ${vip} (asked by ${asker.host})`
        : `${who} ${strangers.length > 1 ? "answer" : "answers"} for ${vip} too (asked by ${asker.host}); it should be ${owners.join(" and ")} alone`;
    checks.push({ name: "holder", ok: strangers.length === 0, detail });
  }
  return { checks, notes };
}

/** Who answers where all is well. Nobody hears an answer of its own. */
function alone(owners: readonly string[], asker: string): string {
  return owners.length === 1 && owners[0] === asker ? "no other host" : `only ${owners.join(" and ")}`;
}

function isKnown(mac: string, hardware: Hardware): boolean {
  return [...hardware.values()].some((devices) => devices.has(mac));
}
