import { exitCode } from "../errors/exit-code.ts";
import { onInterrupt } from "./interrupt.ts";
import type { Registry } from "./main.ts";
import {
  formatOption,
  type HostFlags,
  hostOptions,
  outputs,
  type TextFlags,
  withHostFlags,
  withTextFlags,
} from "./options.ts";
import { exitOfRun } from "./run-exit.ts";

const EXAMPLES = `
What happens: the plan is shown; you say yes; the changes are made stage by stage, on all hosts of a stage side by side;
when a step fails, everything that this run did is taken back everywhere; at the end requests prove that it works.

Examples:
  lvsctl apply topology.yaml
  lvsctl apply --yes topology.yaml               for scripts
  sudo lvsctl apply --lab examples/dr.yaml       on the hosts of the lab`;

interface Flags extends HostFlags, TextFlags {
  readonly format: string;
  readonly yes?: boolean;
  readonly verify: boolean;
  readonly rollback: boolean;
}

/** `lvsctl apply FILE`: plan, ask, change, verify. */
export function registerApply({ program, exit }: Registry): void {
  const command = program.command("apply").description("make the hosts as the topology says, and prove that it works");
  withTextFlags(withHostFlags(command))
    .argument("<file>", "topology file")
    .option("-y, --yes", "do not ask")
    .option("--no-verify", "send no requests at the end")
    .option("--no-rollback", "after a failure leave things as they are")
    .addOption(formatOption("text", "json"))
    .addHelpText("after", EXAMPLES)
    .action(async (file: string, flags: Flags) => {
      const { applyTopology } = await import("../app/apply.ts");
      const { createRunView, formatOutcome } = await import("../report/run-view.ts");
      const { applyToJson } = await import("../report/apply-json.ts");
      const { formatVerification } = await import("../report/verification.ts");
      const { stdout, stderr } = outputs(flags);
      const isJson = flags.format === "json";
      const view = createRunView({
        stdout,
        stderr,
        verbosity: flags.verbose,
        yes: flags.yes ?? false,
        isQuiet: isJson,
      });
      const signal = onInterrupt(stderr);
      const options = { ...hostOptions(flags, stderr), signal, noVerify: !flags.verify, noRollback: !flags.rollback };
      const { run, verification, execs } = await applyTopology(file, options, view);
      if (isJson) stdout.write(`${JSON.stringify(applyToJson(run, verification), undefined, 2)}\n`);
      else if (verification) stdout.write(`\n${formatVerification(verification, stdout)}`);
      if (run.result === "ran") stderr.write(formatOutcome(run.outcome, stderr));
      if (flags.verbose > 0) stderr.write(`${execs} execs on ${run.plan.hosts.size} hosts\n`);
      exit(verification?.ok === false ? exitCode.verificationFailed : exitOfRun(run));
    });
}
