import { expect, it } from "vitest";
import { sharedProblems } from "../../src/report/shared-problems.ts";

const problem = { description: "route default", message: "another one is there", hint: "--adopt" };

it("names the hosts of the same problem together, in the place of the first", () => {
  expect(
    sharedProblems([
      { host: "rs1", ...problem },
      { host: "rs1", ...problem, message: "something else" },
      { host: "rs2", ...problem },
      { host: "rs2", ...problem },
    ]),
  ).toEqual([
    { hosts: ["rs1", "rs2"], ...problem },
    { hosts: ["rs1"], ...problem, message: "something else" },
  ]);
});

it.each([{ description: "route other" }, { message: "another" }, { hint: "another" }])(
  "keeps two problems apart that differ in %j",
  (difference) => {
    const both = [
      { host: "rs1", ...problem },
      { host: "rs2", ...problem, ...difference },
    ];
    expect(sharedProblems(both).map(({ hosts }) => hosts)).toEqual([["rs1"], ["rs2"]]);
  },
);
