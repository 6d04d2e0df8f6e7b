/** Conflicts with others: programs that manage the same table, machines that already use an address. Pure. */
import { EVERY_ADDRESS, type NetworkPart, type PlacedAddress } from "../resources/network.ts";
import { identity, type ResourceKind } from "../resources/resource.ts";
import { ownedOn } from "./adopt.ts";
import { foundNetwork, partOf } from "./host-network.ts";
import type { HostState } from "./host-state.ts";
import type { Plan, PlannedChange, PlanProblem } from "./plan.ts";
import { isQuietDevice } from "./quiet-device.ts";

type States = ReadonlyMap<string, HostState>;
type Kinds = ReadonlyMap<string, ResourceKind>;

/** Adds these conflicts to the plan; `--adopt` resolves none of them. */
export function withConflicts(plan: Plan, states: States, kinds: Kinds): Plan {
  const found = [...states.values()].flatMap((state) => [
    ...rivalConflicts(plan, state, kinds),
    ...addressConflicts(plan, state, states, kinds),
  ]);
  return found.length === 0 ? plan : { ...plan, problems: [...plan.problems, ...found] };
}

/**
 * A program that manages the same kind of resource, on a host that has some that lvsctl did not make. If there are none, the
 * program is not using them: keepalived running only VRRP, kube-proxy with netfilter rules.
 */
function rivalConflicts(plan: Plan, state: HostState, kinds: Kinds): readonly PlanProblem[] {
  const { host, surroundings, observed } = state;
  const built = new Set(buildsOn(plan, host).map(({ kind }) => kind));
  const ours = ownedOn(state);
  return [...kinds.values()].flatMap(({ kind, rivals }) => {
    if (rivals === undefined || !built.has(kind)) return [];
    const running = (surroundings?.programs ?? []).filter(({ name }) => rivals.programs.includes(name));
    const foreign = [...(observed.get(kind)?.states.keys() ?? [])].filter((key) => !ours.has(identity({ kind, key })));
    return running.length === 0 || foreign.length === 0 ? [] : [{ host, ...rivals.conflict(running, foreign) }];
  });
}

function addressConflicts(plan: Plan, state: HostState, states: States, kinds: Kinds): readonly PlanProblem[] {
  const answered: ReadonlyMap<string, string | undefined> = state.surroundings?.answered ?? new Map();
  const made = buildsOn(plan, state.host).filter(({ action }) => action === "create");
  return made.flatMap(({ kind, after, description }) =>
    partOf(kinds, kind, after).addresses.flatMap(({ address }): readonly PlanProblem[] => {
      if (!answered.has(address)) return [];
      const mac = answered.get(address);
      const owner = [...states.values()].find((one) => mac !== undefined && one.surroundings?.hardware.has(mac));
      if (
        owner &&
        (isForeseen(partsOn(plan, owner.host, kinds), address) || isLeaving(plan, owner.host, address, kinds))
      )
        return [];
      const held = owner && foundNetwork(owner, kinds).addresses.find((one) => one.address === address);
      return [{ host: state.host, description, ...answerProblem(address, mac, owner, held) }];
    }),
  );
}

interface Part extends Required<NetworkPart> {
  /** Whether this plan makes it so. */
  readonly isNew: boolean;
}

function partsOn(plan: Plan, host: string, kinds: Kinds): readonly Part[] {
  return buildsOn(plan, host).map(({ kind, after, action }) => {
    return { ...partOf(kinds, kind, after), isNew: action !== "none" };
  });
}

/** Expected: the host is meant to answer for the address too, as a second director, or this plan will silence it. */
function isForeseen(parts: readonly Part[], address: string): boolean {
  const placed = parts.flatMap(({ addresses }) => addresses).filter((one) => one.address === address);
  const isSilenced = parts.some(
    ({ silent, isNew }) => isNew && (silent.includes(EVERY_ADDRESS) || silent.includes(address)),
  );
  return placed.some(({ device }) => !isQuietDevice(device)) || (placed.length > 0 && isSilenced);
}

/** The plan takes the address off the host, once the one that gets it has it: a director takes the place of another. */
function isLeaving(plan: Plan, host: string, address: string, kinds: Kinds): boolean {
  return (plan.hosts.get(host) ?? []).some(
    ({ phase, action, kind, before }) =>
      phase === "clear" &&
      action === "delete" &&
      partOf(kinds, kind, before).addresses.some((one) => one.address === address),
  );
}

function answerProblem(
  address: string,
  mac: string | undefined,
  owner: HostState | undefined,
  held: PlacedAddress | undefined,
): Pick<PlanProblem, "message" | "hint"> {
  if (owner === undefined) {
    return {
      message: `A machine that is none of these hosts answers ARP requests for ${address} already: its MAC address is ${mac ?? "not known"}.`,
      hint: "Find it by its MAC address (in the switch's table, or with ip neigh) and take the address from it, or choose another one.",
    };
  }
  const { host, surroundings } = owner;
  const port = mac === undefined ? undefined : surroundings?.hardware.get(mac);
  const remove = held && `ip address del ${held.address}/${held.prefix} dev ${held.device}`;
  const silence = "or keep it silent: net.ipv4.conf.all.arp_ignore has to be 1";
  return {
    message: `${host} answers ARP requests for ${address} already, on ${port} (${mac})${held ? `: it has the address on ${held.device}` : ""}.`,
    hint: remove
      ? `Remove it on ${host} (${remove})${isQuietDevice(held.device) ? `, ${silence}` : ", or choose another address"}.`
      : `See on ${host} why it answers (ip address show; proxy_arp), or choose another address.`,
  };
}

function buildsOn(plan: Plan, host: string): readonly PlannedChange[] {
  return (plan.hosts.get(host) ?? []).filter(({ phase }) => phase === "build");
}
