import { exitCode } from "../../errors/exit-code.ts";
import { LvsctlError } from "../../errors/lvsctl-error.ts";
import { defineCommand } from "../command.ts";
import { textFlags } from "../flags/text.ts";
import { orFileError } from "../markdown-errors.ts";
import { argument, on } from "../parameter.ts";

/** `lvsctl diff OLD NEW`: what a change of the file would change; touches no host. */
export const diff = defineCommand({
  name: "diff",
  summary: "show what a change of the topology file would change, host by host; needs no host",
  groups: [textFlags],
  parameters: {
    old: argument("<old>", "the topology file as it was: a file, a folder, or GITREF:path"),
    new: argument("<new>", "the same as it is to be"),
    detailedExitcode: on("--detailed-exitcode", "exit code 2 if something would change"),
  },
  formats: ["text", "json", "markdown"],
  doing: (given) => `comparing ${given.get("old")?.at(-1)} with ${given.get("new")?.at(-1)}`,
  details: [
    "diff assumes that the hosts match the old file, and shows what an apply of the new one would do to them, what that means for the services' connections first. A file of a commit is taken with the playbooks of that commit.",
  ],
  examples: [
    ["lvsctl diff main:lb.yaml lb.yaml", "the file as it is, against the branch main"],
    ["lvsctl diff --format markdown HEAD~1:lb.yaml HEAD:lb.yaml", "for a comment in a pull request"],
    ["lvsctl diff main:topologies topologies", "every topology of a folder"],
  ],
  async run({ values, options, format, stdout, print }) {
    const { diffTopologies, isDifferent } = await import("../../app/diff.ts");
    const { diffToJson, formatDiff } = await import("../../report/diff.ts");
    const { diffToMarkdown, errorToMarkdown } = await import("../../report/changes-markdown.ts");
    const diffs = await orFileError(diffTopologies(values.old, values.new), format);
    if (diffs instanceof LvsctlError) {
      stdout.write(errorToMarkdown(diffs));
      return diffs.exit;
    }
    print({
      text: () => formatDiff(diffs, stdout, options.verbosity),
      json: () => diffToJson(diffs),
      markdown: () => diffToMarkdown(diffs),
    });
    return values.detailedExitcode && isDifferent(diffs) ? exitCode.changes : exitCode.ok;
  },
});
