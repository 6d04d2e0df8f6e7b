/** What the resource kinds ask of a host passes the guard: tried with the states of every resource case. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { kinds } from "../../src/resources/kinds.ts";
import { isReadOnly } from "../../src/transport/guard.ts";

const root = new URL("../fixtures/resources/", import.meta.url);
const context = { topology: "web-lab", host: "dr" };

test.each([...kinds.values()].map((kind) => [kind.kind, kind] as const))(
  "%s reads by commands that only read",
  (name, kind) => {
    const states = readdirSync(new URL(`${name}/`, root)).flatMap((file) => {
      const { written } = parse(readFileSync(new URL(`${name}/${file}`, root), "utf8")) as {
        written: readonly object[];
      };
      return written.flatMap((each) => {
        try {
          return kind.resolve({ ...each }, context);
        } catch {
          return []; // Some cases are about what cannot be resolved.
        }
      });
    });
    const commands = kind.read(states, context);
    expect(states.length).toBeGreaterThan(0);
    expect(commands.filter(({ argv }) => !isReadOnly(argv)).map(({ argv }) => argv.join(" "))).toEqual([]);
  },
);
