import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import { loadTopology } from "../helpers/load-topology.ts";
import { randomCases, shareOf, WAYS_TO_JUDGE } from "../helpers/long-run.ts";
import { randomTopology } from "../helpers/random-topology.ts";
import { topologyCase, topologyCases } from "../helpers/topology-cases.ts";

/** What a value that is not there, or that is no text, becomes in a message. */
const SLIPS = /\b(undefined|null|NaN|Infinity)\b|\[object|function |=>/;
/** The name of one virtual service of several, which nobody wrote. */
const PARTS = /\b(web|shop|media)(@|:\d)/;

const wordsOf = (error: LvsctlError) => `${error.code} ${error.message} ${error.details.hint ?? ""}`;

describe("every message of the rules", () => {
  it("says what a person can read, whatever the file has", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(randomTopology, (text) => {
        const { problems, warnings } = loadTopology(text, "random.yaml");
        for (const error of [...problems, ...warnings]) {
          seen.add(error.code);
          expect(wordsOf(error)).not.toMatch(SLIPS);
          expect(wordsOf(error)).not.toMatch(PARTS);
        }
      }),
      { numRuns: randomCases(400) },
    );
    expect(seen.size).toBeGreaterThan(30);
  });

  it.each(shareOf(topologyCases, "the words", WAYS_TO_JUDGE))("says so for the case %s", (name) => {
    const { text, loaded } = topologyCase(name);
    for (const error of [...loaded.problems, ...loaded.warnings]) {
      expect(wordsOf(error)).not.toMatch(/\bundefined\b|\bNaN\b|\[object/);
      const quoted = wordsOf(error).match(/"[^"]+"/g) ?? [];
      const parts = quoted.filter((name) => /^"[a-z0-9-]+(@(\d|\[|ipv)|:\d+"$)/.test(name));
      expect(parts.filter((name) => !text.includes(name.slice(1, -1)))).toEqual([]);
    }
  });
});
