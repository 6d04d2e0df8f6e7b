import { expect, it } from "vitest";
import { sharedProblems } from "../../src/report/shared-problems.ts";

const problem = { description: "route default", message: "another one is there", hint: "--adopt" };

const hostsOf = (problems: readonly (typeof problem & { readonly host?: string })[]) =>
  sharedProblems(
    problems,
    ({ host }) => host,
    ({ description, message, hint }) => [description, message, hint],
  ).map(({ problem: { message }, hosts }) => [message, hosts]);

it("names the hosts of the same problem together, in the place of the first", () => {
  expect(
    hostsOf([
      { host: "rs1", ...problem },
      { host: "rs1", ...problem, message: "something else" },
      { host: "rs2", ...problem },
      { host: "rs2", ...problem },
    ]),
  ).toEqual([
    ["another one is there", ["rs1", "rs2"]],
    ["something else", ["rs1"]],
  ]);
  expect(hostsOf([problem])).toEqual([["another one is there", []]]);
});

it.each([{ description: "route other" }, { message: "another" }, { hint: "another" }])(
  "keeps two problems apart that differ in %j",
  (difference) => {
    const both = [
      { host: "rs1", ...problem },
      { host: "rs2", ...problem, ...difference },
    ];
    expect(hostsOf(both).map(([, hosts]) => hosts)).toEqual([["rs1"], ["rs2"]]);
  },
);
