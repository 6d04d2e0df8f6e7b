/** Clients in more places than rules look at. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import type { Draft } from "../draft.ts";
import { firstOfEachPlace } from "../sample.ts";

/** LVS-CONFIG-111, a warning, if not every place with clients is looked at: of the others nothing is known. */
export function* manyClients(draft: Draft): Iterable<LvsctlError> {
  const places = firstOfEachPlace(draft.withRole("client"), draft.addresses);
  const others = [...places].filter((client) => !draft.someClients.includes(client));
  const [first] = others;
  if (first === undefined) return;
  const message = `The file has clients in ${places.size} places, with networks, gateways or routes of their own, and only ${draft.someClients.length} of these are looked at: nothing is known of "${first.name}"${others.length > 1 ? ` and ${others.length - 1} more` : ""}.`;
  const hint = "Leave out clients that do not matter here, or write another file with these.";
  yield draft.problem("LVS-CONFIG-111", ["hosts", first.name], { message, hint }, "key");
}
