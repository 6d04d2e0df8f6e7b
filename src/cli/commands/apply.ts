import { concludeApply, runViewOf } from "../changing.ts";
import { defineCommand } from "../command.ts";
import { verifyingFlags } from "../flags/asking.ts";
import { changeFlags, drainFlags } from "../flags/change.ts";
import { topologyFile } from "../flags/file.ts";
import { hostFlags } from "../flags/host.ts";
import { adoptFlags, confirmFlags, managementFlags, removalFlags } from "../flags/plan.ts";
import { textFlags } from "../flags/text.ts";
import { on } from "../parameter.ts";
import { endOnInterrupt } from "../run-interrupt.ts";

/** `lvsctl apply FILE`: plan, ask, change, verify. */
export const apply = defineCommand({
  name: "apply",
  summary: "make the hosts as the topology says, and prove that it works",
  groups: [
    hostFlags,
    textFlags,
    changeFlags,
    drainFlags,
    managementFlags,
    confirmFlags,
    adoptFlags,
    removalFlags,
    verifyingFlags,
  ],
  parameters: {
    file: topologyFile,
    noVerify: on("--no-verify", "send no requests at the end"),
    atomic: on("--atomic", "verify before the run is confirmed, and take it back when that fails"),
    noConfirm: on("--no-confirm", "leave the run pending: lvsctl confirm keeps it, the hosts' timers take it back"),
  },
  formats: ["text", "json"],
  details: [
    "What happens: the plan is shown; you say yes; every host is locked and told to take the run back by itself unless it is confirmed; the changes are made stage by stage, on all hosts of a stage side by side; when a step fails, everything that this run did is taken back everywhere; lvsctl logs in anew to every host and confirms; requests prove that it works.",
  ],
  examples: [
    ["lvsctl apply topology.yaml"],
    ["lvsctl apply --yes topology.yaml", "for scripts"],
    ["lvsctl apply --atomic topology.yaml", "only what is proved to work is kept"],
    ["lvsctl apply --no-confirm topology.yaml", "look at it first; then lvsctl confirm, or do nothing"],
    ["sudo lvsctl apply --lab examples/dr.yaml", "on the hosts of the lab"],
  ],
  async run({ values, options, format, print, ...terminal }) {
    const { applyTopology } = await import("../../app/apply.ts");
    const { applyToJson } = await import("../../report/apply-json.ts");
    const { formatVerification } = await import("../../report/verification.ts");
    const { stdout, stderr } = terminal;
    const { file, ...choices } = values;
    const interruptible = endOnInterrupt(stderr, options);
    const view = await runViewOf(terminal, { ...options, ...interruptible }, format === "json");
    const applied = await applyTopology(file, { ...options, ...choices, ...interruptible }, view);
    const { run, verification, execs } = applied;
    print({
      json: () => applyToJson(applied),
      text: () => (verification ? `\n${formatVerification(verification, stdout)}` : ""),
    });
    const code = await concludeApply(applied, stderr);
    if (options.verbosity > 0) stderr.write(`${execs} execs on ${run.plan.hosts.size} hosts\n`);
    return code;
  },
});
