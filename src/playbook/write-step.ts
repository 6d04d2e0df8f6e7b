/** What a step writes on a host: its repetitions, its condition, and its `with`, evaluated and checked. */
import type { Path } from "../document/parse-document.ts";
import type { SchemaMistake } from "../document/schema-problem.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { ResourceKind, State } from "../resources/resource.ts";
import { checkWritten, type Schema } from "./check-written.ts";
import type { Expression, Variables } from "./expression.ts";
import type { Step as StepFile } from "./generated/playbook-file.ts";
import type { PlaybookStep } from "./playbook.ts";
import { variablesOf } from "./step-scope.ts";
import { compileBare, compileTemplate, type TemplateContext } from "./template.ts";
import { elementType } from "./topology-model.ts";
import { writtenProblems } from "./written-problems.ts";

interface Repetition {
  readonly name: string;
  readonly list: Expression;
}

/** How often a step may be repeated on one host. */
const maximumRepetitions = 100_000;
/** How many elements of its lists may be looked at for that: a list may be empty for most elements of the one before. */
const maximumElements = 10 * maximumRepetitions;

/** Compiles the step at `path` into the function that returns what it writes; mistakes go to the context. */
export function compileWriter(
  step: StepFile,
  kind: ResourceKind | undefined,
  path: Path,
  context: TemplateContext,
): PlaybookStep["write"] {
  const { repetitions, scope } = compileRepeat(step, path, context);
  const inner = { ...context, scope };
  const condition = step.when === undefined ? undefined : compileBare(step.when, [...path, "when"], inner, "bool");
  const template = compileTemplate(step.with, [...path, "with"], inner);
  const check = (value: unknown): readonly SchemaMistake[] =>
    kind === undefined ? [] : checkWritten(kind.schema as Schema, value, [...path, "with"]);
  context.problems.push(...writtenProblems(check(template.shape), context.document, step.id));

  return (values) => {
    const written: State[] = [];
    let repetition = 0;
    let elements = 0;
    const onElement = () => {
      elements += 1;
      if (elements > maximumElements)
        throw tooMuch(`goes through more than ${maximumElements} elements`, path, context);
    };
    for (const variables of expand(variablesOf(context.scope, values), repetitions, onElement)) {
      repetition += 1;
      if (repetition > maximumRepetitions)
        throw tooMuch(`is repeated more than ${maximumRepetitions} times`, path, context);
      if (condition !== undefined && condition.result(variables) !== true) continue;
      const value = template.evaluate(variables) as State;
      const mistakes = check(value);
      if (mistakes.length > 0) throw unfit(writtenProblems(mistakes, context.document, step.id));
      written.push(value);
    }
    return written;
  };
}

function compileRepeat(step: StepFile, path: Path, context: TemplateContext) {
  const scope = new Map(context.scope);
  const repetitions: Repetition[] = [];
  for (const [name, text] of Object.entries(step.repeat ?? {})) {
    const at = [...path, "repeat", name];
    if (scope.has(name)) context.problems.push(taken(name, at, context));
    const list = compileBare(text, at, { ...context, scope: new Map(scope) }, "list");
    if (list !== undefined) repetitions.push({ name, list });
    scope.set(name, elementType(list?.type ?? "list") ?? "dyn");
  }
  return { repetitions, scope };
}

function* expand(
  variables: Variables,
  [first, ...rest]: readonly Repetition[],
  onElement: () => void,
): Iterable<Variables> {
  if (first === undefined) {
    yield variables;
    return;
  }
  for (const element of first.list.evaluate(variables) as Iterable<unknown>) {
    onElement();
    yield* expand({ ...variables, [first.name]: element }, rest, onElement);
  }
}

function taken(name: string, path: Path, { document, step }: TemplateContext): LvsctlError {
  return new LvsctlError("LVS-PLAYBOOK-003", `\`${name}\` already means something else in this step.`, {
    hint: "Choose another name for the elements of the list.",
    at: document.locate(path, "key"),
    ...(step === undefined ? {} : { step }),
  });
}

function unfit(problems: readonly LvsctlError[]): LvsctlError {
  const [first] = problems;
  return new LvsctlError("LVS-PLAYBOOK-006", first?.message ?? "The values do not fit.", {
    ...first?.details,
    problems,
  });
}

function tooMuch(what: string, path: Path, { document, step }: TemplateContext): LvsctlError {
  return new LvsctlError("LVS-PLAYBOOK-008", `The step ${what} on one host.`, {
    hint: "Repeat over a shorter list.",
    at: document.locate([...path, "repeat"]),
    ...(step === undefined ? {} : { step }),
  });
}
