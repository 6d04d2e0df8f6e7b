/**
 * Expressions in playbooks: CEL, checked against the types of the topology when the playbook loads, and sandboxed. The
 * only importer of the CEL library; its errors are put into our words here.
 */
import { TypeError as CelTypeError, Environment, EvaluationError, Optional, ParseError } from "@marcbachmann/cel-js";
import { LvsctlError, type Position } from "../errors/lvsctl-error.ts";
import { type Fault, inspect, type ScopeTypes } from "./inspect-expression.ts";
import { fromModel, modelClasses, modelTypes } from "./topology-model.ts";

/** Values by variable name, as `toModel` makes them. */
export type Variables = Readonly<Record<string, unknown>>;

/** Where an expression stands in its file. */
export interface Place {
  /** The position of some characters of the expression, counted from its beginning. */
  at(start: number, length: number): Position;
  /** The step that it belongs to. */
  readonly step?: string;
}

export interface Expression {
  readonly text: string;
  /** The type of its value, in the expression language's words; `dyn` where only evaluation tells. */
  readonly type: string;
  /** Its value, to be bound to a variable again. Throws LVS-PLAYBOOK-005. */
  evaluate(variables: Variables): unknown;
  /** Its value as plain JSON, undefined for an optional one that is absent. Throws LVS-PLAYBOOK-005. */
  result(variables: Variables): unknown;
}

/** Characters that one expression may have. */
export const maximumLength = 2000;

const limits = { maxAstNodes: 400, maxDepth: 24, maxListElements: 100, maxMapEntries: 100, maxCallArguments: 8 };

/** Parses and checks an expression. `scope` gives the type of each variable that it may use. */
export function compileExpression(text: string, scope: ScopeTypes, place: Place): Expression | readonly LvsctlError[] {
  try {
    if (text.trim() === "") return [errorOf(emptyFault, place)];
    if (text.length > maximumLength) return [errorOf(lengthFault(text), place)];
    const parsed = environmentFor(scope).parse(text);
    const faults = inspect(parsed.ast, scope);
    if (faults.length > 0) return faults.map((fault) => errorOf(fault, place));
    const { type = "dyn", error } = parsed.check();
    if (error !== undefined) throw error;
    return located(text, type, parsed, place);
  } catch (error) {
    return [errorOf(faultOf(error, text), place, error)];
  }
}

function located(text: string, type: string, run: (variables: Variables) => unknown, place: Place): Expression {
  const guarded = (work: () => unknown): unknown => {
    try {
      return work();
    } catch (error) {
      throw failureOf(error, text, place);
    }
  };
  return {
    text,
    type,
    evaluate: (variables) => guarded(() => run(variables)),
    result: (variables) => guarded(() => toJson(run(variables))),
  };
}

function toJson(value: unknown): unknown {
  if (!(value instanceof Optional)) return fromModel(value);
  return value.hasValue() ? fromModel(value.value()) : undefined;
}

let base: Environment | undefined;
const environments = new Map<string, Environment>();

function environmentFor(scope: ScopeTypes): Environment {
  const key = [...scope].flat().join(" ");
  const known = environments.get(key);
  if (known !== undefined) return known;
  base ??= baseEnvironment();
  const environment = base.clone();
  for (const [name, type] of scope) environment.registerVariable(name, type);
  environments.set(key, environment);
  return environment;
}

function baseEnvironment(): Environment {
  const environment = new Environment({ limits, enableOptionalTypes: true });
  for (const [name, fields] of modelTypes) {
    environment.registerType(name, { ctor: modelClasses.get(name) ?? Object, fields: { ...fields } });
  }
  return environment;
}

function errorOf(fault: Fault, place: Place, cause?: unknown): LvsctlError {
  return new LvsctlError("LVS-PLAYBOOK-004", fault.message, {
    hint: fault.hint,
    at: place.at(fault.start, fault.length),
    ...(place.step === undefined ? {} : { step: place.step }),
    cause,
  });
}

function failureOf(error: unknown, text: string, place: Place): LvsctlError {
  const fault = failureFault(error, text);
  return new LvsctlError("LVS-PLAYBOOK-005", fault.message, {
    hint: fault.hint,
    at: place.at(fault.start, fault.length),
    ...(place.step === undefined ? {} : { step: place.step }),
    cause: error,
  });
}

const emptyFault: Fault = {
  message: "The expression is empty.",
  hint: "Write an expression such as service.testPage, or leave the property out.",
  start: 0,
  length: 1,
};

function lengthFault(text: string): Fault {
  return {
    message: `The expression has ${text.length} characters; ${maximumLength} are allowed.`,
    hint: "Split the step into several with shorter conditions.",
    start: 0,
    length: 1,
  };
}

/** What is wrong with an expression that does not parse or whose types do not fit. */
function faultOf(error: unknown, text: string): Fault {
  const { code, summary, start, length } = detailsOf(error, text);
  if (code === "limit_exceeded" || code === undefined) {
    return {
      message: "The expression is nested too deeply or too long.",
      hint: "Write it in smaller parts.",
      start,
      length,
    };
  }
  const hint =
    hints[code] ?? "Expressions are CEL (https://cel.dev); docs/playbooks.md shows what playbooks use of it.";
  return { message: `The expression is wrong: ${summary}.`, hint, start, length };
}

const hints: Readonly<Record<string, string>> = {
  no_such_overload:
    "Both sides of an operator need one type; string(…) turns a number into text, and int(…) text into a number.",
  no_matching_overload: "Look at the types of its arguments; string(…) turns a number into text.",
  incompatible_ternary_branches: "Give both branches the same type, for example with string(…).",
  heterogeneous_list_element: "Give all elements the same type, for example with string(…).",
};

/** Why an expression that is right in itself has no value for this topology. */
function failureFault(error: unknown, text: string): Fault {
  const { code, summary, start, length } = detailsOf(error, text);
  if (code === "no_such_key") {
    const field = text.slice(start, start + length);
    return {
      message: `The expression has no value for this topology: \`${field}\` is absent.`,
      hint: `Guard the step, for example with \`when: has(${pathBefore(text, start + length)})\`.`,
      start,
      length,
    };
  }
  return {
    message: `The expression has no value for this topology: ${summary}.`,
    hint: "Guard the step with `when`.",
    start,
    length,
  };
}

/** The dotted path that ends where a field does: of `a + service.vip.address` the `service.vip` that ends at `vip`. */
function pathBefore(text: string, end: number): string {
  return /[A-Za-z_][\w.]*$/.exec(text.slice(0, end))?.[0] ?? text;
}

function detailsOf(error: unknown, text: string): { code?: string; summary: string; start: number; length: number } {
  if (!(error instanceof ParseError || error instanceof CelTypeError || error instanceof EvaluationError)) {
    return {
      summary: error instanceof RangeError ? error.message : "it cannot be evaluated",
      start: 0,
      length: text.length,
    };
  }
  const start = Math.min(error.range?.start ?? 0, Math.max(0, text.length - 1));
  const end = Math.max(start + 1, Math.min(error.range?.end ?? text.length, text.length));
  return { code: error.code, summary: error.summary.replace(/\.$/, ""), start, length: end - start };
}
