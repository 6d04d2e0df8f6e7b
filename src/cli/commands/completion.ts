import { exitCode } from "../../errors/exit-code.ts";
import { defineCommand } from "../command.ts";
import { argumentChoice } from "../parameter.ts";

/** `lvsctl completion SHELL`: a script that completes lvsctl's commands, flags, values and files. */
export const completion = defineCommand({
  name: "completion",
  summary: "print a script with which a shell completes commands, flags, values and files",
  parameters: { shell: argumentChoice("<shell>", "the shell", ["bash", "zsh", "fish"]) },
  details: ["Load it in the shell's own start-up file, so that it is there in every shell."],
  examples: [
    ["source <(lvsctl completion bash)", "in ~/.bashrc"],
    ["source <(lvsctl completion zsh)", "in ~/.zshrc, after compinit"],
    ["lvsctl completion fish | source", "in ~/.config/fish/config.fish"],
  ],
  async run({ values: { shell }, stdout, table }) {
    const { formatBashCompletion } = await import("../completion/bash.ts");
    const { formatFishCompletion } = await import("../completion/fish.ts");
    const { completedCommands } = await import("../completion/words.ts");
    const { formatZshCompletion } = await import("../completion/zsh.ts");
    const format = { bash: formatBashCompletion, zsh: formatZshCompletion, fish: formatFishCompletion }[shell];
    stdout.write(format(await completedCommands(table)));
    return exitCode.ok;
  },
});
