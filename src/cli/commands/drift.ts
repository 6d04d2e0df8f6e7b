import { exitCode } from "../../errors/exit-code.ts";
import { defineCommand } from "../command.ts";
import { hostFlags } from "../flags/host.ts";
import { subject } from "../flags/subject.ts";
import { textFlags } from "../flags/text.ts";

/** `lvsctl drift FILE`, `lvsctl drift --name N --host H…`: what somebody changed by hand; changes nothing. */
export const drift = defineCommand({
  name: "drift",
  summary: "show what was changed by hand since the last apply; changes nothing",
  groups: [hostFlags, textFlags, subject],
  formats: ["text", "json"],
  details: [
    "drift compares what lvsctl has set on each host, by the host's own ledger, with what is there now. plan compares the topology file with the hosts: after an edit of the file there are changes to plan, and no drift.",
  ],
  examples: [
    ["lvsctl drift topology.yaml", "exit code 2 if there is any drift"],
    ["lvsctl drift --name dr-lab --host lb1,rs1,rs2", "without the file"],
    ["lvsctl drift --format json topology.yaml | jq .hosts"],
  ],
  async run({ options, stdout, stderr, print }) {
    const { findDrift, hasDrift } = await import("../../app/drift.ts");
    const { driftToJson, formatDrift } = await import("../../report/drift.ts");
    const { formatRemoteCommands } = await import("../../report/remote-commands.ts");
    const given = { ...options, ...options.subject };
    const { drift: found, execs } = await findDrift(options.subject, { ...options, given });
    print({ text: () => formatDrift(found, given, stdout), json: () => driftToJson(found, given) });
    if (options.verbosity > 0) stderr.write(formatRemoteCommands(execs, found.hosts.length));
    return hasDrift(found) ? exitCode.changes : exitCode.ok;
  },
});
