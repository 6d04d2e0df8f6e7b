/** What a command is: an action, and the data that its flags, help, completion and call are made from. */
import { formatJson, type JsonResult } from "../report/json.ts";
import { oneOf, type Parameter, type Parameters, type Values } from "./parameter.ts";
import type { Terminal } from "./terminal.ts";

/** How a result can be printed. A command's first format is its default. */
export type Format = "text" | "json" | "github" | "markdown";

/** A line that shows how to call a command, and what it does if that is not obvious. */
export type Example = readonly [line: string, note?: string];

/** Parameters that several commands share, and the options that they become for the layer below. */
export interface Group<P extends Parameters = Parameters, O extends object = object> {
  readonly parameters: P;
  /** Its commands wait for others, so they say how long they took. */
  readonly duration?: "always";
  /** As in Command. */
  readonly doing?: (given: Given) => string;
  /** Throws LVS-USAGE-001 for parameters that do not go together. */
  options(values: Values<P>, call: Call): O;
}

/** The circumstances of a call. */
export interface Call extends Terminal {
  /** The name the command is called by: `ledger show`. */
  readonly command: string;
  /** All commands, for those that describe the others. */
  readonly table: Table;
}

/** What an action receives. */
export interface Invocation<P extends Parameters, O, F extends Format> extends Call {
  /** The values of the command's own parameters. */
  readonly values: Values<P>;
  /** The options of all the command's groups, merged. */
  readonly options: O;
  /** The requested format; undefined for a command without formats. */
  readonly format: F | undefined;
  /** Writes the result to stdout in the requested format. */
  print(forms: { readonly [Name in F]: () => Name extends "json" ? JsonResult : string }): void;
}

/** What help says about a command or a family of commands. */
export interface Described {
  readonly name: string;
  /** One line, in lower case and without a full stop. */
  readonly summary: string;
  /** What happens, and what to know beforehand; in paragraphs. */
  readonly details?: readonly string[];
  readonly examples?: readonly Example[];
  /** Whether it says how long it took. Default: where it took so long that somebody has noticed. */
  readonly duration?: "always" | "never";
}

/** A command as its file defines it. */
export interface CommandDefinition<P extends Parameters, G extends readonly Group[], F extends Format>
  extends Described {
  /** Its own parameters; those of its groups come first. */
  readonly parameters?: P;
  /** Its last argument is a command line, whose words are not read as flags of ours. Flags come before all arguments. */
  readonly endsInCommand?: true;
  readonly groups?: G;
  readonly formats?: readonly F[];
  /** As in Command. */
  readonly doing?: (given: Given) => string;
  /** Imports what it needs, does the work, and returns the exit code. */
  run(invocation: Invocation<P, OptionsOf<G>, F>): Promise<number>;
}

/** A command as the rest of the program sees it. */
export interface Command extends Described {
  /** All its parameters by name, in the order of the help. */
  readonly parameters: Parameters;
  readonly formats: readonly Format[];
  /** As in CommandDefinition. */
  readonly endsInCommand?: true;
  /** What it does first, shown on a terminal while its code is loaded and until it prints anything: `checking dr.yaml`. */
  readonly doing?: (given: Given) => string;
  /** Does the work, and returns the exit code. */
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

/** All commands, in the order in which help lists them. */
export type Table = readonly (Command | CommandFamily)[];

/** The raw texts from the command line for each parameter, by name, as `Parameter.read` takes them. */
export type Given = ReadonlyMap<string, readonly string[]>;

/** The options of all groups as one object. */
type OptionsOf<G extends readonly Group[]> = Intersection<ReturnType<G[number]["options"]>>;
type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/** A group, with its types inferred. */
export function defineGroup<P extends Parameters, O extends object>(group: Group<P, O>): Group<P, O> {
  return group;
}

/** A command: its types are inferred and checked, then hidden, because nothing else needs them. */
export function defineCommand<
  P extends Parameters = Record<never, never>,
  const G extends readonly Group[] = readonly [],
  F extends Format = never,
>(definition: CommandDefinition<P, G, F>): Command {
  const { groups = [], formats = [], parameters, ...described } = definition;
  const formatFlag = formats.length > 0 ? { [FORMAT]: formatParameter(formats) } : {};
  return {
    ...(groups.some(({ duration }) => duration === "always") ? { duration: "always" } : {}),
    ...merged<Pick<Command, "doing">>(groups.map(({ doing }) => (doing === undefined ? {} : { doing }))),
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
          call.showActivity(undefined);
          const { seconds } = call.stopwatch;
          call.stdout.write(typeof result === "string" ? result : formatJson({ ...result, seconds }));
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

/** Merges several objects into one. `Object.assign` cannot infer the type. */
function merged<T>(parts: readonly object[]): T {
  return Object.assign({}, ...parts);
}

function valuesOf<P extends Parameters>(parameters: P | undefined, given: Given): Values<P> {
  const entries = Object.entries(parameters ?? {});
  return merged(entries.map(([name, { read }]) => ({ [name]: read(given.get(name) ?? []) })));
}
