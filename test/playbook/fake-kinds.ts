/** Small resource kinds for tests of the playbook language. */
import { nothingFound, type ResourceKind, type State } from "../../src/resources/resource.ts";

/** A kind whose states are what is written, with one of its properties as the key. */
export function fakeKind(
  kind: string,
  properties: Readonly<Record<string, object>>,
  options: { readonly key: string; readonly required?: readonly string[]; readonly action?: true },
): ResourceKind {
  const schema = {
    type: "object",
    required: options.required ?? Object.keys(properties),
    additionalProperties: false,
    properties,
  };
  return {
    kind,
    schema,
    resolve: (written) => [written],
    key: (state) => String(state[options.key]),
    fields: {},
    read: () => [],
    parse: nothingFound,
    bare: nothingFound,
    diff: (actual: State, desired: State) =>
      Object.keys(properties).filter((name) => JSON.stringify(actual[name]) !== JSON.stringify(desired[name])),
    commands: () => [],
    whenChangedByOthers: "leave",
    ...(options.action ? { action: true } : {}),
    describe: (state) => `${kind} ${JSON.stringify(state)}`,
  };
}

const text = { type: "string", description: "Some text." };

export const fakeKinds: ReadonlyMap<string, ResourceKind> = new Map(
  [
    fakeKind(
      "setting",
      { key: text, value: { type: ["string", "integer"], description: "The value." } },
      { key: "key" },
    ),
    fakeKind(
      "thing",
      {
        name: text,
        port: { type: "integer", minimum: 0, maximum: 65535, description: "A port." },
        tags: { type: "array", items: { type: "string" }, description: "Some words." },
        mode: { type: "string", enum: ["dr", "tun"], description: "One of two." },
        inner: {
          type: "object",
          required: ["timeout"],
          additionalProperties: false,
          properties: { timeout: { type: "integer", description: "Seconds." }, netmask: text },
          description: "A map.",
        },
      },
      { key: "name", required: ["name"] },
    ),
    fakeKind("shout", { words: text }, { key: "words", action: true }),
  ].map((kind) => [kind.kind, kind]),
);
