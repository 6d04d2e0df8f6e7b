/** Wrong playbooks under test/fixtures/playbook/errors: the exact text that their author reads. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { formatProblem } from "../../src/document/format-problem.ts";
import { loadPlaybook } from "../../src/playbook/load-playbook.ts";
import { fakeKinds } from "./fake-kinds.ts";
import { expectGolden } from "./golden.ts";

const folder = new URL("../fixtures/playbook/errors/", import.meta.url);
const cases = readdirSync(folder)
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => name.slice(0, -".yaml".length));

describe("a wrong playbook", () => {
  test.each(cases)("%s", (name) => {
    const file = `${name}.yaml`;
    const { playbook, problems } = loadPlaybook(readFileSync(new URL(file, folder), "utf8"), file, fakeKinds);
    expect(playbook).toBeUndefined();
    expect(problems.every(({ details }) => details.at !== undefined && details.hint !== undefined)).toBe(true);
    expectGolden(`${problems.map(formatProblem).join("\n\n")}\n`, new URL(`${name}.txt`, folder));
  });
});
