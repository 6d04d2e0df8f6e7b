/** man/lvsctl.1 is made from the table of commands (UPDATE_GOLDEN=1 rewrites it, and so does `npm run build`). */
import { describe, expect, it, test } from "vitest";
// @ts-expect-error: a script without types
import { manPage as fromScript } from "../../scripts/man-page.mjs";
import { ownVersion } from "../../src/app/own-version.ts";
import { type Command, defineCommand, isFamily, type Table } from "../../src/cli/command.ts";
import { commands } from "../../src/cli/commands.ts";
import { anyText, argument, choice, valueOr } from "../../src/cli/parameter.ts";
import { about, exitCodes, noColor } from "../../src/cli/program.ts";
import { expectGolden } from "../playbook/golden.ts";

const PAGE = new URL("../../man/lvsctl.1", import.meta.url);

function manPage(table: Table): string {
  return fromScript({ table, everywhere: noColor, about, exitCodes, version: ownVersion() });
}

test("man/lvsctl.1 is up to date", () => {
  expectGolden(manPage(commands), PAGE);
});

test("it has every command with all its flags", () => {
  const text = manPage(commands).replaceAll("\\-", "-");
  for (const entry of commands) {
    for (const command of isFamily(entry) ? entry.commands : [entry]) {
      const name = isFamily(entry) ? `${entry.name} ${command.name}` : entry.name;
      const [, section = ""] = text.split(`.SS "lvsctl ${name} [options]`);
      for (const { spelling } of Object.values(command.parameters)) {
        const [first = ""] = spelling.split(/,? /);
        expect(section.split("\n.SS")[0], `${name} ${spelling}`).toContain(first);
      }
    }
  }
});

describe("a command", () => {
  const move: Command = defineCommand({
    name: "move",
    summary: "move a host's name",
    details: ["'quoted', and a back\\slash … too"],
    parameters: {
      file: argument("<file>", "the topology"),
      when: choice("-w, --when <time>", "when", ["now", "later"]),
      how: valueOr("--how-fast <speed>", ".speed", anyText, "slow"),
    },
    examples: [["lvsctl move x.yaml", "it's quick"]],
    run: async () => 0,
  });
  const page = manPage([move]);

  it("has what its data say, with what roff would obey escaped", () => {
    expect(page).toContain('.SS "lvsctl move [options] <file>"\nMove a host\\(aqs name.\n.PP\n');
    expect(page).toContain(".PP\n\\(aqquoted\\(aq, and a back\\eslash ... too\n");
    expect(page).toContain("\\fB\\-w,\\fR \\fB\\-\\-when\\fR \\fI<time>\\fR\nwhen (one of now, later)\n");
    expect(page).toContain("\\fB\\-\\-how\\-fast\\fR \\fI<speed>\\fR\n\\&.speed (default: slow)\n");
    expect(page).toContain(".TP\n\\fBlvsctl move x.yaml\\fR\nit\\(aqs quick\n");
  });

  it("is not there once the table has it no more", () => {
    expect(manPage([])).not.toContain("move");
  });
});
