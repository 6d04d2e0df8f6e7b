import { exitCode } from "../../errors/exit-code.ts";
import { concludeRun, runViewOf } from "../changing.ts";
import { defineCommand } from "../command.ts";
import { changeFlags, drainFlags } from "../flags/change.ts";
import { hostFlags } from "../flags/host.ts";
import { confirmFlags, managementFlags, removalFlags } from "../flags/plan.ts";
import { subject } from "../flags/subject.ts";
import { textFlags } from "../flags/text.ts";
import { endOnInterrupt } from "../run-interrupt.ts";

/** `lvsctl destroy FILE`, `lvsctl destroy --name N --host H…`: removes everything that the hosts' ledgers record. */
export const destroy = defineCommand({
  name: "destroy",
  summary: "remove everything lvsctl created, and restore what it replaced",
  groups: [hostFlags, textFlags, changeFlags, drainFlags, subject, managementFlags, confirmFlags, removalFlags],
  details: [
    "The ledgers on the hosts list what lvsctl created, which is removed, and what it replaced, which is restored. Everything else stays untouched. A second destroy finds nothing to do.",
  ],
  examples: [
    ["lvsctl destroy topology.yaml"],
    ["lvsctl destroy --name dr-lab --host lb1.example.net,rs1.example.net", "without the file"],
  ],
  async run({ options, ...terminal }) {
    const { destroyTopology } = await import("../../app/destroy.ts");
    const { formatDestroyed } = await import("../../report/destroyed.ts");
    const { stdout, stderr } = terminal;
    const given = { ...options, ...options.subject };
    const all = { ...options, given, ...endOnInterrupt(stderr, { ...options, given }) };
    const run = await destroyTopology(options.subject, all, await runViewOf(terminal, all));
    if (run.result === "nothing-to-do") stdout.write("There is nothing to destroy.\n");
    const code = await concludeRun(run, given, stderr);
    if (run.result === "ran" && run.outcome.result === "done") stdout.write(formatDestroyed(run.plan));
    // After this nobody remembers the host, so a script must not take it for clean.
    const isLeft = run.plan.removed?.some(({ state }) => state === "unreached" || state === "unmanaged");
    return code === exitCode.ok && run.result !== "declined" && isLeft ? exitCode.unreachable : code;
  },
});
