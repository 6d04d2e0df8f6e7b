/** A step in its file, and problems located there. */
import { nearest } from "../document/nearest.ts";
import type { Path } from "../document/parse-document.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { ResourceKind } from "../resources/resource.ts";
import type { Playbook as PlaybookFile } from "./generated/playbook-file.ts";
import type { Findings } from "./template.ts";

/** What a step is loaded from, and where its mistakes and its reads are collected. */
export interface StepSource extends Findings {
  readonly file: PlaybookFile;
  readonly index: number;
  readonly kinds: ReadonlyMap<string, ResourceKind>;
}

/** LVS-PLAYBOOK-002: a property of the step names something that does not exist. */
export function unknownName(
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

/** LVS-PLAYBOOK-003: parts of the step contradict each other. */
export function unfitting(
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
