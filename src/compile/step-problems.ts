/**
 * What is wrong with what a step asks for. If the playbook is the user's own, it is reported in the playbook; a built-in one
 * can only be wrong about what the user's file asks for, so it is reported there. Pure.
 */

import type { Path } from "../document/parse-document.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { entryOf as entryOfService, inWords } from "../lvs/service-name.ts";
import type { ResourceKind, State } from "../resources/resource.ts";
import { sysctl } from "../resources/sysctl.ts";
import { isOf } from "../resources/typed.ts";
import type { Asking, Evaluated, Telling } from "./asking.ts";
import { usersPlace } from "./users-place.ts";

/** A resource that steps request. */
interface Requested {
  readonly kind: ResourceKind;
  readonly key: string;
  readonly state: State;
  readonly asking: Asking;
}

/**
 * Evaluates part of a playbook; an error says for which service and host. Throws LVS-PLAYBOOK-005 and -006 for a playbook of
 * the user's own, LVS-CONFIG-069 for a built-in one.
 */
export function inScope<T>(evaluated: Evaluated, telling: Telling, evaluate: () => T): T {
  try {
    return evaluate();
  } catch (error) {
    if (!(error instanceof LvsctlError)) throw error;
    const { playbook, step, scope } = evaluated;
    if (playbook.isBuiltIn) throw impossible(evaluated, telling, error);
    const code = error.code.startsWith("LVS-PLAYBOOK-") ? error.code : "LVS-PLAYBOOK-006";
    throw new LvsctlError(code, `For ${namesIn(scope) || "the topology"}: ${error.message}`, {
      ...(step === undefined ? {} : { at: step.at, step: step.id }),
      ...error.details,
      cause: error,
    });
  }
}

