import { exitCode } from "../errors/exit-code.ts";
import {
  formatOption,
  type HostFlags,
  hostOptions,
  outputs,
  type TextFlags,
  withHostFlags,
  withTextFlags,
} from "./options.ts";
import { type PlanFlags, planChoices, withPlanFlags } from "./plan-flags.ts";
import type { Registry } from "./registry.ts";

const EXAMPLES = `
Examples:
  lvsctl plan topology.yaml
  lvsctl plan -v topology.yaml                     with the reason of every step
  lvsctl plan -vv topology.yaml                    with the commands
  lvsctl plan --detailed-exitcode topology.yaml    exit 2 when something would change
  lvsctl plan --format json topology.yaml | jq .summary`;

interface Flags extends HostFlags, TextFlags, PlanFlags {
  readonly format: string;
  readonly detailedExitcode?: boolean;
}

/** `lvsctl plan FILE`: what apply would change; touches nothing. */
export function registerPlan({ program, exit }: Registry): void {
  const command = program
    .command("plan")
    .description("read the hosts and show what apply would change; touches nothing");
  withPlanFlags(withTextFlags(withHostFlags(command)))
    .argument("<file>", "topology file")
    .addOption(formatOption("text", "json"))
    .option("--detailed-exitcode", "exit 2 when something would change")
    .addHelpText("after", EXAMPLES)
    .action(async (file: string, flags: Flags) => {
      const { planTopology } = await import("../app/plan.ts");
      const { hasChanges } = await import("../app/plan.ts");
      const { showPlan } = await import("../report/plan.ts");
      const { stdout, stderr } = outputs(flags);
      const { plan, execs } = await planTopology(file, { ...hostOptions(flags, stderr), ...planChoices(flags) });
      showPlan(plan, flags.format, stdout, flags.verbose);
      if (flags.verbose > 0) stderr.write(`${execs} execs on ${plan.hosts.size} hosts\n`);
      if (plan.problems.length > 0) exit(exitCode.error);
      else exit(flags.detailedExitcode && hasChanges(plan) ? exitCode.changes : exitCode.ok);
    });
}
