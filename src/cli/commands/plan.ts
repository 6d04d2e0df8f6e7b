import { exitCode } from "../../errors/exit-code.ts";
import { LvsctlError } from "../../errors/lvsctl-error.ts";
import { defineCommand } from "../command.ts";
import { topologyFile } from "../flags/file.ts";
import { hostFlags } from "../flags/host.ts";
import { adoptFlags, managementFlags, removalFlags } from "../flags/plan.ts";
import { textFlags } from "../flags/text.ts";
import { orFileError } from "../markdown-errors.ts";
import { on } from "../parameter.ts";

/** `lvsctl plan FILE`: what apply would change; changes nothing. */
export const plan = defineCommand({
  name: "plan",
  summary: "read the hosts and show what apply would change; changes nothing",
  groups: [hostFlags, textFlags, managementFlags, adoptFlags, removalFlags],
  parameters: {
    file: topologyFile,
    detailedExitcode: on("--detailed-exitcode", "exit code 2 if something would change"),
  },
  formats: ["text", "json", "markdown"],
  examples: [
    ["lvsctl plan topology.yaml"],
    ["lvsctl plan -v topology.yaml", "with the reason for every step"],
    ["lvsctl plan -vv topology.yaml", "with the commands"],
    ["lvsctl plan --detailed-exitcode topology.yaml", "exit code 2 if something would change"],
    ["lvsctl plan --format markdown topology.yaml", "for a comment in a pull request"],
    ["lvsctl plan --format json topology.yaml | jq .summary"],
  ],
  async run({ values, options, format, stdout, stderr, print }) {
    const { hasChanges, planTopology } = await import("../../app/plan.ts");
    const { formatPlan } = await import("../../report/plan-text.ts");
    const { planToJson } = await import("../../report/plan-json.ts");
    const { errorToMarkdown, planToMarkdown } = await import("../../report/changes-markdown.ts");
    const { formatRemoteCommands } = await import("../../report/remote-commands.ts");
    const given = { ...options, file: values.file };
    const planned = await orFileError(planTopology(values.file, { ...options, given }), format);
    if (planned instanceof LvsctlError) {
      stdout.write(errorToMarkdown(planned));
      return planned.exit;
    }
    const { plan: made, execs } = planned;
    print({
      text: () => formatPlan(made, stdout, options.verbosity, given),
      json: () => planToJson(made),
      markdown: () => planToMarkdown(made),
    });
    if (options.verbosity > 0) stderr.write(formatRemoteCommands(execs, made.hosts.size));
    if (made.problems.length > 0) return exitCode.error;
    return values.detailedExitcode && hasChanges(made) ? exitCode.changes : exitCode.ok;
  },
});
