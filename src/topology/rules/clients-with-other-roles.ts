/** Clients whose other role keeps their own requests from being answered, or from passing the director. */

import { andList } from "../../errors/and-list.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { asAskedBy, originOf, targetAddress } from "../../network/origin.ts";
import { type OwnRole, ownRole, whyOwnRole } from "../../network/reach.ts";
import { answersAny, isAnswered } from "../answered.ts";
import type { Draft } from "../draft.ts";
import { hideClients } from "../other-modes.ts";
import type { Host, Service } from "../topology.ts";

interface Troubled {
  readonly service: Service;
  readonly role: OwnRole;
  readonly address: string;
}

/**
 * LVS-CONFIG-059, a warning, once for each such client, with all services that it is about; not with one of which it is a real
 * server, where others test that, and it is there for one that answers it.
 */
export function* clientsWithOtherRoles(draft: Draft): Iterable<LvsctlError> {
  for (const client of draft.withRole("client")) {
    const all = draft.services.flatMap((service) =>
      isForAnother(draft, client, service) ? [] : (troubledBy(draft, client, service) ?? []),
    );
    if (all.length === 0) continue;
    const role = client.roles.length > 1 ? "roles" : "role";
    yield draft.problem("LVS-CONFIG-059", ["hosts", client.name, role], {
      message: alike(all)
        .map((same) => sentenceOf(client.name, same))
        .join(" "),
      hint: `${remedyOf(draft, client.name, all)} \`lvsctl verify\` sends no requests from this one to ${entriesOf(all).length > 1 ? "them" : "that service"}.`,
    });
  }
}

/** Whether a real server of the service, which others test, is a client for one that answers it. */
function isForAnother(draft: Draft, { name }: Host, service: Service): boolean {
  return service.realServers.some(({ host }) => host === name) && isAnswered(draft, name) && answersAny(draft, service);
}

function troubledBy(draft: Draft, client: Host, service: Service): Troubled | undefined {
  const origin = originOf(draft.network, client, service);
  const address = targetAddress(asAskedBy(draft.network, client.name, service))?.address;
  const role = origin && ownRole(draft.network, draft.hosts, service, draft.modeOf(service), origin);
  return role === undefined || address === undefined ? undefined : { service, role, address };
}

/** Services that one sentence can be about. */
function alike(all: readonly Troubled[]): readonly (readonly [Troubled, ...Troubled[]])[] {
  const groups = new Map<string, [Troubled, ...Troubled[]]>();
  for (const one of all) {
    const key = JSON.stringify(one.role);
    const others = groups.get(key);
    if (others === undefined) groups.set(key, [one]);
    else others.push(one);
  }
  return [...groups.values()];
}

function sentenceOf(client: string, same: readonly [Troubled, ...Troubled[]]): string {
  const [{ role }] = same;
  const entries = entriesOf(same);
  const reason = whyOwnRole(client, role, andList([...new Set(same.map(({ address }) => address))]));
  return role.isPartly
    ? `Some requests of "${client}" to ${andList(entries)} get no answer: ${reason}.`
    : `Requests of "${client}" to ${andList(entries)} say nothing about ${entries.length > 1 ? "these services" : "the service"}: ${reason}.`;
}

function entriesOf(all: readonly Troubled[]): readonly string[] {
  return [...new Set(all.map(({ service }) => `"${entryOf(service.name)}"`))];
}

/** Another host always helps; a setting of some services may, or another virtual address. */
function remedyOf(draft: Draft, client: string, all: readonly Troubled[]): string {
  const shown = all.filter(({ service, role }) => role.is === "chosen" && service.publish === undefined);
  const met = all.filter(({ role }) => role.is === "has");
  const ways: string[] = [];
  const [first] = shown;
  if (first !== undefined) {
    const where = shown.length < all.length ? ` for ${andList(entriesOf(shown))}` : "";
    ways.push(`${hideClients(draft, first.service)}${where}, so that requests come from the director's address.`);
  }
  if (met.length > 0) {
    const what = entriesOf(met).length > 1 ? "virtual addresses of their own" : "a virtual address of its own";
    ways.push(`Give ${andList(entriesOf(met))} ${what}, which "${client}" does not have.`);
  }
  return [...ways, `${ways.length === 0 ? "Test" : "Or test"} from another host.`].join(" ");
}
