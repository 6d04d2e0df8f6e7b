/** What the resource kinds ask of a host passes the guard: tried with the states of every resource case. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { kinds } from "../../src/resources/kinds.ts";
import type { ResourceKind } from "../../src/resources/resource.ts";
import { isReadOnly } from "../../src/transport/guard.ts";

const root = new URL("../fixtures/resources/", import.meta.url);
const context = { topology: "web-lab", host: "dr" };

test.each(readdirSync(root))("%s reads by commands that only read", (name) => {
  const kind = kinds.get(name);
  if (!kind) throw new Error(`no kind for the cases of ${name}`);
  const states = readdirSync(new URL(`${name}/`, root)).flatMap((file) =>
    statesOf(kind, new URL(`${name}/${file}`, root)),
  );
  const commands = kind.read(states, context);
  expect(states.length).toBeGreaterThan(0);
  expect(commands.filter(({ argv }) => !isReadOnly(argv)).map(({ argv }) => argv.join(" "))).toEqual([]);
});

/** What a case wants on the host; some cases are about what cannot be resolved. */
function statesOf(kind: ResourceKind, file: URL): ReturnType<ResourceKind["resolve"]> {
  const { written } = parse(readFileSync(file, "utf8")) as { written: readonly object[] };
  return written.flatMap((each) => {
    try {
      return kind.resolve({ ...each }, context);
    } catch {
      return [];
    }
  });
}
