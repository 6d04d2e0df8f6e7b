/** Collects what playbooks ask for, host by host: one resource if several steps or services want the same. */

import { isDeepStrictEqual } from "node:util";
import { type Stage, stages } from "../lvs/stage.ts";
import { identity, type ResourceKind, type State } from "../resources/resource.ts";
import type { Topology } from "../topology/topology.ts";
import type { Asking, Telling } from "./asking.ts";
import type { DesiredResource, Note } from "./desired-state.ts";
import { contradiction, inScope, tooManyResources } from "./step-problems.ts";

interface Collected {
  readonly kind: ResourceKind;
  readonly key: string;
  /** What fulfils every request so far. */
  state: State;
  /** The earliest requested stage. */
  stage: Stage;
  /** The first step that asked for it; its `why` is shown. */
  readonly asking: Asking;
  readonly services: Set<string>;
  /** For an action: the steps that it follows, as `stepId` names them. */
  readonly follows: string[];
}

/** The most resources that one topology may ask for. */
const maximumResources = 1_000_000;

/** Collects resources, and returns them by host once all have been added. */
export class Collector {
  readonly #topology: Topology;
  readonly #telling: Telling;
  readonly #kinds: ReadonlyMap<string, ResourceKind>;
  readonly #hosts: ReadonlyMap<string, Map<string, Collected>>;
  /** The resources requested by each step that others follow, by `stepId`. */
  readonly #byStep = new Map<string, string[]>();
  /** The resources that are not made because they come with others, and those others, as `host kind key`. */
  readonly #makers = new Map<string, string>();
  readonly #notes = new Map<string, Note>();
  #count = 0;

  constructor(topology: Topology, kinds: ReadonlyMap<string, ResourceKind>, telling: Telling) {
    this.#topology = topology;
    this.#telling = telling;
    this.#kinds = kinds;
    this.#hosts = new Map(topology.hosts.map((host) => [host.name, new Map()]));
  }

  /** Adds what a step writes on a host. Throws LVS-PLAYBOOK-005 to 008, LVS-CONFIG-067 to 069. */
  add(asking: Asking): void {
    const { step, scope } = asking;
    const kind = this.#kinds.get(step.resource);
    if (kind === undefined) throw new TypeError(`the playbook was loaded with other resource kinds: ${step.resource}`);
    const context = { topology: this.#topology.name, host: scope.host.name };
    const states = inScope(asking, this.#telling, () =>
      step.write(scope).flatMap((written) => kind.resolve(written, context)),
    );
    for (const state of states) this.#addState(kind, state, asking);
    if (states.length > 0) this.#addNote(asking);
  }

  /**
   * Every requested resource, by host, in the order of the stages, without those that the kernel makes along with others.
   * Throws LVS-PLAYBOOK-007, LVS-CONFIG-067 or -068 if one of those was to be different.
   */
  finish(): ReadonlyMap<string, readonly DesiredResource[]> {
    for (const [host, resources] of this.#hosts) {
      for (const resource of [...resources.values()]) this.#dropImplied(host, resource, resources);
    }
    return new Map([...this.#hosts].map(([host, resources]) => [host, this.#inStages([...resources.values()])]));
  }

  /** The notes of the steps, in the order in which the steps were added. */
  get notes(): readonly Note[] {
    return [...this.#notes.values()];
  }

  #addNote(asking: Asking): void {
    const { playbook, step, scope } = asking;
    if (step.note === undefined) return;
    const service = scope.service === undefined ? {} : { service: scope.service.name };
    const message = step.note[this.#telling.language] ?? step.note.en;
    this.#notes.set(stepId(asking, step.id), { ...service, playbook: playbook.name, step: step.id, message });
  }

  #addState(kind: ResourceKind, state: State, asking: Asking): void {
    const { step, scope } = asking;
    const key = kind.key(state);
    const name = identity({ kind: kind.kind, key });
    const resources = this.#hosts.get(scope.host.name);
    const known = resources?.get(name);
    const resource = known ?? this.#newResource(kind, key, state, asking);
    if (known === undefined) resources?.set(name, resource);
    else join(known, state, asking, this.#telling);
    const service = scope.service?.name;
    if (service !== undefined) resource.services.add(service);
    for (const id of step.follows) resource.follows.push(stepId(asking, id));
    if (isFollowed(asking)) this.#remember(stepId(asking, step.id), `${scope.host.name} ${name}`);
  }

  #dropImplied(
    host: string,
    { kind, key, state, asking, services }: Collected,
    resources: Map<string, Collected>,
  ): void {
    for (const implied of kind.implies?.(state) ?? []) {
      const twin = resources.get(identity(implied));
      if (twin === undefined) continue;
      if (twin.kind.diff(implied.state, twin.state).length > 0)
        throw contradiction(twin, implied.state, asking, this.#telling);
      resources.delete(identity(implied));
      this.#makers.set(`${host} ${identity(implied)}`, `${host} ${identity({ kind: kind.kind, key })}`);
      for (const service of twin.services) services.add(service);
    }
  }

  #newResource(kind: ResourceKind, key: string, state: State, asking: Asking): Collected {
    this.#count += 1;
    if (this.#count > maximumResources) {
      throw tooManyResources(asking, this.#telling, maximumResources);
    }
    return { kind, key, state, stage: asking.step.stage, asking, services: new Set(), follows: [] };
  }

  #remember(id: string, identity: string): void {
    const resources = this.#byStep.get(id);
    if (resources === undefined) this.#byStep.set(id, [identity]);
    else resources.push(identity);
  }

  #inStages(resources: readonly Collected[]): readonly DesiredResource[] {
    return resources.toSorted(byStage).map((resource) => this.#toDesired(resource));
  }

  #toDesired({ kind, key, state, stage, asking, services, follows }: Collected): DesiredResource {
    const resource = {
      kind: kind.kind,
      key,
      state,
      stage,
      why: asking.step.why[this.#telling.language] ?? asking.step.why.en,
      services: [...services],
    };
    if (kind.action !== true) return resource;
    const followed = follows.flatMap((id) => this.#byStep.get(id) ?? []);
    return { ...resource, follows: [...new Set(followed.map((id) => this.#makers.get(id) ?? id))] };
  }
}

/** Merges another request for a resource. Throws LVS-PLAYBOOK-007, LVS-CONFIG-067 or -068 if it wants another state. */
function join(known: Collected, state: State, asking: Asking, telling: Telling): void {
  if (stages.indexOf(asking.step.stage) < stages.indexOf(known.stage)) known.stage = asking.step.stage;
  if (isDeepStrictEqual(known.state, state)) return;
  if (known.kind.diff(known.state, state).length === 0) return;
  const joined = known.kind.join?.(known.state, state);
  if (joined !== undefined) {
    known.state = joined;
    return;
  }
  throw contradiction(known, state, asking, telling);
}

function byStage(one: Collected, other: Collected): number {
  return stages.indexOf(one.stage) - stages.indexOf(other.stage);
}

function isFollowed({ playbook, step }: Asking): boolean {
  return playbook.steps.some(({ follows }) => follows.includes(step.id));
}

function stepId({ playbook, scope }: Asking, id: string): string {
  return [playbook.file, scope.service?.name ?? "", id].join("\0");
}
