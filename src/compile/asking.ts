import type { LocatedDocument } from "../document/parse-document.ts";
import type { Language, Playbook, PlaybookStep, Scope } from "../playbook/playbook.ts";
import type { Host } from "../topology/topology.ts";

/** A step of a playbook on one host, for one service or for the host itself. */
export interface Asking {
  readonly playbook: Playbook;
  readonly step: PlaybookStep;
  readonly scope: Scope & { readonly host: Host };
}

/** A part of a playbook that is evaluated: a step before its host is known, or none. */
export type Evaluated = Pick<Asking, "playbook"> & { readonly step?: PlaybookStep; readonly scope: Scope };

/** How problems are told: the language of reasons, and the file that the topology was loaded from. */
export interface Telling {
  readonly language: Language;
  /** Absent for a topology that comes from no file; problems then have no position in it. */
  readonly written?: Pick<LocatedDocument, "locate" | "value">;
}
