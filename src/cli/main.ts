/** The command line: finds the command, runs it, and turns what it throws into text and an exit code. */
import { CommanderError } from "commander";
import { ownVersion } from "../app/own-version.ts";
import { type ExitCode, exitCode } from "../errors/exit-code.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { createOutput } from "../report/output.ts";
import { commands } from "./commands.ts";
import { createProgram } from "./program.ts";

/** Runs lvsctl with command-line arguments (without the program's name). Returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let code: number = exitCode.ok;
  const outputs = { stdout: createOutput(process.stdout), stderr: createOutput(process.stderr) };
  const program = createProgram(commands, ownVersion(), outputs, async ({ command, name, given, hasColor }) => {
    const { createTerminal } = await import("./terminal.ts");
    code = await command.run(given, { ...createTerminal(hasColor), command: name, table: commands });
  });
  try {
    await program.parseAsync(withHelpFlag(argv), { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
    return explain(error, argv);
  }
}

/** `help lab up` means `lab up --help`: commander's help command looks at one word only. */
function withHelpFlag(argv: readonly string[]): readonly string[] {
  const [first, ...words] = argv;
  return first === "help" ? [...words.filter((word) => word !== "help"), "--help"] : argv;
}

async function explain(error: unknown, argv: readonly string[]): Promise<ExitCode> {
  const { formatError } = await import("../report/error-text.ts");
  const color = argv.includes("--no-color") ? { color: false } : {};
  const stderr = createOutput(process.stderr, color);
  if (error instanceof LvsctlError) {
    stderr.write(formatError(error, stderr));
    return error.exit;
  }
  stderr.write(`A mistake in lvsctl itself; please report it with what follows.\n`);
  stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return exitCode.error;
}
