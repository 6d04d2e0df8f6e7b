/** Compiles a topology and its playbooks into the counters that verification watches. */
import type { Counted, Language, Playbook, PlaybookSet, Scope } from "../playbook/playbook.ts";
import type { Topology } from "../topology/topology.ts";
import type { Telling } from "./asking.ts";
import { serviceScope } from "./service-scope.ts";
import { inScope } from "./step-problems.ts";

/** A counter on one host that requests to one service have to move. */
export interface CounterCheck {
  readonly id: string;
  readonly service: string;
  readonly host: string;
  readonly file: string;
  readonly column: string;
  /** Whether the counter has moved as it should. */
  holds(counted: Counted): boolean;
  /** What it means if it does not hold. */
  readonly why: string;
}

/** The counters that the playbooks of each service watch. Throws LVS-PLAYBOOK-005, LVS-CONFIG-069. */
export function compileChecks(
  topology: Topology,
  playbooks: PlaybookSet,
  { language = "en", ...more }: Partial<Telling> = {},
): readonly CounterCheck[] {
  const telling = { language, ...more };
  return topology.services.flatMap((service) => {
    const scope = serviceScope(topology, service, playbooks);
    const mode = playbooks.modes.get(service.mode);
    const used = [...(mode === undefined ? [] : [mode]), ...playbooks.features].filter((playbook) =>
      inScope({ playbook, scope }, telling, () => playbook.appliesTo(scope)),
    );
    return used.flatMap((playbook) =>
      inScope({ playbook, scope }, telling, () => checksOf(playbook, service.name, scope, language)),
    );
  });
}

function checksOf({ checks }: Playbook, service: string, scope: Scope, language: Language): readonly CounterCheck[] {
  return checks.flatMap((check) =>
    check.hosts(scope).map((host) => ({
      id: check.id,
      service,
      host,
      ...check.counter,
      holds: (counted: Counted) => check.holds(scope, counted),
      why: check.why[language] ?? check.why.en,
    })),
  );
}
