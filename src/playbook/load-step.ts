/** Loads one step of a playbook: its names, its expressions, and what it writes. */
import type { Role } from "../topology/topology.ts";
import { askedIn } from "./asked.ts";
import { checkFollows } from "./check-follows.ts";
import type { Step as StepFile } from "./generated/playbook-file.ts";
import { compileHostNames } from "./host-names.ts";
import type { ScopeTypes } from "./inspect-expression.ts";
import type { PlaybookStep, Target } from "./playbook.ts";
import { hostScope, outerScope } from "./step-scope.ts";
import { type StepSource, unknownName } from "./step-source.ts";
import type { TemplateContext } from "./template.ts";
import { toText } from "./text.ts";
import { compileWriter } from "./write-step.ts";

const serviceRoles: readonly Role[] = ["director", "real-server"];
const hostRoles: readonly (Role | "any")[] = ["firewall", "director", "real-server", "client", "any"];

/** Loads one step; undefined if it has mistakes, which go to the source's problems. */
export function loadStep(source: StepSource): PlaybookStep | undefined {
  const { file, index, kinds, problems } = source;
  const step = file.steps[index];
  if (step === undefined) return undefined;
  const before = problems.length;
  const kind = kinds.get(step.resource);
  if (kind === undefined) problems.push(unknownName(source, "resource", step.resource, [...kinds.keys()]));
  if (kind !== undefined) checkFollows(source, step, kind);
  const on = loadTarget(source, step);
  const read = source.reads.length;
  const scope = hostScope(file.kind, "role" in on ? on.role : undefined);
  const write = compileWriter(step, kind, ["steps", index], contextOf(source, step, scope));
  if (problems.length > before) return undefined;
  return {
    id: step.id,
    at: source.document.locate(["steps", index, "id"]),
    on,
    written: { on: step.on, ...(step.when === undefined ? {} : { when: step.when }) },
    stage: step.stage,
    resource: step.resource,
    asks: askedIn(source.reads.slice(read)),
    follows: step.follows ?? [],
    why: toText(step.why),
    ...(step.note === undefined ? {} : { note: toText(step.note) }),
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
  return { hosts: compileHostNames(step.on, path, contextOf(source, step, types)) };
}

function contextOf(source: StepSource, { id }: StepFile, scope: ScopeTypes): TemplateContext {
  const { document, problems, reads, allowance } = source;
  return { document, scope, step: id, problems, reads, allowance };
}
