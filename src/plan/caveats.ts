/** What hosts will not do of what a plan makes there, as the resources themselves say. Pure. */
import type { ResourceKind } from "../resources/resource.ts";
import type { HostState } from "./host-state.ts";
import type { Plan } from "./plan.ts";

/** Adds a warning to the plan for each caveat of what it makes or changes. */
export function withCaveats(
  plan: Plan,
  states: ReadonlyMap<string, HostState>,
  kinds: ReadonlyMap<string, ResourceKind>,
): Plan {
  const found = [...states.values()].flatMap(({ host, observed }) => {
    const changes = (plan.hosts.get(host) ?? []).filter(({ action, phase }) => action !== "none" && phase === "build");
    return changes.flatMap(({ kind: name, after, description }) => {
      const kind = kinds.get(name);
      if (kind === undefined || after === undefined) return [];
      const caveats = kind.caveats?.(after, observed.get(name) ?? kind.bare()) ?? [];
      return caveats.map((caveat) => ({ host, description, ...caveat }));
    });
  });
  return found.length === 0 ? plan : { ...plan, warnings: [...(plan.warnings ?? []), ...found] };
}
