/** What hosts will not do of what a plan makes there, or do besides, as the resources themselves say. Pure. */
import type { ResourceKind, State } from "../resources/resource.ts";
import { networkOfStates } from "./host-network.ts";
import type { HostState } from "./host-state.ts";
import type { Plan } from "./plan.ts";

/** Adds a warning to the plan for each caveat of what it makes or changes. */
export function withCaveats(
  plan: Plan,
  states: ReadonlyMap<string, HostState>,
  kinds: ReadonlyMap<string, ResourceKind>,
): Plan {
  const found = [...states.values()].flatMap(({ host, observed }) => {
    const builds = (plan.hosts.get(host) ?? []).filter(({ phase, isAction }) => phase === "build" && !isAction);
    const network = networkOfStates(
      builds.map(({ kind, after }) => ({ kind, state: after })),
      kinds,
    );
    const isBroughtBack = builds.some(({ kind: name }) => {
      const kind = kinds.get(name);
      return kind?.bringsBack?.(observed.get(name) ?? kind.bare()) === true;
    });
    const planned = new Map<string, State[]>();
    for (const { kind: name, after } of builds) {
      const all = planned.get(name) ?? [];
      if (after !== undefined) all.push(after);
      planned.set(name, all);
    }
    return builds.flatMap(({ kind: name, action, after, description }) => {
      const kind = kinds.get(name);
      if (kind?.caveats === undefined || after === undefined || action === "none") return [];
      const caveats = kind.caveats(after, observed.get(name) ?? kind.bare(), {
        states: planned.get(name) ?? [],
        network,
        isBroughtBack,
      });
      return caveats.map((caveat) => ({ host, description, ...caveat }));
    });
  });
  return found.length === 0 ? plan : { ...plan, warnings: [...(plan.warnings ?? []), ...found] };
}
