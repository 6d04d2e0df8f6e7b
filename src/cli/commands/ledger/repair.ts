import { exitCode } from "../../../errors/exit-code.ts";
import { defineCommand } from "../../command.ts";
import { yesFlag } from "../../flags/change.ts";
import { hostFlags } from "../../flags/host.ts";
import { subject } from "../../flags/subject.ts";
import { textFlags } from "../../flags/text.ts";
import { onInterrupt, patientWords } from "../../interrupt.ts";
import { quietly } from "../../quietly.ts";

const UNCHANGED = {
  whole: "No ledger here needs repair.\n",
  declined: "Nothing has been changed.\n",
} as const;

/** `lvsctl ledger repair FILE`: replaces a damaged ledger with a new one. */
export const repair = defineCommand({
  name: "repair",
  summary: "make a new ledger from what can be saved of a damaged one",
  groups: [hostFlags, textFlags, subject, yesFlag],
  async run({ options, stdout, stderr, stopwatch }) {
    const { repairLedgers } = await import("../../../app/ledger.ts");
    const { formatProposals, formatRepaired } = await import("../../../report/ledgers.ts");
    const { askYes } = await import("../../../report/prompt.ts");
    const { thisMachine } = await import("../../../machine/this-machine.ts");
    const signal = onInterrupt(stderr, patientWords("no other ledger is replaced."));
    const given = { ...options, ...options.subject };
    const result = await repairLedgers(options.subject, { ...options, given, signal }, thisMachine.clock.date(), {
      show: (proposals) => stdout.write(formatProposals(proposals, given, stdout)),
      confirm: async (question) =>
        options.yes || stopwatch.pausing(() => quietly(stderr, () => askYes(question, signal))),
    });
    stderr.write(result === "repaired" ? formatRepaired(given, stderr) : UNCHANGED[result]);
    return exitCode.ok;
  },
});
