/** A route as it is found and stored, and the shell text that makes, replaces and removes it. */
import { parseRoutes, routeArguments } from "../lvs/ip-route.ts";
import { command, raw, type ShellCommand, sh } from "../shell/quote.ts";
import type { TableRoute } from "./network.ts";
import type { Change, State } from "./resource.ts";
import { secondsLeft, TELL_TIME } from "./time-left.ts";

/** A route of the main table, or of the local one. */
export interface RouteState extends State, TableRoute {
  /** When it ends, by the host's clock, in seconds since 1970: those from a router's advertisement do. */
  readonly validUntil?: number;
}

/** The routes in what `ip route show` prints of a table; `end` says when those end that have some seconds left. */
export function routesIn(
  text: string,
  { family, table }: Pick<RouteState, "family" | "table">,
  end: (seconds: number) => number,
): readonly RouteState[] {
  return parseRoutes(text, family).map(({ validFor, ...state }) => {
    return { ...state, table, ...(validFor === undefined ? {} : { validUntil: end(validFor) }) };
  });
}

/** Shell text that makes a change to a route. */
export function routeScript({ before, after }: Change<RouteState>): ShellCommand {
  const state = after ?? before;
  if (!state) return sh``;
  const verb = after ? (before ? "replace" : "add") : "del";
  // The kernel's own route to the same address must stay; routes of ours have the protocol that `ip` gives them.
  const options = state.type === "local" ? ["proto", "boot"] : [];
  const argv = (described: RouteState) =>
    command("ip", `-${state.family}`, "route", verb, ...routeArguments(described, state.table));
  // The kernel finds a route that goes by a nexthop object only by that.
  if (!after) return argv(state.nhid === undefined ? { ...state, options } : byObject({ ...state, options }));
  const plain = inTime(argv(after), after);
  const sign = objectSign(after);
  if (sign === undefined) return plain;
  return sh`if ip nexthop show id ${after.nhid ?? ""} 2>/dev/null | grep -qF ${sign}; then
${raw(inTime(argv(byObject(after)), after))}
else
${raw(plain)}
fi`;
}

/** The route without what its nexthop object says. */
function byObject({ family, to, type, table, metric, nhid, options = [] }: RouteState): RouteState {
  const hops = options.indexOf("nexthop");
  const own = (hops < 0 ? options : options.slice(0, hops)).filter((word) => word !== "onlink");
  return {
    ...{ family, to, type, table, ...(metric === undefined ? {} : { metric }) },
    options: [...own, ...(nhid === undefined ? [] : ["nhid", nhid])],
  };
}

/** What `ip nexthop show id N` says if it still leads where it did; undefined for a route without one that can be restored. */
function objectSign({ type, nhid, via, device, options = [] }: RouteState): string | undefined {
  if (nhid === undefined || type !== "unicast") return undefined;
  if (options.includes("nexthop")) return `id ${nhid} group `;
  const gateway = via === undefined ? "" : `via ${via} `;
  return `id ${nhid} ${gateway}${device === undefined ? "" : `dev ${device} `}`;
}

/** With the time that is left. Only newer versions of iproute2 can set it; otherwise the route comes back for good. */
function inTime(add: ShellCommand, { validUntil }: RouteState): ShellCommand {
  if (validUntil === undefined) return add;
  return sh`{ ${raw(TELL_TIME)} && ${raw(add)} expires ${raw(secondsLeft(validUntil, 1))} 2>/dev/null || ${raw(add)}; }`;
}
