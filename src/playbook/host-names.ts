import type { Path } from "../document/parse-document.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { checkWritten, type Schema } from "./check-written.ts";
import type { Scope } from "./playbook.ts";
import { variablesOf } from "./step-scope.ts";
import { compileTemplate, type TemplateContext } from "./template.ts";
import { writtenProblems } from "./written-problems.ts";

const schema: Schema = { type: ["string", "array"], description: "The name of a host, or a list of names." };

/**
 * Compiles an expression that returns host names; mistakes go to the context. The returned function throws LVS-PLAYBOOK-005
 * if the value is anything else.
 */
export function compileHostNames(
  text: string,
  path: Path,
  context: TemplateContext,
): (scope: Scope) => readonly string[] {
  const { document, problems, scope, step } = context;
  const template = compileTemplate(text, path, context);
  problems.push(...writtenProblems(checkWritten(schema, template.shape, path), document, step ?? "path"));
  return (values) => {
    const names = [template.evaluate(variablesOf(scope, values))].flat();
    if (names.every((name) => typeof name === "string")) return names;
    throw new LvsctlError("LVS-PLAYBOOK-005", "`on` has to give the name of a host, or a list of names.", {
      hint: "Give names, for example topology.hosts.map(h, h.name).",
      at: document.locate(path),
      ...(step === undefined ? {} : { step }),
    });
  };
}
