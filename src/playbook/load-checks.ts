/** Loads a playbook's `checks`: kernel counters that show whether requests take the right path. */
import type { Path } from "../document/parse-document.ts";
import type { Check as CheckFile, Playbook as PlaybookFile } from "./generated/playbook-file.ts";
import { compileHostNames } from "./host-names.ts";
import type { PlaybookCheck, Scope } from "./playbook.ts";
import { outerScope, variablesOf } from "./step-scope.ts";
import { compileBare, type Findings, type TemplateContext } from "./template.ts";
import { toText } from "./text.ts";

/** The checks in the order of the file; their mistakes and reads go to `findings`. */
export function loadChecks(file: PlaybookFile, findings: Findings): readonly PlaybookCheck[] {
  const context = { ...findings, scope: outerScope(file.kind) };
  return (file.checks ?? []).map((check, index) => loadCheck(check, ["checks", index], context));
}

function loadCheck(check: CheckFile, path: Path, outer: TemplateContext): PlaybookCheck {
  const { id, counter, on, holds, why } = check;
  const context = { ...outer, step: id };
  const hosts = compileHostNames(on, [...path, "on"], context);
  const counted = new Map(context.scope).set("grown", "int").set("answered", "int");
  const condition = compileBare(holds, [...path, "holds"], { ...context, scope: counted }, "bool");
  return {
    id,
    at: context.document.locate([...path, "id"]),
    counter,
    why: toText(why),
    hosts,
    holds: (scope, { grown, answered }) => {
      const values: Scope & { grown: number; answered: number } = { ...scope, grown, answered };
      return condition?.result(variablesOf(counted, values)) === true;
    },
  };
}
