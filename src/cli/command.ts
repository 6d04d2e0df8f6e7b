/** What a command is: data from which its flags, its help, its completion and its call are made, and an action. */
import { formatJson, type JsonResult } from "../report/json.ts";
import { oneOf, type Parameter, type Parameters, type Values } from "./parameter.ts";
import type { Terminal } from "./terminal.ts";

/** How a result can be printed. The first one that a command has is its default. */
export type Format = "text" | "json" | "github";

/** A line that shows how to call a command, and what it is for where that is not plain. */
export type Example = readonly [line: string, note?: string];

/** Parameters that several commands share, and the options of the layer below that they come to. */
export interface Group<P extends Parameters = Parameters, O extends object = object> {
  readonly parameters: P;
  /** Throws LVS-USAGE-001 for parameters that do not go together. */
  options(values: Values<P>, call: Call): O;
}

/** The circumstances of a call. */
export interface Call extends Terminal {
  /** The command as it is called: `ledger show`. */
  readonly command: string;
  /** All commands, for those that tell of the others. */
  readonly table: Table;
}

/** What an action gets. */
export interface Invocation<P extends Parameters, O, F extends Format> extends Call {
  /** The values of the command's own parameters. */
  readonly values: Values<P>;
  /** What the command's groups come to, all in one. */
  readonly options: O;
  /** The format that was asked for; undefined for a command that has none. */
  readonly format: F | undefined;
  /** Writes the command's result to stdout in that format. */
  print(forms: { readonly [Name in F]: () => Name extends "json" ? JsonResult : string }): void;
}

/** What help says of a command or a family of commands. */
export interface Described {
  readonly name: string;
  /** One line, in lower case and without a full stop. */
  readonly summary: string;
  /** What happens, and what to know before; paragraphs. */
  readonly details?: readonly string[];
  readonly examples?: readonly Example[];
}

/** A command as its file defines it. */
export interface CommandDefinition<P extends Parameters, G extends readonly Group[], F extends Format>
  extends Described {
  /** Its own parameters; those of its groups stand before them. */
  readonly parameters?: P;
  readonly groups?: G;
  readonly formats?: readonly F[];
  /** Imports what it needs, does the work, and returns the exit code. */
  run(invocation: Invocation<P, OptionsOf<G>, F>): Promise<number>;
}

/** A command as everything else sees it. */
export interface Command extends Described {
  /** All of its parameters by name, in help's order. */
  readonly parameters: Parameters;
  readonly formats: readonly Format[];
  run(given: Given, call: Call): Promise<number>;
}

/** Commands behind one word: `lab up`, `lab down`. */
export interface CommandFamily extends Described {
  readonly commands: readonly Command[];
}

/** Whether an entry of the table is a family. */
export function isFamily(entry: Command | CommandFamily): entry is CommandFamily {
  return "commands" in entry;
}

/** The commands that there are, in the order in which help lists them. */
export type Table = readonly (Command | CommandFamily)[];

/** The texts of the command line for each parameter, by its name, as `Parameter.read` takes them. */
export type Given = ReadonlyMap<string, readonly string[]>;

/** The options of all groups in one object. */
type OptionsOf<G extends readonly Group[]> = Intersection<ReturnType<G[number]["options"]>>;
type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/** A group, its types inferred. */
export function defineGroup<P extends Parameters, O extends object>(group: Group<P, O>): Group<P, O> {
  return group;
}

/** A command, its types inferred and checked, and then hidden: nothing else needs them. */
export function defineCommand<
  P extends Parameters = Record<never, never>,
  const G extends readonly Group[] = readonly [],
  F extends Format = never,
>(definition: CommandDefinition<P, G, F>): Command {
  const { groups = [], formats = [], parameters, ...described } = definition;
  const formatFlag = formats.length > 0 ? { [FORMAT]: formatParameter(formats) } : {};
  return {
    ...described,
    formats,
    parameters: { ...merged(groups.map((group) => group.parameters)), ...parameters, ...formatFlag },
    run: (given, call) => {
      const format = formats.length > 0 ? formatParameter(formats).read(given.get(FORMAT) ?? []) : undefined;
      return definition.run({
        ...call,
        values: valuesOf(parameters, given),
        options: merged(groups.map((group) => group.options(valuesOf(group.parameters, given), call))),
        format,
        print: (forms) => {
          if (format === undefined) return;
          const result: string | JsonResult = forms[format]();
          call.stdout.write(typeof result === "string" ? result : formatJson(result));
        },
      });
    },
  };
}

const FORMAT = "format";

function formatParameter<F extends Format>(formats: readonly F[]): Parameter<F | undefined> {
  const [fallback] = formats;
  const read = (given: readonly string[]) => given.map((text) => oneOf(formats, text)).at(-1) ?? fallback;
  return {
    spelling: "--format <format>",
    summary: "how to print",
    choices: formats,
    read,
    ...(fallback ? { fallback } : {}),
  };
}

/** One object of several. `Object.assign` leaves its type to us. */
function merged<T>(parts: readonly object[]): T {
  return Object.assign({}, ...parts);
}

function valuesOf<P extends Parameters>(parameters: P | undefined, given: Given): Values<P> {
  const entries = Object.entries(parameters ?? {});
  return merged(entries.map(([name, { read }]) => ({ [name]: read(given.get(name) ?? []) })));
}
