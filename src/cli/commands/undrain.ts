import { concludeRun, runViewOf } from "../changing.ts";
import { defineCommand } from "../command.ts";
import { changeFlags } from "../flags/change.ts";
import { hostFlags } from "../flags/host.ts";
import { realServer } from "../flags/server.ts";
import { textFlags } from "../flags/text.ts";
import { endOnInterrupt } from "../run-interrupt.ts";

/** `lvsctl undrain FILE RS`: restores the topology's weight. */
export const undrain = defineCommand({
  name: "undrain",
  summary: "send new connections to a drained real server again",
  groups: [hostFlags, textFlags, changeFlags, realServer],
  examples: [["lvsctl undrain topology.yaml rs1"]],
  async run({ options, ...terminal }) {
    const { undrainServer } = await import("../../app/drain.ts");
    const { stdout, stderr } = terminal;
    const given = { ...options, ...options.subject };
    const all = { ...options, given, ...endOnInterrupt(stderr, { ...options, given }) };
    const run = await undrainServer(options.subject, all, await runViewOf(terminal, all));
    if (run.result === "nothing-to-do") stdout.write(`${options.subject.server} is not drained.\n`);
    return concludeRun(run, given, stderr);
  },
});
