/** The table of commands in README.md is that of src/cli/commands.ts. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Command, type CommandFamily, isFamily } from "../../src/cli/command.ts";
import { commands } from "../../src/cli/commands.ts";
import { isFlag } from "../../src/cli/parameter.ts";
import { expectGolden } from "../playbook/golden.ts";

const README = new URL("../../README.md", import.meta.url);
const TABLE = /\| command \| use it to \|\n(\|.*\n)+/;

test("README.md lists every command with what it does (UPDATE_GOLDEN=1 rewrites the table)", () => {
  const rows = commands.map((entry) => `| \`${usageOf(entry)}\` | ${entry.summary}${formatsOf(entry)} |\n`);
  const table = `| command | use it to |\n|---|---|\n${rows.join("")}`;
  const text = readFileSync(README, "utf8");
  expect(text).toMatch(TABLE);
  expectGolden(
    text.replace(TABLE, () => table),
    README,
  );
});

/** `drain FILE REAL-SERVER`, `validate FILE…`, `lab up|down`. A bar would end the cell of a table. */
function usageOf(entry: Command | CommandFamily): string {
  if (isFamily(entry)) return `${entry.name} ${entry.commands.map(({ name }) => name).join("\\|")}`;
  const args = Object.values(entry.parameters).filter((parameter) => !isFlag(parameter));
  const words = args.map(({ spelling }) => spelling.replaceAll(/[<>]/g, "").replace("...", "…").replace("|", "\\|"));
  return [entry.name, ...words.map((word) => word.toUpperCase())].join(" ");
}

function formatsOf(entry: Command | CommandFamily): string {
  const formats = (isFamily(entry) ? [] : entry.formats).filter((format) => format !== "text");
  return formats.length === 0 ? "" : ` (${formats.map((format) => `\`--format ${format}\``).join(", ")})`;
}
