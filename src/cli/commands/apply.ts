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
  summary: "change the hosts to match the topology, then verify the services",
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
    atomic: on("--atomic", "verify before the run is confirmed, and roll it back if that fails"),
    noConfirm: on(
      "--no-confirm",
      "leave the run pending: lvsctl confirm keeps it; otherwise the hosts' timers roll it back",
    ),
  },
  formats: ["text", "json"],
  details: [
    "What happens: lvsctl shows the plan; you approve it; every host is locked and starts a rollback timer; the changes are made stage by stage, on all hosts of a stage in parallel; if a step fails, everything that this run did is rolled back on every host; lvsctl logs in to every host again and confirms the run; test requests verify the services.",
  ],
  examples: [
    ["lvsctl apply topology.yaml"],
    ["lvsctl apply --yes topology.yaml", "for scripts"],
    ["lvsctl apply --atomic topology.yaml", "keep only what passes verification"],
    ["lvsctl apply --no-confirm topology.yaml", "look at it first; then lvsctl confirm, or do nothing"],
    ["sudo lvsctl apply --lab examples/dr.yaml", "on the hosts of the lab"],
  ],
  async run({ values, options, format, print, ...terminal }) {
    const { applyTopology } = await import("../../app/apply.ts");
    const { applyToJson } = await import("../../report/apply-json.ts");
    const { formatRemoteCommands } = await import("../../report/remote-commands.ts");
    const { formatVerification } = await import("../../report/verification.ts");
    const { stdout, stderr } = terminal;
    const { file, ...choices } = values;
    const given = { ...options, file };
    const all = { ...options, given, ...endOnInterrupt(stderr, { ...options, given }) };
    const view = await runViewOf(terminal, all, format === "json");
    const applied = await applyTopology(file, { ...all, ...choices }, view);
    const { run, verification, execs } = applied;
    print({
      json: () => applyToJson(applied),
      text: () => (verification ? `\n${formatVerification(verification, given, stdout)}` : ""),
    });
    const code = await concludeApply(applied, given, stderr);
    if (options.verbosity > 0) stderr.write(formatRemoteCommands(execs, run.plan.hosts.size));
    return code;
  },
});
