/** How many services a file may stand for: what lists of addresses and ports multiply to. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { type Draft, MAX_LISTED_PAIRS } from "../draft.ts";
import { listedPairs } from "../several.ts";

/** LVS-CONFIG-082, at the service with the longest lists. No other rule then looks at the services. */
export function* serviceCount(draft: Draft): Iterable<LvsctlError> {
  if (draft.isSpread) return;
  const counts = [...draft.entries].map(([name, entry]) => ({ name, entry, pairs: listedPairs(entry) }));
  const [largest] = counts.toSorted((one, other) => other.pairs - one.pairs);
  if (largest === undefined) return;
  const all = counts.reduce((sum, { pairs }) => sum + pairs, 0);
  const { vips = [], ports = [] } = largest.entry;
  const message = `The services of this file have ${all} pairs of address and port, and at most ${MAX_LISTED_PAIRS} are possible. "${largest.name}" has the most of them, ${largest.pairs}.`;
  const range =
    ports.length > 1
      ? "Write neighbouring ports as one range, such as 8000-8099, which counts once. Or divide"
      : "Divide";
  const path = ["services", largest.name, ports.length > vips.length ? "ports" : "vips"];
  const hint = `${range} the installation into several topologies.`;
  yield draft.problem("LVS-CONFIG-082", path, { message, hint }, "key");
}
