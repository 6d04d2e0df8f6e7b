/** Programs that show addresses, routes, links and sockets. */
import { grammar, plain, type Rule } from "./grammar.ts";

/** iproute2 completes abbreviations (`-b` is -batch, `ip link s` is set), so only whole words are allowed. */
const ipOptions = ["-4", "-6", "-d"];
const ipObjects = ["address", "route", "link", "neigh", "fou"];

/** By program. */
export const networkRules: Readonly<Record<string, Rule>> = {
  ip,
  ss: grammar({ flags: "ltnp" }),
};

function ip(args: readonly string[]): boolean {
  const start = args.findIndex((word) => !ipOptions.includes(word));
  if (start < 0) return false;
  const [object = "", verb = "", ...rest] = args.slice(start);
  return ipObjects.includes(object) && verb === "show" && rest.every(plain);
}
