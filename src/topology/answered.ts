/** How a topology's clients ask its services, and whether they are answered. */
import { type Leg, legsOf } from "../network/legs.ts";
import { asAskedBy, type Origin, originOf, targetAddress } from "../network/origin.ts";
import { ownRole, whyNot } from "../network/reach.ts";
import type { Draft } from "./draft.ts";
import { isOnNetwork } from "./router-beside.ts";
import type { Service } from "./topology.ts";

/** The end of a hint about a client that one service does not answer, and another does. */
export const NOT_TESTED = "Until then `lvsctl verify` sends no requests from this client to that service.";

/**
 * The clients that have an address of a service's family, with the one from which they ask it; without those whose other role
 * keeps them from it, which LVS-CONFIG-059 reports.
 */
export const clientsOf = askedOnce((draft: Draft, service: Service): readonly Origin[] => {
  const mode = draft.modeOf(service);
  return originsOf(draft, service).filter(
    (origin) => ownRole(draft.network, draft.hosts, service, mode, origin) === undefined,
  );
});

/** All of them. */
export function originsOf(draft: Draft, service: Service): readonly Origin[] {
  return draft.someClients.flatMap(({ name }) => {
    const host = draft.hosts.get(name);
    return (host && originOf(draft.network, host, service)) ?? [];
  });
}

/** The parts of the ways between a service and all of its clients, or those outside of the file if it has none. */
export function* legsOfAll(draft: Draft, service: Service): Iterable<Leg> {
  const { network, hosts } = draft;
  const clients = clientsOf(draft, service);
  const subject = { network, hosts, service, mode: draft.modeOf(service) };
  if (clients.length === 0) yield* legsOf(subject);
  for (const client of clients) yield* legsOf({ ...subject, client });
}

/**
 * Whether a client of the file is there for the service: it has a route to it, or none to any other service. An address on a network of
 * the file may be for that network alone.
 */
export function isAsked(draft: Draft, service: Service): boolean {
  return originsOf(draft, service).some(({ host }) => {
    const target = targetAddress(asAskedBy(draft.network, host, service));
    if (target === undefined || isOnNetwork(draft, target) || !isAnswered(draft, host)) return true;
    return draft.network.nextHop(host, target) !== undefined;
  });
}

/** Whether a service answers some client of the file. */
export const answersAny = askedOnce((draft: Draft, service: Service): boolean => {
  const { network, hosts } = draft;
  const mode = draft.modeOf(service);
  return clientsOf(draft, service).some((client) => whyNot(network, hosts, service, mode, client) === undefined);
});

/** Whether a client gets answers of any service: then it may be there for that one. */
export const isAnswered = askedOnce((draft: Draft, client: string): boolean => {
  const host = draft.hosts.get(client);
  return draft.services.some((service) => {
    const origin = host && originOf(draft.network, host, service);
    if (origin === undefined) return false;
    return whyNot(draft.network, draft.hosts, service, draft.modeOf(service), origin) === undefined;
  });
});

/** Many rules, and many services, ask the same about a draft: each answer is found once. */
function askedOnce<Key, Answer>(find: (draft: Draft, key: Key) => Answer): (draft: Draft, key: Key) => Answer {
  const answers = new WeakMap<Draft, Map<Key, Answer>>();
  return (draft, key) => {
    const known = answers.get(draft) ?? new Map<Key, Answer>();
    answers.set(draft, known);
    const answer = known.has(key) ? (known.get(key) as Answer) : find(draft, key);
    known.set(key, answer);
    return answer;
  };
}
