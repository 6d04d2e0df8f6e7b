import type { LocatedDocument } from "../document/parse-document.ts";
import type { SchemaMistake } from "../document/schema-problem.ts";
import { toProblems } from "../document/validate-schema.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { Hole, nameType } from "./check-written.ts";

/** Turns mistakes in what a step writes into problems; an expression of the wrong type is LVS-PLAYBOOK-006. */
export function writtenProblems(
  mistakes: readonly SchemaMistake[],
  document: LocatedDocument,
  step: string,
): readonly LvsctlError[] {
  return mistakes.flatMap((mistake) =>
    mistake.error.data instanceof Hole
      ? [wrongExpression(mistake, mistake.error.data, document, step)]
      : toProblems([mistake], document),
  );
}

function wrongExpression({ path, error }: SchemaMistake, hole: Hole, document: LocatedDocument, step: string) {
  const description: unknown = error.parentSchema?.["description"];
  const name = String(path.findLast((part) => typeof part === "string") ?? "with");
  const advice = hole.type === "int" ? " string(…) makes text of a number." : "";
  return new LvsctlError(
    "LVS-PLAYBOOK-006",
    `The expression gives ${nameType(hole.type)}, which "${name}" cannot be.`,
    {
      hint: `${typeof description === "string" ? description : "Give another type."}${advice}`,
      at: document.locate(path),
      step,
    },
  );
}
