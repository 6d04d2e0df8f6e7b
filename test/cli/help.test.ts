/** The help of each command as it is printed on a terminal of 80 columns: test/fixtures/help/COMMAND.txt. */

import { readdirSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { type Described, isFamily } from "../../src/cli/command.ts";
import { commands } from "../../src/cli/commands.ts";
import { createProgram, type Request } from "../../src/cli/program.ts";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import { expectGolden } from "../playbook/golden.ts";

const fixtures = new URL("../fixtures/help/", import.meta.url);

/** Every command and family by the words after `lvsctl`, and lvsctl itself. */
const described: readonly (readonly [words: readonly string[], entry: Described | undefined])[] = [
  [[], undefined],
  ...commands.flatMap((entry) => [
    [[entry.name], entry] as const,
    ...(isFamily(entry) ? entry.commands.map((command) => [[entry.name, command.name], command] as const) : []),
  ]),
];

describe.each(described)("%j", (words, entry) => {
  it("has the help that its file shows", async () => {
    const { text } = await run([...words, "--help"]);
    expectGolden(text, new URL(`${["lvsctl", ...words].join("-")}.txt`, fixtures));
  });

  it.each([40, 60, 80, 120])("has help that fits a terminal of %i columns", async (width) => {
    const { text } = await run([...words, "--help"], width);
    const tooWide = text.split("\n").filter((line) => line.length > width && isBreakable(line));
    expect(tooWide).toEqual([]);
  });

  it("has examples that it understands itself", async () => {
    for (const [line] of entry?.examples ?? []) {
      const { requests, text } = await run(argumentsOf(line));
      expect({ line, calls: requests.length, text }).toEqual({ line, calls: 1, text: "" });
    }
  });
});

test("every command has an example, its own or its family's", () => {
  const without = commands.filter(({ examples = [] }) => examples.length === 0).map(({ name }) => name);
  expect(without).toEqual([]);
});

test("there is no file for a command that is gone", () => {
  const names = described.map(([words]) => `${["lvsctl", ...words].join("-")}.txt`);
  expect(readdirSync(fixtures).sort()).toEqual([...names].sort());
});

test("an example that is not understood is found out", async () => {
  const { requests, text } = await run(argumentsOf("lvsctl plan --no-such-flag topology.yaml"));
  expect(requests).toEqual([]);
  expect(text).toContain("Unknown option '--no-such-flag'");
});

/** Whether a line is more than one word; quotes hold one word for the shell. */
function isBreakable(line: string): boolean {
  return line
    .replace(/ \\$/, "")
    .replaceAll(/'[^']*'/g, "quoted")
    .trim()
    .includes(" ");
}

/** The words behind `lvsctl`, up to a pipe, a redirection, or the end of a substitution. */
function argumentsOf(line: string): readonly string[] {
  const [, words = ""] = /\blvsctl (.*?)( [|>] .*|\))?$/.exec(line) ?? [];
  return words.split(" ");
}

/** What lvsctl prints of itself for a command line, and the calls that it would make. */
async function run(argv: readonly string[], width = 80): Promise<{ text: string; requests: readonly Request[] }> {
  const requests: Request[] = [];
  const written: string[] = [];
  const output = { width, write: (text: string) => written.push(text) };
  const program = createProgram(commands, "0.0.0", { stdout: output, stderr: output }, async (request) => {
    requests.push(request);
  });
  await program.parseAsync(argv, { from: "user" }).catch((error: unknown) => {
    if (error instanceof LvsctlError) written.push(error.message);
  });
  return { text: written.join(""), requests };
}
