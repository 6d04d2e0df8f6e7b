import type { NamedKind } from "../../app/names-in-file.ts";
import { exitCode } from "../../errors/exit-code.ts";
import { defineCommand } from "../command.ts";
import { argumentChoice, choice, optionalArgument } from "../parameter.ts";

/** Not imported: every start of lvsctl loads this file, and that one reads files. */
const namedKinds = ["services", "hosts", "managed-hosts", "real-servers"] as const satisfies readonly NamedKind[];

/** `lvsctl completion SHELL`: a script that completes lvsctl's commands, flags, values, files, and names in a file. */
export const completion = defineCommand({
  name: "completion",
  summary: "print a script for your shell that completes commands, flags, values, files, and names in a file",
  parameters: {
    shell: argumentChoice("<shell>", "the shell", ["bash", "zsh", "fish"]),
    file: optionalArgument("[topology]", "with --names: the topology file"),
    names: choice("--names <kind>", "print names in the file instead; the script uses this", namedKinds),
  },
  details: ["Load it in your shell's start-up file to have it in every shell."],
  examples: [
    ["source <(lvsctl completion bash)", "in ~/.bashrc"],
    ["source <(lvsctl completion zsh)", "in ~/.zshrc, after compinit"],
    ["lvsctl completion fish | source", "in ~/.config/fish/config.fish"],
  ],
  async run({ values: { shell, file, names }, stdout, table }) {
    if (names !== undefined) {
      const { namesInFile } = await import("../../app/names-in-file.ts");
      for (const name of await namesInFile(file ?? "", names)) stdout.write(`${name}\n`);
      return exitCode.ok;
    }
    const { formatBashCompletion } = await import("../completion/bash.ts");
    const { formatFishCompletion } = await import("../completion/fish.ts");
    const { completedCommands } = await import("../completion/words.ts");
    const { formatZshCompletion } = await import("../completion/zsh.ts");
    const format = { bash: formatBashCompletion, zsh: formatZshCompletion, fish: formatFishCompletion }[shell];
    stdout.write(format(await completedCommands(table)));
    return exitCode.ok;
  },
});
