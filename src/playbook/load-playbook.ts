/** Loads a playbook: its YAML, its structure, its names, and every expression in it, reporting all mistakes at once. */
import { byPosition } from "../document/by-position.ts";
import { parseDocument } from "../document/parse-document.ts";
import { validateSchema } from "../document/validate-schema.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { ResourceKind } from "../resources/resource.ts";
import type { ModeSetting } from "../topology/mode-traits.ts";
import { Allowance } from "./allowance.ts";
import { askedIn } from "./asked.ts";
import { settingsRead } from "./check-reads.ts";
import { checkTraits } from "./check-traits.ts";
import type { Playbook as PlaybookFile, Step as StepFile } from "./generated/playbook-file.ts";
import { validatePlaybook } from "./generated/validate-playbook.mjs";
import { loadChecks } from "./load-checks.ts";
import { loadPath } from "./load-path.ts";
import { loadStep } from "./load-step.ts";
import type { Playbook, Scope } from "./playbook.ts";
import { outerScope, variablesOf } from "./step-scope.ts";
import { compileBare, type Findings, type TemplateContext } from "./template.ts";
import { toText } from "./text.ts";

/** The playbook, if it has no mistakes, and all mistakes in the order of the file. */
export interface LoadedPlaybook {
  readonly playbook?: Playbook;
  /** The settings of services that its expressions read. */
  readonly settings?: ReadonlySet<ModeSetting>;
  readonly problems: readonly LvsctlError[];
}

/**
 * Loads a playbook from its text. `kinds` are the resource kinds that its steps may name; `usedByFeatures` says which
 * settings features act on, all of them by default. Never throws.
 */
export function loadPlaybook(
  text: string,
  file: string,
  kinds: ReadonlyMap<string, ResourceKind>,
  usedByFeatures: (setting: ModeSetting) => boolean = () => true,
): LoadedPlaybook {
  const document = parseDocument(text, file);
  if (document.problems.length > 0) return { problems: document.problems };
  const misformed = validateSchema(validatePlaybook, document);
  if (misformed.length > 0) return { problems: misformed };

  const written = document.value as PlaybookFile;
  const problems: LvsctlError[] = [];
  const findings: Findings = { document, problems, reads: [], allowance: new Allowance() };
  const context: TemplateContext = { ...findings, scope: outerScope(written.kind) };
  const appliesTo = compileCondition(written, context);
  const asks = askedIn(findings.reads);
  const steps = written.steps.map((_, index) => loadStep({ file: written, index, kinds, ...findings }));
  const path = loadPath(written, findings);
  const checks = loadChecks(written, findings);
  problems.push(...repeatedIds(written.steps, context), ...checkTraits(written, findings, { kinds, usedByFeatures }));
  if (problems.length > 0) return { problems: problems.sort(byPosition) };

  return {
    problems: [],
    settings: settingsRead(findings.reads),
    playbook: {
      name: written.playbook,
      file,
      kind: written.kind,
      isBuiltIn: false,
      asks,
      title: toText(written.title),
      summary: toText(written.summary),
      appliesTo,
      steps: steps.filter((step) => step !== undefined),
      checks,
      path,
      ...(written.traits === undefined ? {} : { traits: written.traits }),
      ...(written.example === undefined ? {} : { example: written.example }),
    },
  };
}

function compileCondition({ kind, when }: PlaybookFile, context: TemplateContext): (scope: Scope) => boolean {
  const { document, problems, scope } = context;
  if (kind === "feature" && when === undefined) {
    problems.push(
      new LvsctlError("LVS-PLAYBOOK-003", "A feature has to say which services have it, and this one has no `when`.", {
        hint: "Add an expression that is true for these services: when: service.testPage.",
        at: document.locate(["kind"]),
      }),
    );
  }
  if (when === undefined) return () => true;
  if (kind !== "feature") {
    problems.push(
      new LvsctlError("LVS-PLAYBOOK-003", `Only a feature has \`when\`; a playbook of kind ${kind} always applies.`, {
        hint: "Make it `kind: feature`, or put the condition on single steps.",
        at: document.locate(["when"], "key"),
      }),
    );
    return () => true;
  }
  const condition = compileBare(when, ["when"], context, "bool");
  return (values) => condition?.result(variablesOf(scope, values)) === true;
}

function repeatedIds(steps: readonly StepFile[], { document }: TemplateContext): readonly LvsctlError[] {
  const first = new Map<string, number>();
  return steps.flatMap(({ id }, index) => {
    const earlier = first.get(id);
    if (earlier === undefined) {
      first.set(id, index);
      return [];
    }
    const { line } = document.locate(["steps", earlier, "id"]);
    return [
      new LvsctlError("LVS-PLAYBOOK-003", `Two steps have the id "${id}"; the first is on line ${line}.`, {
        hint: "Rename one of them: `follows` and messages name steps by their ids.",
        at: document.locate(["steps", index, "id"]),
      }),
    ];
  });
}
