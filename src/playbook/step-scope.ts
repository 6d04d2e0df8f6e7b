/** Which variables the expressions of a step may use, and their values. */
import type { Variables } from "./expression.ts";
import type { ScopeTypes } from "./inspect-expression.ts";
import type { PlaybookKind, Scope } from "./playbook.ts";
import { toModel } from "./topology-model.ts";

/**
 * What is known before a step's host is chosen: the topology, the service if there is one, and for a feature the traits of
 * the service's mode. (A mode knows its own traits.)
 */
export function outerScope(kind: PlaybookKind): ScopeTypes {
  const scope = new Map([["topology", "Topology"]]);
  if (kind === "host") return scope;
  scope.set("service", "Service");
  return kind === "feature" ? scope.set("traits", "Traits") : scope;
}

/** What is known on a host where a step runs. `role` is the role that the step names, if any. */
export function hostScope(kind: PlaybookKind, role: string | undefined): ScopeTypes {
  const scope = new Map(outerScope(kind)).set("host", "Host");
  if (kind === "host") return scope;
  if (role === "director") return scope.set("director", "Director");
  return role === "real-server" ? scope.set("rs", "RealServer") : scope;
}

/** The values of a scope's variables. */
export function variablesOf(types: ScopeTypes, values: Scope): Variables {
  const byName: Readonly<Record<string, unknown>> = values as object as Record<string, unknown>;
  const variables: Record<string, unknown> = {};
  for (const [name, type] of types) variables[name] = toModel(byName[name], type);
  return variables;
}
