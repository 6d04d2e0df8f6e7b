/** The command line: finds the command, runs it, and turns what it throws into text and an exit code. */
import { CommanderError } from "commander";
import { ownVersion } from "../app/own-version.ts";
import { type ExitCode, exitCode } from "../errors/exit-code.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { StreamOutput } from "../report/output.ts";
import { type Command, type Given, isFamily } from "./command.ts";
import { commands } from "./commands.ts";
import { createOutputs } from "./outputs.ts";
import { createProgram } from "./program.ts";
import { durationText } from "./stopwatch.ts";
import type { Terminal } from "./terminal.ts";
import { TypedSecrets } from "./typed-secrets.ts";

/** Runs lvsctl with command-line arguments (without the program's name). Returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let code: number = exitCode.ok;
  let conclude = () => {};
  const secrets = new TypedSecrets();
  const outputs = createOutputs(!argv.includes("--no-color"));
  const program = createProgram(commands, ownVersion(), outputs, async ({ command, name, given, hasColor }) => {
    const { createTerminal } = await import("./terminal.ts");
    const terminal = createTerminal(hasColor, secrets);
    conclude = () => tellDuration(terminal, command, given, code);
    if (!isJson(given)) terminal.stderr.showActivity(command.doing?.(given));
    try {
      code = await command.run(given, { ...terminal, command: name, table: commands });
    } finally {
      terminal.stderr.showActivity(undefined);
    }
  });
  try {
    await program.parseAsync(forCommander(argv), { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) code = error.exitCode === 0 ? exitCode.ok : exitCode.usage;
    else code = await explain(error, outputs.stderr, secrets);
  }
  const failure = await writeFailure(outputs.stdout);
  if (failure && code === exitCode.ok) code = await explain(failure, outputs.stderr, secrets);
  conclude();
  return code;
}

/** What is shorter passes unnoticed. */
const NOTICED_SECONDS = 2;

/**
 * The last words of a command, on stderr. A result in JSON has its duration itself, and a command that was given wrongly waited for
 * nobody.
 */
function tellDuration(
  { stderr, stopwatch: { seconds } }: Terminal,
  { duration }: Command,
  given: Given,
  code: number,
): void {
  const isLong = seconds >= NOTICED_SECONDS;
  const isTold = isLong ? duration !== "never" : duration === "always" && code !== exitCode.usage;
  if (isTold && !isJson(given)) stderr.write(`Took ${durationText(seconds)}.\n`);
}

function isJson(given: Given): boolean {
  return given.get("format")?.at(-1) === "json";
}

/**
 * The arguments as commander takes them. Its help command looks at one word only, so `help lab up` becomes `lab up --help`; and
 * it gives help even for a command that there is not, so the request for help is left out there.
 */
function forCommander(argv: readonly string[]): readonly string[] {
  if (argv.length === 1 && (argv[0] === "-v" || argv[0] === "version")) return ["--version"];
  const isHelp = argv[0] === "help";
  const words = isHelp ? argv.slice(1) : argv;
  const names = words.filter((word) => word !== "help" && !word.startsWith("-"));
  if (!isKnown(names)) return names;
  return isHelp ? [...words.filter((word) => word !== "help"), "--help"] : argv;
}

/** Whether these arguments begin with a command's name, or a family's alone. */
function isKnown([first, second]: readonly string[]): boolean {
  if (first === undefined) return true;
  const entry = commands.find(({ name }) => name === first);
  if (entry === undefined || !isFamily(entry)) return entry !== undefined;
  return second === undefined || entry.commands.some(({ name }) => name === second);
}

/** LVS-USAGE-004 if not all of the result could be written. */
async function writeFailure(stdout: StreamOutput): Promise<LvsctlError | undefined> {
  await stdout.flushed();
  const failure = stdout.failure();
  return (
    failure &&
    new LvsctlError("LVS-USAGE-004", `Not all of the result could be written to stdout: ${failure.message}.`, {
      hint: "Check that there is free space for it, and run the command again.",
    })
  );
}

async function explain(error: unknown, stderr: StreamOutput, secrets: TypedSecrets): Promise<ExitCode> {
  const { formatError } = await import("../report/error-text.ts");
  if (error instanceof LvsctlError) {
    stderr.write(formatError(error, stderr));
    return error.exit;
  }
  stderr.write(`Internal error: this is a bug in lvsctl. Please report it with the output below.
`);
  stderr.write(`${secrets.crashText(error)}
`);
  return exitCode.error;
}
