/**
 * One case of a resource kind as a data file: what a playbook wrote and what a host's read commands printed, and what
 * the kind makes of it.
 */
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import { kinds } from "../../src/resources/kinds.ts";
import { unknownField } from "../../src/resources/known-fields.ts";
import { type Change, type HostContext, inverse, type ResourceKind, type State } from "../../src/resources/resource.ts";

export interface ResourceCase {
  /** One sentence: what the case is about. */
  readonly about: string;
  /** What playbook steps wrote under `with`, one entry a step. */
  readonly written: readonly State[];
  /** What steps wrote that are no longer in the topology; their resources go. */
  readonly gone?: readonly State[];
  /** The keys that the ledger has. */
  readonly owned?: readonly string[];
  /** All that the ledger has, as `kind key`: then what is inside of it and is not in this list is looked for. */
  readonly ledger?: readonly string[];
  /** What the host printed, by the name of the read command. `status` is 0 and `stderr` empty unless given. */
  readonly outputs: Readonly<Record<string, { stdout?: string; stderr?: string; status?: number }>>;
  /** The parts of the outcome that the case is about, `resources` for one; all of them unless given. */
  readonly shows?: readonly string[];
  readonly expect: unknown;
}

const context: HostContext = { topology: "web-lab", host: "dr" };

/** What the kind makes of a case: the form of `expect` in its file. */
export function runCase(kindName: string, given: ResourceCase): unknown {
  const kind = kinds.get(kindName);
  if (!kind) throw new Error(`no kind ${kindName} for this folder of cases`);
  try {
    const parts = Object.entries(outcome(kind, given));
    return Object.fromEntries(parts.filter(([name]) => given.shows?.includes(name) ?? true));
  } catch (error) {
    if (!(error instanceof LvsctlError)) throw error;
    const { hint, output } = error.details;
    return { error: { code: error.code, message: error.message, hint, ...(output ? { output } : {}) } };
  }
}

function outcome(kind: ResourceKind, given: ResourceCase) {
  const desired = resolveAll(kind, given.written);
  const wantedKeys = new Set(desired.map((state) => kind.key(state)));
  const gone = resolveAll(kind, given.gone ?? []).filter((state) => !wantedKeys.has(kind.key(state)));
  const reads = kind.read([...desired, ...gone], context);
  const outputs = new Map(
    Object.entries(given.outputs).map(([name, output]) => [name, { stdout: "", stderr: "", status: 0, ...output }]),
  );
  const observed = kind.parse(outputs, [...desired, ...gone], context);
  const ours = new Set(given.owned);
  for (const state of [...desired, ...observed.states.values()]) {
    const field = unknownField(state, kind.fields);
    if (field !== undefined) throw new Error(`${kind.kind} does not know its own field ${field}`);
  }

  const resources = desired.map((state) => {
    const key = kind.key(state);
    const actual = observed.states.get(key);
    const fields = actual === undefined ? undefined : kind.diff(actual, state);
    return {
      key,
      describe: kind.describe(state),
      state,
      actual,
      action: fields === undefined ? "create" : fields.length > 0 ? "update" : "none",
      fields,
      problem: kind.problem?.(state, observed, ours.has(key), ours),
    };
  });
  const changes: Change[] = [
    ...resources
      .filter(({ action }) => action !== "none")
      .map(({ key, actual, state }) => ({ kind: kind.kind, key, before: actual, after: state })),
    ...gone
      .map((state) => kind.key(state))
      .reverse()
      .filter((key) => observed.states.has(key))
      .map((key) => ({ kind: kind.kind, key, before: observed.states.get(key), after: undefined })),
  ];
  const back = changes.map((change) => inverse(kind, change)).reverse();
  return {
    reads: Object.fromEntries(
      reads.map(({ name, argv, onlyIf }) => [name, argv.join(" ") + (onlyIf ? ` (only if there is ${onlyIf})` : "")]),
    ),
    resources,
    apply: kind.commands(changes, observed, context).map(({ script }) => script),
    revert: kind.commands(back, observed, context).map(({ script }) => script),
    ...(given.ledger ? { foreignParts: kind.foreignParts?.(desired, observed, new Set(given.ledger)) } : {}),
  };
}

/** As compiling does: two steps may ask for the same resource. */
function resolveAll(kind: ResourceKind, written: readonly State[]): readonly State[] {
  const states = written.flatMap((one) => kind.resolve(one, context));
  return [...new Map(states.map((state) => [kind.key(state), state])).values()];
}