/** LVS-CONFIG-069: what a built-in playbook cannot do for this topology. */
export function impossible(evaluated: Evaluated, telling: Telling, cause: LvsctlError): LvsctlError {
  const { playbook, step, scope } = evaluated;
  const { path, at } = usersPlace(evaluated, telling);
  const why = step?.why[telling.language] ?? step?.why.en ?? playbook.summary[telling.language] ?? playbook.summary.en;
  const message = `This does not work for ${namesIn(scope) || "the topology"}: ${cause.message} It is needed for this: ${why}`;
  return new LvsctlError("LVS-CONFIG-069", message, {
    hint: `Change or delete ${path.map((part) => `\`${part}\``).at(-1) ?? "the service"}.`,
    ...(at === undefined ? {} : { at }),
    ...(scope.host === undefined ? {} : { host: scope.host.name }),
    cause,
  });
}

/** LVS-PLAYBOOK-008 for a playbook of the user's own, else LVS-CONFIG-069. */
export function tooManyResources(asking: Asking, telling: Telling, limit: number): LvsctlError {
  const { at, id } = asking.step;
  const error = new LvsctlError("LVS-PLAYBOOK-008", `The topology asks for more than ${limit} resources.`, {
    hint: "Split the topology, or repeat over shorter lists.",
    at,
    step: id,
  });
  return asking.playbook.isBuiltIn ? impossible(asking, telling, error) : error;
}

/**
 * A resource that one step has requested in one state and another in another. LVS-PLAYBOOK-007 if the user's own playbook is
 * involved; LVS-CONFIG-067 if a host of the file has a setting that a built-in playbook needs otherwise; else LVS-CONFIG-068.
 */
export function contradiction(known: Requested, state: State, asking: Asking, telling: Telling): LvsctlError {
  const host = asking.scope.host.name;
  const own = [asking, known.asking].find(({ playbook }) => !playbook.isBuiltIn);
  const what = `${known.kind.kind} ${known.key}`;
  const fields = known.kind.diff(known.state, state);
  const differing = fields.map((field) => `${field} ${show(known.state[field])} and ${show(state[field])}`).join(", ");
  const hint = "A host can have only one of them: give both the same value, or put the services on different hosts.";
  if (own !== undefined) {
    const [first, second] = [describeStep(known.asking), describeStep(asking)];
    const message = `On ${host}, ${first} and ${second} want different states of ${what}: ${differing}.`;
    return new LvsctlError("LVS-PLAYBOOK-007", message, { hint, at: own.step.at, host, step: own.step.id });
  }
  const wanted = { ...known, state, asking };
  if (isHostSetting(known.asking) && isHostSetting(asking)) return writtenTwice(known, wanted, telling);
  if (isHostSetting(known.asking)) return otherwise(known, wanted, telling);
  if (isHostSetting(asking)) return otherwise(wanted, known, telling);
  const { at } = usersPlace(asking, telling);
  const parts = partsOf(known.asking, asking);
  const who = parts ?? `${describeUser(known.asking)} and ${describeUser(asking)} need`;
  const message = `On "${host}", ${who} different states of ${what}: ${differing}.`;
  const apart =
    parts === undefined ? hint : "A host can have only one of them: write a service for each, on different hosts.";
  return new LvsctlError("LVS-CONFIG-068", message, { hint: apart, host, ...(at === undefined ? {} : { at }) });
}

/** LVS-CONFIG-068: two settings of the file for one thing, such as two names of a kernel parameter with different values. */
function writtenTwice(first: Requested, second: Requested, telling: Telling): LvsctlError {
  const { asking } = second;
  const host = asking.scope.host.name;
  const { at } = usersPlace(asking, telling, entryOf(second));
  const message = `"${host}" is to have ${describeSetting(first)}, and this asks for ${describeSetting(second)}. On the host they are one thing.`;
  return new LvsctlError("LVS-CONFIG-068", message, { hint: "Delete one of the two.", host, ...(at && { at }) });
}

/** LVS-CONFIG-067: the setting of a host in the file, and what is needed in its place. */
function otherwise(setting: Requested, needing: Requested, telling: Telling): LvsctlError {
  const { kind, asking } = setting;
  const { host } = asking.scope;
  const { at } = usersPlace(asking, telling, entryOf(setting));
  const { why } = needing.asking.step;
  const message = `"${host.name}" is to have ${describeSetting(setting)}, and ${describeUser(needing.asking)} needs ${kind.describe(needing.state)} there. ${why[telling.language] ?? why.en}`;
  const [field, ...others] = kind.diff(setting.state, needing.state);
  const value = field === undefined || others.length > 0 ? undefined : needing.state[field];
  const instead = value === undefined ? "" : ` Or write ${String(value)} here.`;
  const hint = `Delete it: lvsctl sets what is needed.${instead}`;
  return new LvsctlError("LVS-CONFIG-067", message, { hint, host: host.name, ...(at === undefined ? {} : { at }) });
}

/** Whether a step asks for what the file says about its host itself. */
function isHostSetting({ step, scope }: Asking): boolean {
  return scope.service === undefined && step.asks.some(({ variable, isRepeated }) => variable === "host" && isRepeated);
}

/** The way from the setting of a host to the entry that asks for this kernel parameter, and for this value if one does. */
function entryOf({ kind, key, state, asking }: Requested): Path {
  const { host, topology } = asking.scope;
  if (!isOf(sysctl, kind)) return [];
  const context = { topology: topology.name, host: host.name };
  const entries = host.sysctls.flatMap((one) =>
    sysctl.resolve(one, context).map((asked) => ({ name: one.key, asked })),
  );
  const same = entries.filter(({ asked }) => sysctl.key(asked) === key);
  const entry = same.find(({ asked }) => kind.diff(asked, state).length === 0) ?? same[0];
  return entry === undefined ? [] : [entry.name];
}

/** A setting of the file, by the name that it has there. */
function describeSetting(setting: Requested): string {
  const { kind, key, state } = setting;
  const [name] = entryOf(setting);
  if (name === undefined || String(name).replaceAll("/", ".") === key.replaceAll("/", ".")) return kind.describe(state);
  return `sysctl ${name} = ${String(state["value"])}, another name of ${key}`;
}

function describeUser({ playbook, scope: { service, host } }: Asking): string {
  if (service === undefined) return `"${host.name}" itself`;
  return `service "${entryOfService(service.name)}" (${playbook.kind === "mode" ? "mode " : ""}${playbook.name})`;
}

/** Two parts of one entry of the file, or one part for two reasons; undefined for two entries. */
function partsOf(one: Asking, other: Asking): string | undefined {
  const [first, second] = [one.scope.service?.name, other.scope.service?.name];
  if (first === undefined || second === undefined || entryOfService(first) !== entryOfService(second)) return undefined;
  const entry = `service "${entryOfService(first)}"`;
  return first === second ? `${entry} needs` : `parts of ${entry} (${inWords(first)}; ${inWords(second)}) need`;
}

function describeStep({ playbook, step, scope }: Asking): string {
  const service = scope.service === undefined ? "" : ` of service ${entryOfService(scope.service.name)}`;
  return `step ${step.id} (${playbook.file}:${step.at.line})${service}`;
}

function namesIn({ service, host }: Evaluated["scope"]): string {
  const parts = [service && `service ${entryOfService(service.name)}`, host && `host ${host.name}`];
  return parts.filter((part) => part !== undefined).join(" on ");
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? "nothing";
}
