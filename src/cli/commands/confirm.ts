import { exitCode } from "../../errors/exit-code.ts";
import { defineCommand } from "../command.ts";
import { hostFlags } from "../flags/host.ts";
import { subject } from "../flags/subject.ts";
import { textFlags } from "../flags/text.ts";
import { endOnInterrupt } from "../run-interrupt.ts";

/** `lvsctl confirm FILE`: confirms a pending run. */
export const confirm = defineCommand({
  name: "confirm",
  summary: "keep a run that is pending on the hosts",
  groups: [hostFlags, textFlags, subject],
  details: [
    'The hosts roll back a run that "lvsctl apply --no-confirm" has left pending when its timeout expires, unless this command confirms it.',
  ],
  examples: [["lvsctl apply --no-confirm --confirm-timeout 600 topology.yaml"], ["lvsctl confirm topology.yaml"]],
  async run({ options, stdout, stderr }) {
    const { confirmRun } = await import("../../app/pending.ts");
    const { formatEndedRun } = await import("../../report/pending.ts");
    const given = { ...options, ...options.subject };
    const ended = await confirmRun(options.subject, { ...options, given, ...endOnInterrupt(stderr, { given }) });
    stdout.write(formatEndedRun(ended, stdout));
    return ended.failures.length === 0 ? exitCode.ok : exitCode.error;
  },
});
