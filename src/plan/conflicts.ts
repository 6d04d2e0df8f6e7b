/** Who else is at work where a plan is going to: programs that manage the IPVS table, machines that have the VIP. Pure. */

import { type ServiceId, serviceKey } from "../lvs/ipvsadm.ts";
import { identity } from "../resources/resource.ts";
import { ownedOn } from "./adopt.ts";
import type { HostState } from "./host-state.ts";
import type { Plan, PlannedChange, PlanProblem } from "./plan.ts";
import { observedAddresses } from "./session-passages.ts";

/** The plan with these conflicts, none of which can be taken over. */
export function withConflicts(plan: Plan, states: ReadonlyMap<string, HostState>): Plan {
  const found = [...states.values()].flatMap((state) => [
    ...tableConflicts(plan, state),
    ...addressConflicts(plan, state, states),
  ]);
  return found.length === 0 ? plan : { ...plan, problems: [...plan.problems, ...found] };
}

/**
 * A program that manages a table which holds services of somebody else's. With none of those it does not use the table:
 * keepalived for VRRP alone, kube-proxy with netfilter rules.
 */
function tableConflicts(plan: Plan, state: HostState): readonly PlanProblem[] {
  const { host, surroundings, observed } = state;
  const managers = surroundings?.tableManagers ?? [];
  const isTouched = buildsOn(plan, host).some(({ kind }) => kind === "ipvs-service");
  if (managers.length === 0 || !isTouched) return [];
  const ours = ownedOn(state);
  const foreign = [...(observed.get("ipvs-service")?.states.values() ?? [])]
    .map((service) => serviceKey(service["service"] as ServiceId))
    .filter((key) => !ours.has(identity({ kind: "ipvs-service", key })));
  const [first, ...more] = foreign;
  if (first === undefined) return [];
  const names = managers.map(({ name, process }) => `${name} (process ${process})`).join(" and ");
  const [name] = managers.map((one) => one.name);
  return [
    {
      host,
      description: "IPVS table",
      message:
        `${names} runs here, and the table holds ${first}${more.length === 0 ? "" : ` and ${more.length} more`}, which ` +
        "lvsctl did not make. Two programs that fill one table undo each other's work.",
      hint:
        `Let one of them have the director: stop ${name} and see that it does not start again (systemctl disable --now ` +
        `${name}), or take the services out of its configuration; or choose another director.`,
    },
  ];
}

function addressConflicts(
  plan: Plan,
  state: HostState,
  states: ReadonlyMap<string, HostState>,
): readonly PlanProblem[] {
  const answered = state.surroundings?.answered ?? new Map();
  return buildsOn(plan, state.host).flatMap((change) => {
    const address = String(change.after?.["address"]);
    if (change.kind !== "address" || change.action !== "create" || !answered.has(address)) return [];
    const mac: string | undefined = answered.get(address);
    const owner = [...states.values()].find(({ surroundings }) => mac !== undefined && surroundings?.hardware.has(mac));
    if (owner && isForeseen(plan, owner.host, address)) return [];
    return [{ host: state.host, description: change.description, ...answerProblem(address, mac, owner) }];
  });
}

/** The host is to answer for it as well, as a second director; or this very plan silences it. */
function isForeseen(plan: Plan, host: string, address: string): boolean {
  const builds = buildsOn(plan, host);
  const has = builds.filter(({ kind, after }) => kind === "address" && after?.["address"] === address);
  const isSilenced = ({ kind, key, after, action }: PlannedChange) =>
    action !== "none" &&
    ((kind === "sysctl" && /\.arp_ignore$/.test(key)) ||
      (kind === "arptables-rule" && after?.["destination"] === address && after["target"] === "DROP"));
  return has.some(({ after }) => !isQuietDevice(after?.["device"])) || (has.length > 0 && builds.some(isSilenced));
}

function isQuietDevice(device: unknown): boolean {
  return device === "lo" || /^(tunl|gre|sit|ip6tnl|ip6gre)0$/.test(String(device));
}

function answerProblem(
  address: string,
  mac: string | undefined,
  owner: HostState | undefined,
): Pick<PlanProblem, "message" | "hint"> {
  if (owner === undefined) {
    return {
      message: `A machine that is none of these hosts answers ARP requests for ${address} already: its MAC address is ${mac ?? "not known"}.`,
      hint: "Find it by its MAC address (in the switch's table, or with ip neigh) and take the address from it, or choose another one.",
    };
  }
  const { host, surroundings } = owner;
  const port = mac === undefined ? undefined : surroundings?.hardware.get(mac);
  const held = observedAddresses(owner).find((one) => one.address === address);
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
