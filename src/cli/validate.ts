import { exitCode } from "../errors/exit-code.ts";
import { formatOption, outputs, type TextFlags } from "./options.ts";
import type { Registry } from "./registry.ts";

const EXAMPLES = `
Examples:
  lvsctl validate topology.yaml
  lvsctl validate --format github *.yaml      annotations in a pull request
  lvsctl validate --format json topology.yaml | jq .problems`;

/** `lvsctl validate FILE…`: all that is wrong with topology files; needs no host. */
export function registerValidate({ program, exit }: Registry): void {
  program
    .command("validate")
    .description("check topology files: every mistake with its place, the reason and the fix; needs no host")
    .argument("<file...>", "topology files")
    .addOption(formatOption("text", "json", "github"))
    .option("--no-color", "no colours (also: NO_COLOR)")
    .addHelpText("after", EXAMPLES)
    .action(async (files: string[], flags: { format: string } & TextFlags) => {
      const { validateFiles } = await import("../app/validate.ts");
      const { formatValidation } = await import("../report/validation.ts");
      const { stdout } = outputs(flags);
      const results = await validateFiles(files);
      stdout.write(formatValidation(results, flags.format, stdout));
      exit(results.every(({ problems }) => problems.length === 0) ? exitCode.ok : exitCode.usage);
    });
}
