/** Loads one step of a playbook: its names, its expressions, and what it writes. */
import { stages } from "../compile/stage.ts";
import { nearest } from "../document/nearest.ts";
import type { LocatedDocument, Path } from "../document/parse-document.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { ResourceKind } from "../resources/resource.ts";
import type { Role } from "../topology/topology.ts";
import { checkWritten } from "./check-written.ts";
import type { Playbook as PlaybookFile, Step as StepFile } from "./generated/playbook-file.ts";
import type { ScopeTypes } from "./inspect-expression.ts";
import type { PlaybookStep, Target } from "./playbook.ts";
import { hostScope, outerScope, variablesOf } from "./step-scope.ts";
import { compileTemplate, type TemplateContext } from "./template.ts";
import { toText } from "./text.ts";
import { compileWriter } from "./write-step.ts";
import { writtenProblems } from "./written-problems.ts";

/** What a step is loaded from, and where its mistakes go. */
export interface StepSource {
  readonly file: PlaybookFile;
  readonly index: number;
  readonly kinds: ReadonlyMap<string, ResourceKind>;
  readonly document: LocatedDocument;
  readonly problems: LvsctlError[];
}

const serviceRoles: readonly Role[] = ["director", "real-server"];
const hostRoles: readonly (Role | "any")[] = ["firewall", "director", "real-server", "client", "any"];

const hostNames = { type: ["string", "array"], description: "The name of a host, or a list of names." };

/** One step; undefined where it has mistakes, which go to the source's problems. */
export function loadStep(source: StepSource): PlaybookStep | undefined {
  const { file, index, kinds, problems } = source;
  const step = file.steps[index];
  if (step === undefined) return undefined;
  const before = problems.length;
  const kind = kinds.get(step.resource);
  if (kind === undefined) problems.push(unknownName(source, "resource", step.resource, [...kinds.keys()]));
  checkFollows(source, step, kind);
  const on = loadTarget(source, step);
  const scope = hostScope(file.kind, "role" in on ? on.role : undefined);
  const write = compileWriter(step, kind, ["steps", index], contextOf(source, step, scope));
  if (problems.length > before) return undefined;
  return {
    id: step.id,
    at: source.document.locate(["steps", index, "id"]),
    on,
    stage: step.stage,
    resource: step.resource,
    follows: step.follows ?? [],
    why: toText(step.why),
    write,
  };
}

function loadTarget(source: StepSource, step: StepFile): Target {
  const { file, index } = source;
  const roles = file.kind === "host" ? hostRoles : serviceRoles;
  const role = roles.find((name) => name === step.on);
  if (role !== undefined) return { role };
  if (!step.on.includes("${{")) {
    source.problems.push(unknownName(source, "on", step.on, roles));
    return { role: "any" };
  }
  const types = outerScope(file.kind);
  const path = ["steps", index, "on"];
  const template = compileTemplate(step.on, path, contextOf(source, step, types));
  source.problems.push(...writtenProblems(checkWritten(hostNames, template.shape, path), source.document, step.id));
  return { hosts: (values) => toNames(template.evaluate(variablesOf(types, values)), source, step) };
}

function toNames(value: unknown, source: StepSource, step: StepFile): readonly string[] {
  const names: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (names.every((name) => typeof name === "string")) return names;
  throw new LvsctlError("LVS-PLAYBOOK-005", "`on` has to give the name of a host, or a list of names.", {
    hint: "Give names, for example topology.hosts.map(h, h.name).",
    at: source.document.locate(["steps", source.index, "on"]),
    step: step.id,
  });
}

function checkFollows(source: StepSource, step: StepFile, kind: ResourceKind | undefined): void {
  if (kind === undefined) return;
  const { file, index, problems } = source;
  const follows = step.follows ?? [];
  if (kind.action === true && follows.length === 0) {
    problems.push(
      unfitting(source, `\`${step.resource}\` is an action: it has no state, so something has to tell when it runs.`, {
        hint: "Add `follows` with the ids of the steps whose changes it answers.",
        path: ["steps", index, "resource"],
      }),
    );
  }
  if (kind.action !== true && follows.length > 0) {
    problems.push(
      unfitting(
        source,
        `\`${step.resource}\` has a state of its own that decides when it changes; it follows nothing.`,
        {
          hint: "Remove `follows`; only actions such as gratuitous-arp have it.",
          path: ["steps", index, "follows"],
          what: "key",
        },
      ),
    );
  }
  for (const [position, id] of follows.entries()) {
    const followed = file.steps.find((other) => other.id === id);
    const path = ["steps", index, "follows", position];
    if (followed === undefined) {
      const others = file.steps.map((other) => other.id).filter((other) => other !== step.id);
      problems.push(unknownName(source, "follows", id, others, path));
    } else if (followed === step || stages.indexOf(followed.stage) > stages.indexOf(step.stage)) {
      problems.push(
        unfitting(source, `"${id}" runs in stage ${followed.stage}, which is not before this step (${step.stage}).`, {
          hint: "Follow steps that come before, or move this step to a later stage.",
          path,
        }),
      );
    }
  }
}

function unknownName(
  source: StepSource,
  property: string,
  name: string,
  known: readonly string[],
  path: Path = ["steps", source.index, property],
): LvsctlError {
  const what: Readonly<Record<string, string>> = {
    resource: "resource kind",
    on: source.file.kind === "host" ? "role of a host" : "role of a service's hosts",
    follows: "other step of this playbook",
  };
  const similar = nearest(name, known);
  const suggestion = similar === undefined ? "" : `Did you mean "${similar}"? `;
  return new LvsctlError("LVS-PLAYBOOK-002", `There is no ${what[property] ?? property} "${name}".`, {
    hint: `${suggestion}There are: ${known.join(", ")}.`,
    at: source.document.locate(path),
    ...stepOf(source),
  });
}

function unfitting(
  source: StepSource,
  message: string,
  { hint, path, what }: { readonly hint: string; readonly path: Path; readonly what?: "key" },
): LvsctlError {
  return new LvsctlError("LVS-PLAYBOOK-003", message, {
    hint,
    at: source.document.locate(path, what ?? "value"),
    ...stepOf(source),
  });
}

function stepOf({ file, index }: StepSource): { readonly step?: string } {
  const id = file.steps[index]?.id;
  return id === undefined ? {} : { step: id };
}

function contextOf({ document, problems }: StepSource, { id }: StepFile, scope: ScopeTypes): TemplateContext {
  return { document, scope, step: id, problems };
}
