import { exitCode } from "../../errors/exit-code.ts";
import { runViewOf } from "../changing.ts";
import { defineCommand } from "../command.ts";
import { yesFlag } from "../flags/change.ts";
import { hostFlags } from "../flags/host.ts";
import { subject } from "../flags/subject.ts";
import { textFlags } from "../flags/text.ts";
import { endOnInterrupt } from "../run-interrupt.ts";

/** `lvsctl rollback FILE`: rolls back a pending run. */
export const rollback = defineCommand({
  name: "rollback",
  summary: "roll back a run that is pending on the hosts",
  groups: [hostFlags, textFlags, subject, yesFlag],
  details: [
    "Rolls back a run that is pending, because of --no-confirm or because a crash interrupted it. What has been confirmed stays; use destroy to remove that.",
  ],
  examples: [
    ["lvsctl rollback topology.yaml"],
    ["lvsctl rollback --name dr-lab --host lb1,rs1,rs2", "without the file"],
  ],
  async run({ options, ...terminal }) {
    const { rollBackRun } = await import("../../app/pending.ts");
    const { formatEndedRun } = await import("../../report/pending.ts");
    const given = { ...options, ...options.subject };
    const all = { ...options, given, ...endOnInterrupt(terminal.stderr, { given }) };
    const ended = await rollBackRun(options.subject, all, await runViewOf(terminal, all));
    terminal.stdout.write(formatEndedRun(ended, terminal.stdout));
    return ended.failures.length === 0 ? exitCode.ok : exitCode.error;
  },
});
