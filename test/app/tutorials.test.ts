/** What lvsctl says about tutorials typed in as they are drawn. */
import { expect, it } from "vitest";
import { cases } from "../helpers/cases.ts";
import { formatTutorialsPage, tutorials } from "../helpers/tutorials.ts";
import { expectGolden } from "../playbook/golden.ts";

it("tutorials are answered as docs/tutorials.md says", async () => {
  const all = tutorials();
  expectGolden(await formatTutorialsPage(all), new URL("../../docs/tutorials.md", import.meta.url));
  const known = cases().map(({ name }) => name);
  expect(known).toEqual(expect.arrayContaining(all.flatMap((one) => one.cases.map(({ file }) => file))));
});
