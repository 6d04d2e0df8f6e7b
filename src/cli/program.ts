/** Turns the table of commands into a commander program: flags, help and usage errors. */
import { Argument, Command as CommanderCommand, type CommanderError, Option } from "commander";
import type { Output } from "../report/output.ts";
import { wrap } from "../report/wrap.ts";
import { type Command, type Described, type Example, type Given, isFamily, type Table } from "./command.ts";
import { exampleLines, helpText, notedLines } from "./help-text.ts";
import { isFlag, on, type Parameter } from "./parameter.ts";
import { usageError } from "./usage-error.ts";

/** What lvsctl is, in one sentence. */
export const about = "Builds and verifies complete Linux Virtual Server setups from one topology file.";

const START: readonly Example[] = [
  ["lvsctl init", "write topology.yaml; asks for what it needs"],
  ["lvsctl explain topology.yaml", "a packet's path, and the reason for every step"],
  ["sudo lvsctl lab up topology.yaml", "create its hosts on this machine"],
  ["sudo lvsctl apply --lab topology.yaml", "apply it there, and verify it"],
  ["sudo lvsctl lab down topology.yaml", "leave nothing behind"],
];

/** What each exit code means. */
export const exitCodes =
  "Exit codes: 0 done, 1 error, 2 changes (drift; plan and diff with --detailed-exitcode), 3 verification failed, 4 a host was not reached, 5 failed and rolled back, 6 another run is pending, 64 wrong file or arguments, 130 interrupted: rolled back, or confirmed and not verified.";

/** A flag that every command has. */
export const noColor = on("--no-color", "no colours (also: NO_COLOR)");

/** The call that a command line asks for. */
export interface Request {
  readonly command: Command;
  /** The name it is called by: `ledger show`. */
  readonly name: string;
  readonly given: Given;
  readonly hasColor: boolean;
}

/** Where help goes, and how wide it is. */
export interface Outputs {
  readonly stdout: Pick<Output, "width" | "write">;
  readonly stderr: Pick<Output, "width" | "write">;
}

/**
 * Parses command lines and passes on what they ask for. `parseAsync` throws a CommanderError after it has shown help,
 * LVS-USAGE-001 for a mistake in the command line, and whatever `call` throws.
 */
export function createProgram(
  table: Table,
  version: string,
  { stdout, stderr }: Outputs,
  call: (request: Request) => Promise<void>,
): CommanderCommand {
  const program = new CommanderCommand("lvsctl")
    .description(about)
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .showSuggestionAfterError()
    .enablePositionalOptions() // For those that end in a command.
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.width,
      getErrHelpWidth: () => stderr.width,
      outputError: () => {}, // It is thrown.
    })
    .configureHelp({
      subcommandTerm: termOf,
      styleUsage(usage) {
        const title = "Usage: ";
        return wrap(title + usage, this.helpWidth ?? 0, "  ")
          .join("\n")
          .slice(title.length);
      },
      boxWrap: (text, width) => wrap(text, width).join("\n"),
      formatItem: (term, termWidth, description, { helpWidth = 0 }) =>
        notedLines([`  ${term}`], description, termWidth + 4, helpWidth).join("\n"),
    });
  throwUsageErrors(program, "lvsctl");
  addText(program, (width) => ["", "Start here:", ...exampleLines(START, width), "", ...wrap(exitCodes, width)]);
  for (const entry of table) {
    if (!isFamily(entry)) {
      addCommand(program, entry, entry.name, call);
      continue;
    }
    const family = addDescribed(program, entry).enablePositionalOptions();
    throwUsageErrors(family, `lvsctl ${entry.name}`);
    for (const command of entry.commands) addCommand(family, command, `${entry.name} ${command.name}`, call);
  }
  return program;
}

function addCommand(
  parent: CommanderCommand,
  command: Command,
  name: string,
  call: (request: Request) => Promise<void>,
) {
  const added = addDescribed(parent, command).passThroughOptions(command.endsInCommand ?? false);
  throwUsageErrors(added, `lvsctl ${name}`);
  const parameters = Object.entries({ ...command.parameters, noColor });
  const flags = parameters
    .filter(([, parameter]) => isFlag(parameter))
    .map(([key, parameter]) => ({ key, option: optionFor(parameter) }));
  const args = parameters.filter(([, parameter]) => !isFlag(parameter));
  for (const { option } of flags) added.addOption(option);
  for (const [, parameter] of args) added.addArgument(argumentFor(parameter));
  added.action(() => {
    const options: Readonly<Record<string, unknown>> = added.opts();
    const given = new Map([
      ...flags.map(({ key, option }) => [key, texts(options[option.attributeName()])] as const),
      ...args.map(([key], index) => [key, wordsOf(added.processedArgs[index], command)] as const),
    ]);
    return call({ command, name, given, hasColor: !noColor.read(given.get("noColor") ?? []) });
  });
}

/** The texts of an argument. Before a command line, which alone is a list, `--` may stand as well. */
function wordsOf(value: unknown, { endsInCommand }: Command): readonly string[] {
  const words = texts([value ?? []].flat());
  return endsInCommand && Array.isArray(value) && words[0] === "--" ? words.slice(1) : words;
}

function throwUsageErrors(command: CommanderCommand, name: string): void {
  command.exitOverride((error: CommanderError) => {
    throw error.exitCode === 0 || error.code === "commander.help" ? error : usageError(error, name, command.usage());
  });
}

function addDescribed(parent: CommanderCommand, described: Described): CommanderCommand {
  const added = parent.command(described.name).description(described.summary);
  return addText(added, (width) => helpText(described, width));
}

/** Text below the list of flags, wrapped like the rest of the help. */
function addText(command: CommanderCommand, lines: (width: number) => readonly string[]): CommanderCommand {
  return command.addHelpText("after", ({ error }) => {
    const { getErrHelpWidth, getOutHelpWidth } = command.configureOutput();
    return lines((error ? getErrHelpWidth : getOutHelpWidth)?.() ?? 0).join("\n");
  });
}

/** An option that collects its raw texts, so that commander names it when the parameter refuses one. */
function optionFor(parameter: Parameter<unknown>): Option {
  const { spelling, summary, choices, fallback } = parameter;
  const option = new Option(spelling, summary);
  if (choices) option.choices(choices);
  if (fallback !== undefined) option.default(fallback);
  return option.argParser((text: string | undefined, before: unknown) => {
    const given = [...texts(before), text ?? ""];
    parameter.read(given);
    return given;
  });
}

function argumentFor({ spelling, summary, choices }: Parameter<unknown>): Argument {
  const argument = new Argument(spelling, summary);
  return choices ? argument.choices(choices) : argument;
}

/** The value commander keeps for a parameter: the texts it was given, or else a default, commander's or ours. */
function texts(kept: unknown): readonly string[] {
  return Array.isArray(kept) ? kept.map(String) : [];
}

/** A command in the list of commands, without the `[options]` that all of them have. */
function termOf(command: CommanderCommand): string {
  const args = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...args].join(" ");
}
