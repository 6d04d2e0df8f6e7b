/**
 * Expressions in playbooks: CEL, checked against the types of the topology when the playbook loads, and sandboxed.
 * expression-fault.ts rewords the errors of the CEL library.
 */
import { Environment, Optional } from "@marcbachmann/cel-js";
import { LvsctlError, type Position } from "../errors/lvsctl-error.ts";
import { type Allowance, countSteps, spendOnAll } from "./allowance.ts";
import { compilationFault, evaluationFault, lengthFault } from "./expression-fault.ts";
import { type FieldRead, fieldReads } from "./field-reads.ts";
import { type Fault, inspect, type ScopeTypes } from "./inspect-expression.ts";
import { fromModel, modelClasses, modelTypes } from "./topology-model.ts";

/** Values by variable name, as `toModel` makes them. */
export type Variables = Readonly<Record<string, unknown>>;

/** The location of an expression in its file. */
export interface Place {
  /** The position of part of the expression, counted from its beginning. */
  at(start: number, length: number): Position;
  /** The step that it belongs to. */
  readonly step?: string;
  /** The steps that its playbook may take. */
  readonly allowance: Allowance;
}

/** An expression that has been parsed and type-checked. */
export interface Expression {
  readonly text: string;
  /** The type of its value, in the expression language; `dyn` if only evaluation can tell. */
  readonly type: string;
  /** The fields of the topology that it reads. */
  readonly reads: readonly FieldRead[];
  /** Its value, for binding to a variable again. Throws LVS-PLAYBOOK-005. */
  evaluate(variables: Variables): unknown;
  /** Its value as plain JSON, undefined for an absent optional. Throws LVS-PLAYBOOK-005. */
  result(variables: Variables): unknown;
}

const limits = { maxAstNodes: 400, maxDepth: 24, maxListElements: 100, maxMapEntries: 100, maxCallArguments: 8 };

/** Parses and checks an expression. `scope` gives the type of each variable that it may use. */
export function compileExpression(text: string, scope: ScopeTypes, place: Place): Expression | readonly LvsctlError[] {
  try {
    const misformed = lengthFault(text);
    if (misformed !== undefined) return [errorOf("LVS-PLAYBOOK-004", misformed, place)];
    const parsed = environmentFor(scope).parse(text);
    const faults = inspect(parsed.ast, scope);
    if (faults.length > 0) return faults.map((fault) => errorOf("LVS-PLAYBOOK-004", fault, place));
    const { type = "dyn", error } = parsed.check();
    if (error !== undefined) throw error;
    countSteps(parsed.ast, place.allowance);
    return located({ text, type, reads: fieldReads(parsed.ast, scope) }, parsed, place);
  } catch (error) {
    return [errorOf("LVS-PLAYBOOK-004", compilationFault(error, text), place, error)];
  }
}

function located(
  about: Pick<Expression, "text" | "type" | "reads">,
  run: (variables: Variables) => unknown,
  place: Place,
): Expression {
  const { allowance } = place;
  const guarded = (work: () => unknown): unknown => {
    try {
      allowance.add();
      const value = work();
      allowance.assertLeft();
      return value;
    } catch (error) {
      throw errorOf("LVS-PLAYBOOK-005", evaluationFault(error, about.text), place, error);
    }
  };
  return {
    ...about,
    evaluate: (variables) => guarded(() => run(variables)),
    result: (variables) => guarded(() => toJson(run(variables), allowance)),
  };
}

function toJson(value: unknown, allowance: Allowance): unknown {
  if (value instanceof Optional) return value.hasValue() ? toJson(value.value(), allowance) : undefined;
  spendOnAll(value, allowance);
  return fromModel(value);
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

function errorOf(
  code: "LVS-PLAYBOOK-004" | "LVS-PLAYBOOK-005",
  { message, hint, start, length }: Fault,
  { at, step }: Place,
  cause?: unknown,
): LvsctlError {
  return new LvsctlError(code, message, { hint, at: at(start, length), ...(step && { step }), cause });
}
