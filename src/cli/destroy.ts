import { type SubjectFlags, subjectFrom, withSubject } from "./named-hosts.ts";
import { type HostFlags, hostOptions, outputs, type TextFlags, withHostFlags, withTextFlags } from "./options.ts";
import { type ConfirmFlags, confirmOptions, type PlanFlags, planChoices, withDestroyFlags } from "./plan-flags.ts";
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
What goes is what the ledgers on the hosts hold: all that lvsctl made; and what it replaced is put back. Everything else
stays untouched. A second destroy finds nothing to do.

Examples:
  lvsctl destroy topology.yaml
  lvsctl destroy --name dr-lab --host lb1.example.net,rs1.example.net     without the file`;

interface Flags extends HostFlags, TextFlags, SubjectFlags, ChangeFlags, DrainFlags, PlanFlags, ConfirmFlags {}

/** `lvsctl destroy FILE`, `lvsctl destroy --name N --host H…`. */
export function registerDestroy({ program, exit }: Registry): void {
  const command = program
    .command("destroy")
    .description("take back all that lvsctl made, and put back what it replaced");
  withDestroyFlags(withSubject(withDrainFlags(withChangeFlags(withTextFlags(withHostFlags(command))))))
    .addHelpText("after", EXAMPLES)
    .action(async (file: string | undefined, flags: Flags) => {
      const { destroyTopology } = await import("../app/destroy.ts");
      const { createRunView, formatOutcome } = await import("../report/run-view.ts");
      const { stdout, stderr } = outputs(flags);
      const view = createRunView({ stdout, stderr, verbosity: flags.verbose, yes: flags.yes ?? false, isQuiet: false });
      const options = {
        ...hostOptions(flags, stderr),
        ...runFlags(flags, stderr),
        ...drainFlags(flags),
        ...planChoices(flags),
        ...confirmOptions(flags),
      };
      const run = await destroyTopology(subjectFrom("destroy", file, flags), options, view);
      if (run.result === "nothing-to-do") stdout.write("There is nothing to destroy.\n");
      if (run.result === "ran") stderr.write(formatOutcome(run.outcome, stderr));
      exit(exitOfRun(run));
    });
}
