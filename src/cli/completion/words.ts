/** What a shell can complete on lvsctl's command line, from the table of commands; the same for every shell. */
import type { NamedKind } from "../../app/names-in-file.ts";
import { type Command, isFamily, type Table } from "../command.ts";
import { isFlag, type Parameter } from "../parameter.ts";
import { noColor } from "../program.ts";

/** What can go in one place: words, files, names in the topology file; nothing if it cannot be completed. */
export interface Place {
  readonly words: readonly string[];
  readonly isFile: boolean;
  readonly names?: Names;
}

/** Names in the topology file that is the command's first argument. */
export interface Names {
  readonly kind: NamedKind;
  /** Whether several can follow each other, with commas between them. */
  readonly isList: boolean;
  /** What comes after a name: `=` for `rs1=10.0.0.7`. */
  readonly ending: "" | "=";
}

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
export async function completedCommands(table: Table): Promise<readonly CompletedCommand[]> {
  const nothing = { next: [], flags: [HELP], places: [], isOpen: false };
  const names = table.map(({ name, summary }) => ({ name, summary }));
  const entries = table.map(async (entry): Promise<readonly CompletedCommand[]> => {
    if (!isFamily(entry)) return [await completed(entry.name, entry)];
    const { name, summary, commands } = entry;
    const family = { ...nothing, path: name, summary, next: commands.map((one) => ({ ...one })) };
    return [family, ...(await Promise.all(commands.map((command) => completed(`${name} ${command.name}`, command))))];
  });
  const command = { words: names.map(({ name }) => name), isFile: false };
  return [
    { ...nothing, path: "", summary: "", next: [...names, HELP_COMMAND], flags: [VERSION, HELP] },
    ...(await Promise.all(entries)).flat(),
    { ...nothing, path: "help", summary: HELP_COMMAND.summary, places: [command] },
  ];
}

async function completed(path: string, { summary, parameters }: Command): Promise<CompletedCommand> {
  const all = Object.values(parameters);
  const args = all.filter((parameter) => !isFlag(parameter));
  return {
    path,
    summary,
    next: [],
    flags: [...(await Promise.all([...all, noColor].filter(isFlag).map(completedFlag))), HELP],
    places: await Promise.all(args.map(placeOf)),
    isOpen: args.at(-1)?.spelling.includes("...") ?? false,
  };
}

/** Splits `-F, --ssh-config <file>` into its parts. */
async function completedFlag(parameter: Parameter<unknown>): Promise<CompletedFlag> {
  const { spelling, summary } = parameter;
  const [, short, long = ""] = /^(?:(-\w), )?(--[\w-]+)/.exec(spelling) ?? [];
  return { long, short, summary, value: spelling.includes("<") ? await placeOf(parameter) : undefined };
}

/** A parameter that is called a file is completed as one: `<file>`, `[file|name]`. */
async function placeOf({ spelling, choices, suggest, namesOf: kind }: Parameter<unknown>): Promise<Place> {
  const words = choices ?? (await suggest?.()) ?? [];
  const names = kind && {
    kind,
    isList: spelling.includes(",…"),
    ending: spelling.includes("=") ? ("=" as const) : ("" as const),
  };
  return { words, isFile: /[<[|]file\b/.test(spelling), ...(names === undefined ? {} : { names }) };
}

/** The flags that take a value, long and short: `--limit`, `-F`. */
export function valueFlags(commands: readonly CompletedCommand[]): readonly string[] {
  return spellings(commands, ({ value }) => value !== undefined);
}

/** The flags whose value is a file, none of which is the topology. */
export function fileFlags(commands: readonly CompletedCommand[]): readonly string[] {
  return spellings(commands, ({ value }) => value?.isFile === true);
}

function spellings(commands: readonly CompletedCommand[], wanted: (flag: CompletedFlag) => boolean): readonly string[] {
  const flags = commands.flatMap((command) => command.flags).filter(wanted);
  return [...new Set(flags.flatMap(({ long, short }) => (short === undefined ? [long] : [long, short])))];
}
