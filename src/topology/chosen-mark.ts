/** Services for which lvsctl has chosen a firewall mark: what in the file asks for it, for messages, which must not speak of it. */
import { entryOf } from "../lvs/service-name.ts";
import type { Draft } from "./draft.ts";

/**
 * What of a virtual service asks for a mark that nobody wrote, without an article: `range of ports`.
 * Undefined if it has none, or one from the file.
 */
export function whyChosen(draft: Draft, service: string): string | undefined {
  const entry = draft.entries.get(entryOf(service));
  if (entry?.fwmark !== undefined || draft.serviceFiles.get(service)?.fwmark === undefined) return undefined;
  const { ports = [], vips = [] } = entry ?? {};
  if (ports.some((port) => String(port).includes("-"))) return "range of ports";
  const several = [...(ports.length > 1 ? ["ports"] : []), ...(vips.length > 1 ? ["addresses"] : [])];
  return `persistence on several ${several.join(" and ")}`;
}

/** Whether an entry's real servers are asked on the port that the client has chosen, so that they have none of their own. */
export function keepsClientsPort(draft: Draft, name: string): boolean {
  const { ports = [], fwmark } = draft.entries.get(name) ?? {};
  if (fwmark !== undefined) return false;
  const isSeveral = ports.length > 1 || ports.some((port) => String(port).includes("-"));
  return isSeveral || whyEntryChosen(draft, name) !== undefined;
}

/** The same as `whyChosen` for an entry, which has a mark for each family. */
export function whyEntryChosen(draft: Draft, name: string): string | undefined {
  return [name, `${name}@ipv4`, `${name}@ipv6`].map((part) => whyChosen(draft, part)).find((why) => why !== undefined);
}
