/**
 * Doing what a Fix says makes the message go away, and brings no other. Each code has a case in test/fixtures/topology with a
 * `fixed.yaml`: its `input.yaml` as somebody would leave it who does what the message says, and a first line with the code.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { configErrors } from "../../src/errors/catalogue/config.ts";
import type { LoadedTopology } from "../../src/topology/load-topology.ts";
import { loadTopology, modesIn } from "../helpers/load-topology.ts";
import { topologyCase } from "../helpers/topology-cases.ts";

const fixtures = new URL("../fixtures/topology/", import.meta.url);
const FIRST_LINE = /^# fixes: ((?:LVS-CONFIG-\d{3} ?)+)\n/;

/** Codes whose mistake is not in a topology's text. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "LVS-CONFIG-000": "it stands for all problems of a file",
  "LVS-CONFIG-001": "the file is too large to be kept here",
  "LVS-CONFIG-069": "it is found when steps are made",
};

const cases = readdirSync(fixtures).flatMap((name) => {
  const file = new URL(`${name}/fixed.yaml`, fixtures);
  if (!existsSync(file)) return [];
  const fixed = readFileSync(file, "utf8");
  const codes = FIRST_LINE.exec(fixed)?.[1]?.trim().split(" ") ?? [];
  return [{ name, fixed, codes }];
});

describe("a fix that somebody does", () => {
  it.each(cases)("$name: $codes", ({ name, fixed, codes }) => {
    const { folder, loaded } = topologyCase(name);
    const said = ({ problems, warnings }: LoadedTopology) => [...problems, ...warnings].map(({ code }) => code);
    const before = new Set<string>(said(loaded));
    const after = said(loadTopology(fixed, "input.yaml", modesIn(folder)));
    expect(codes.filter((code) => !before.has(code))).toEqual([]);
    expect(after.filter((code) => codes.includes(code) || !before.has(code))).toEqual([]);
  });
});

it("is tried for every code", () => {
  const tried = new Set(cases.flatMap(({ codes }) => codes));
  const untried = Object.keys(configErrors).filter((code) => !tried.has(code) && ELSEWHERE[code] === undefined);
  expect(untried).toEqual([]);
});
