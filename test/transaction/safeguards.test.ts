/** What `npm run test:safeguards` removes is still in the code, so that it can be removed at any time. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
// @ts-expect-error: a script without types
import { SAFEGUARDS } from "../../scripts/safeguards-list.mjs";

interface Safeguard {
  readonly name: string;
  /** File, text to replace, new text. */
  readonly edits: readonly (readonly [string, string, string])[];
}

test.each((SAFEGUARDS as readonly Safeguard[]).map(({ name, edits }) => [name, edits] as const))(
  "%s",
  (_name, edits) => {
    for (const [file, from] of edits) {
      const text = readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
      expect(text.split(from).length, `${file}: ${from}`).toBe(2);
    }
  },
);
