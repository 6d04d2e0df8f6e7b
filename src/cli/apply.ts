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
import { type ConfirmFlags, confirmOptions, type PlanFlags, planChoices, withApplyFlags } from "./plan-flags.ts";
import type { Registry } from "./registry.ts";
import { exitOfRun } from "./run-exit.ts";
import {
  type ChangeFlags,
  type DrainFlags,
  drainFlags,
  runFlags,
  withChangeFlags,
  withDrainFlags,
} from "./run-flags.ts";

const EXAMPLES = `
What happens: the plan is shown; you say yes; every host is locked and told to take the run back by itself unless it is
confirmed; the changes are made stage by stage, on all hosts of a stage side by side; when a step fails, everything that
this run did is taken back everywhere; lvsctl logs in anew to every host and confirms; requests prove that it works.

Examples:
  lvsctl apply topology.yaml
  lvsctl apply --yes topology.yaml               for scripts
  lvsctl apply --atomic topology.yaml            only what is proved to work is kept
  lvsctl apply --no-confirm topology.yaml        look at it first; then lvsctl confirm, or do nothing
  sudo lvsctl apply --lab examples/dr.yaml       on the hosts of the lab`;

interface Flags extends HostFlags, TextFlags, ChangeFlags, DrainFlags, PlanFlags, ConfirmFlags {
  readonly format: string;
  readonly atomic?: boolean;
  /** Commander's spelling of --no-verify and --no-confirm. */
  readonly verify: boolean;
  readonly confirm: boolean;
}

/** `lvsctl apply FILE`: plan, ask, change, verify. */
export function registerApply({ program, exit }: Registry): void {
  const command = program.command("apply").description("make the hosts as the topology says, and prove that it works");
  withApplyFlags(withDrainFlags(withChangeFlags(withTextFlags(withHostFlags(command)))))
    .argument("<file>", "topology file")
    .option("--no-verify", "send no requests at the end")
    .option("--atomic", "verify before the run is confirmed, and take it back when that fails")
    .option("--no-confirm", "leave the run pending: lvsctl confirm keeps it, the hosts' timers take it back")
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
      const options = {
        ...hostOptions(flags, stderr),
        ...runFlags(flags, stderr),
        ...drainFlags(flags),
        ...planChoices(flags),
        ...confirmOptions(flags),
        noVerify: !flags.verify,
        noConfirm: !flags.confirm,
        ...(flags.atomic ? { atomic: true } : {}),
      };
      const { run, verification, execs } = await applyTopology(file, options, view);
      if (isJson) stdout.write(`${JSON.stringify(applyToJson(run, verification), undefined, 2)}\n`);
      else if (verification) stdout.write(`\n${formatVerification(verification, stdout)}`);
      if (run.result === "ran") stderr.write(formatOutcome(run.outcome, stderr));
      if (flags.verbose > 0) stderr.write(`${execs} execs on ${run.plan.hosts.size} hosts\n`);
      const isMade = exitOfRun(run) === exitCode.ok;
      exit(isMade && verification?.ok === false ? exitCode.verificationFailed : exitOfRun(run));
    });
}
