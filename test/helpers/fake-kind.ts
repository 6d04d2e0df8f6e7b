import type { FieldNames } from "../../src/resources/known-fields.ts";
import { nothingFound, type ResourceKind, type State } from "../../src/resources/resource.ts";
import type { ShellCommand } from "../../src/shell/quote.ts";

const THING_FIELDS: FieldNames = { name: true, size: true };

/** A kind for tests of code that knows no real kind: a thing has a name and a size. */
export function fakeKind(options: Partial<ResourceKind> = {}): ResourceKind {
  return {
    kind: "thing",
    schema: {},
    resolve: (written) => [written],
    key: (state) => String(state["name"]),
    fields: THING_FIELDS,
    read: () => [{ name: "thing", argv: ["test", "-e", "/thing"] }],
    parse: nothingFound,
    bare: nothingFound,
    diff: (actual, desired) => (actual["size"] === desired["size"] ? [] : ["size"]),
    commands: (changes) =>
      changes.map((change) => ({
        makes: [change],
        script: `set-thing ${change.key} ${String(change.after?.["size"] ?? "gone")}` as ShellCommand,
      })),
    whenChangedByOthers: "leave",
    describe: (state) => `thing ${String(state["name"])} of size ${String(state["size"])}`,
    ...options,
  };
}

export function thing(name: string, size: number): State {
  return { name, size };
}
