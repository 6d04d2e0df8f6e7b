import { exitCode } from "../errors/exit-code.ts";
import { type SubjectFlags, subjectFrom, withSubject } from "./named-hosts.ts";
import { type HostFlags, hostOptions, outputs, type TextFlags, withHostFlags, withTextFlags } from "./options.ts";
import type { Registry } from "./registry.ts";

const CONFIRM_EXAMPLES = `
A run that "lvsctl apply --no-confirm" has left pending is taken back by the hosts' own timers unless this keeps it.

Examples:
  lvsctl apply --no-confirm --confirm-timeout 600 topology.yaml
  lvsctl confirm topology.yaml`;

const ROLLBACK_EXAMPLES = `
Takes back a run that is pending: left so by --no-confirm, or cut off by a crash. What has been confirmed stays; destroy
takes that back.

Examples:
  lvsctl rollback topology.yaml
  lvsctl rollback --name dr-lab --host lb1,rs1,rs2     without the file`;

interface Flags extends HostFlags, TextFlags, SubjectFlags {
  readonly yes?: boolean;
}

/** `lvsctl confirm FILE`. */
export function registerConfirm({ program, exit }: Registry): void {
  const command = program.command("confirm").description("keep a run that is pending on the hosts");
  withSubject(withTextFlags(withHostFlags(command)))
    .addHelpText("after", CONFIRM_EXAMPLES)
    .action(async (file: string | undefined, flags: Flags) => {
      const { confirmRun } = await import("../app/pending.ts");
      const { formatEndedRun } = await import("../report/pending.ts");
      const { stdout, stderr } = outputs(flags);
      const ended = await confirmRun(subjectFrom("confirm", file, flags), hostOptions(flags, stderr));
      stdout.write(formatEndedRun(ended, stdout));
      exit(ended.failures.length === 0 ? exitCode.ok : exitCode.error);
    });
}

/** `lvsctl rollback FILE`. */
export function registerRollback({ program, exit }: Registry): void {
  const command = program.command("rollback").description("take back a run that is pending on the hosts");
  withSubject(withTextFlags(withHostFlags(command)))
    .option("-y, --yes", "do not ask")
    .addHelpText("after", ROLLBACK_EXAMPLES)
    .action(async (file: string | undefined, flags: Flags) => {
      const { rollBackRun } = await import("../app/pending.ts");
      const { formatEndedRun } = await import("../report/pending.ts");
      const { createRunView } = await import("../report/run-view.ts");
      const { stdout, stderr } = outputs(flags);
      const view = createRunView({ stdout, stderr, verbosity: flags.verbose, yes: flags.yes ?? false, isQuiet: true });
      const ended = await rollBackRun(subjectFrom("rollback", file, flags), hostOptions(flags, stderr), view);
      stdout.write(formatEndedRun(ended, stdout));
      exit(ended.failures.length === 0 ? exitCode.ok : exitCode.error);
    });
}
