import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { PlaybookStep, Scope } from "../playbook/playbook.ts";

/**
 * Evaluates part of a step; an error says for which service and host. If the resource kind refuses a value, that is
 * LVS-PLAYBOOK-006 at the step.
 */
export function inScope<T>(scope: Scope, step: PlaybookStep, evaluate: () => T): T {
  try {
    return evaluate();
  } catch (error) {
    if (!(error instanceof LvsctlError)) throw error;
    const code = error.code.startsWith("LVS-PLAYBOOK-") ? error.code : "LVS-PLAYBOOK-006";
    throw new LvsctlError(code, `For ${describe(scope)}: ${error.message}`, {
      at: step.at,
      step: step.id,
      ...error.details,
      cause: error,
    });
  }
}

function describe({ service, host }: Scope): string {
  const parts = [service && `service ${service.name}`, host && `host ${host.name}`];
  return parts.filter((part) => part !== undefined).join(" on ") || "the topology";
}
