/** What a shell can complete on lvsctl's command line, from the table of commands; the same for every shell. */
import { type Command, isFamily, type Table } from "../command.ts";
import { isFlag, type Parameter } from "../parameter.ts";
import { noColor } from "../program.ts";

/** What can go in one place: one of a few words, a file, or something that cannot be completed. */
export type Place = { readonly words: readonly string[] } | "file" | "anything";

/** A flag, as a shell completes it. */
export interface CompletedFlag {
  /** `--ssh-config`. */
  readonly long: string;
  /** `-F`. */
  readonly short: string | undefined;
  readonly summary: string;
  /** Its value; undefined for a flag without one. */
  readonly value: Place | undefined;
}

/** A command or a family of commands, and what can come next on the command line. */
export interface CompletedCommand {
  /** The words after `lvsctl` that lead to it: `lab up`; empty for lvsctl itself. */
  readonly path: string;
  readonly summary: string;
  /** The subcommands. */
  readonly next: readonly { readonly name: string; readonly summary: string }[];
  readonly flags: readonly CompletedFlag[];
  readonly places: readonly Place[];
  /** Whether its last argument can be repeated. */
  readonly isOpen: boolean;
}

const HELP: CompletedFlag = { long: "--help", short: "-h", summary: "print this help", value: undefined };
const VERSION: CompletedFlag = { long: "--version", short: "-V", summary: "print the version", value: undefined };
const HELP_COMMAND = { name: "help", summary: "print the help of a command" };

/** lvsctl itself, then every command and family in the order of the table, families before their commands. */
export function completedCommands(table: Table): readonly CompletedCommand[] {
  const nothing = { next: [], flags: [HELP], places: [], isOpen: false };
  const names = table.map(({ name, summary }) => ({ name, summary }));
  return [
    { ...nothing, path: "", summary: "", next: [...names, HELP_COMMAND], flags: [VERSION, HELP] },
    ...table.flatMap((entry): readonly CompletedCommand[] => {
      if (!isFamily(entry)) return [completed(entry.name, entry)];
      const { name, summary, commands } = entry;
      const family = { ...nothing, path: name, summary, next: commands.map((one) => ({ ...one })) };
      return [family, ...commands.map((command) => completed(`${name} ${command.name}`, command))];
    }),
    { ...nothing, path: "help", summary: HELP_COMMAND.summary, places: [{ words: names.map(({ name }) => name) }] },
  ];
}

function completed(path: string, { summary, parameters }: Command): CompletedCommand {
  const all = Object.values(parameters);
  const args = all.filter((parameter) => !isFlag(parameter));
  return {
    path,
    summary,
    next: [],
    flags: [...[...all, noColor].filter(isFlag).map(completedFlag), HELP],
    places: args.map(placeOf),
    isOpen: args.at(-1)?.spelling.includes("...") ?? false,
  };
}

/** Splits `-F, --ssh-config <file>` into its parts. */
function completedFlag(parameter: Parameter<unknown>): CompletedFlag {
  const { spelling, summary } = parameter;
  const [, short, long = ""] = /^(?:(-\w), )?(--[\w-]+)/.exec(spelling) ?? [];
  return { long, short, summary, value: spelling.includes("<") ? placeOf(parameter) : undefined };
}

/** A parameter that is called a file is completed as one: `<file>`, `[file|name]`. */
function placeOf({ spelling, choices }: Parameter<unknown>): Place {
  if (choices) return { words: choices };
  return /[<[|]file\b/.test(spelling) ? "file" : "anything";
}
