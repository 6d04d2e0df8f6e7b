/** The completion scripts of zsh and fish, by what must be in them. */
import { describe, expect, it } from "vitest";
import { type Command, defineCommand } from "../../src/cli/command.ts";
import { formatFishCompletion } from "../../src/cli/completion/fish.ts";
import { completedCommands } from "../../src/cli/completion/words.ts";
import { formatZshCompletion } from "../../src/cli/completion/zsh.ts";
import { anyText, argument, argumentList, choice, on, value } from "../../src/cli/parameter.ts";

const move: Command = defineCommand({
  name: "move",
  summary: "move a host's name: now [or later]",
  parameters: {
    file: argument("<file>", ""),
    host: argument("<host>", ""),
    config: value("-F, --config <file>", "the user's", anyText),
    name: value("--name <name>", "its name", anyText),
    when: choice("--when <time>", "when", ["now", "later"]),
    quick: on("-q, --quick", "in a hurry"),
    only: { ...value("--only <host,…>", "these", anyText), namesOf: "hosts" },
    what: { ...argument("<mode|file>", ""), suggest: async () => ["dr", "nat"] },
  },
  formats: ["text", "json"],
  run: async () => 0,
});
const look = defineCommand({
  name: "look",
  summary: "look at files",
  parameters: { files: argumentList("[file...]", "") },
  run: async () => 0,
});
const commands = await completedCommands([move, { name: "see", summary: "see", commands: [look] }]);

describe("zsh", () => {
  const script = formatZshCompletion(commands);

  it("is told what each command takes", () => {
    expect(script).toContain(`_lvsctl_move() {
  _arguments -s -S \\
    '(-F --config)'{-F,--config}'[the user'\\''s]:file:_files' \\
    '--name[its name]:value: ' \\
    '--when[when]:value:(now later)' \\
    '(-q --quick)'{-q,--quick}'[in a hurry]' \\
    '--only[these]:value:{_lvsctl_names hosts "" 1}' \\
    '--format[how to print]:value:(text json)' \\
    '--no-color[no colours (also\\: NO_COLOR)]' \\
    '(-h --help)'{-h,--help}'[print this help]' \\
    '1:file:_files' \\
    '2:argument: ' \\
    '3:argument: _lvsctl_words_or_files dr nat'
}
`);
    expect(script).toContain("'*:file:_files'");
  });

  it("is told the commands and what they do", () => {
    expect(script).toContain("        'move:move a host'\\''s name: now [or later]'\n        'see:see'\n");
    expect(script).toContain("        see) _lvsctl_see ;;\n");
    expect(script).toContain("        look) _lvsctl_see_look ;;\n");
  });
});

describe("fish", () => {
  const lines = formatFishCompletion(commands).split("\n");

  it("is told what each command takes", () => {
    const start = "complete -c lvsctl -n '__fish_seen_subcommand_from move'";
    const behind = (words: number) => `${start.slice(0, -1)}; and __lvsctl_after ${words}'`;
    expect(lines).toEqual(
      expect.arrayContaining([
        `${start} -l config -s F -r -F -d 'the user\\'s'`,
        `${start} -l name -x -d 'its name'`,
        `${start} -l when -x -a 'now later' -d 'when'`,
        `${start} -l quick -s q -d 'in a hurry'`,
        `${start} -l only -x -a '(__lvsctl_names hosts "" 1)' -d 'these'`,
        `${behind(1)} -F`,
        `${behind(3)} -F -a 'dr nat'`,
      ]),
    );
  });

  it("joins a name to what stands before it in a list, also where nothing does: unquoted, that would make nothing", () => {
    expect(lines).toContain('                echo "$known$name$argv[2]"');
  });

  it("is told the commands, and those of a family where it has been named", () => {
    const family = "__fish_seen_subcommand_from see; and not __fish_seen_subcommand_from look";
    expect(lines).toEqual(
      expect.arrayContaining([
        "complete -c lvsctl -n '__fish_use_subcommand' -a move -d 'move a host\\'s name: now [or later]'",
        `complete -c lvsctl -n '${family}' -a look -d 'look at files'`,
        "complete -c lvsctl -n '__fish_seen_subcommand_from see; and __fish_seen_subcommand_from look; and __lvsctl_after 2 more' -F",
      ]),
    );
  });
});
