/** The command line: finds the command, runs it, turns what it throws into text and an exit code. */
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { type ExitCode, exitCode } from "../errors/exit-code.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { registerApply } from "./apply.ts";
import { registerDestroy } from "./destroy.ts";
import { registerDrain, registerUndrain } from "./drain.ts";
import { registerDrift } from "./drift.ts";
import { registerExplain } from "./explain.ts";
import { registerLab } from "./lab.ts";
import { registerLedger } from "./ledger.ts";
import { registerConfirm, registerRollback } from "./pending.ts";
import { registerPlan } from "./plan.ts";
import type { Registry } from "./registry.ts";
import { registerSchema } from "./schema.ts";
import { registerValidate } from "./validate.ts";
import { registerVerify } from "./verify.ts";

const ABOUT = "Builds whole Linux Virtual Server installations from one topology file, and proves that they work.";

const START = `
Start here:
  lvsctl validate examples/dr.yaml         check a topology file
  sudo lvsctl lab up examples/dr.yaml      make its hosts on this machine
  sudo lvsctl apply --lab examples/dr.yaml build it there and prove that it works
  sudo lvsctl lab down examples/dr.yaml    leave nothing behind

Exit codes: 0 done, 1 error, 2 changes (drift, plan --detailed-exitcode), 3 verification failed, 4 a host was
not reached, 5 failed and rolled back, 6 another run is in the way, 64 wrong file or arguments, 130 interrupted and rolled back.`;

/** Runs lvsctl with the arguments of a command line, the program's own name left out. */
export async function main(argv: readonly string[]): Promise<number> {
  let code: number = exitCode.ok;
  const program = new Command("lvsctl")
    .description(ABOUT)
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .addHelpText("after", START)
    .showSuggestionAfterError()
    .exitOverride();
  const registry: Registry = {
    program,
    exit: (given) => {
      code = given;
    },
  };
  for (const register of [
    registerValidate,
    registerPlan,
    registerApply,
    registerVerify,
    registerConfirm,
    registerRollback,
    registerDestroy,
    registerDrift,
    registerDrain,
    registerUndrain,
    registerExplain,
    registerLedger,
    registerLab,
    registerSchema,
  ]) {
    register(registry);
  }
  try {
    await program.parseAsync(argv, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
    return explain(error, argv);
  }
}

async function explain(error: unknown, argv: readonly string[]): Promise<ExitCode> {
  const { createOutput } = await import("../report/output.ts");
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

function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
