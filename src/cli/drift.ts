import { exitCode } from "../errors/exit-code.ts";
import { type SubjectFlags, subjectFrom, withSubject } from "./named-hosts.ts";
import {
  formatOption,
  type HostFlags,
  hostOptions,
  outputs,
  type TextFlags,
  withHostFlags,
  withTextFlags,
} from "./options.ts";
import type { Registry } from "./registry.ts";

const EXAMPLES = `
drift compares what lvsctl has set on each host, by the host's own ledger, with what is there now. plan compares the
topology file with the hosts: after an edit of the file there are changes to plan, and no drift.

Examples:
  lvsctl drift topology.yaml                               exit 2 when there is any
  lvsctl drift --name dr-lab --host lb1,rs1,rs2            without the file
  lvsctl drift --format json topology.yaml | jq .hosts`;

interface Flags extends HostFlags, TextFlags, SubjectFlags {
  readonly format: string;
}

/** `lvsctl drift FILE`, `lvsctl drift --name N --host H…`: what somebody changed by hand; touches nothing. */
export function registerDrift({ program, exit }: Registry): void {
  const command = program
    .command("drift")
    .description("show what somebody changed by hand since the last apply; touches nothing");
  withSubject(withTextFlags(withHostFlags(command)))
    .addOption(formatOption("text", "json"))
    .addHelpText("after", EXAMPLES)
    .action(async (file: string | undefined, flags: Flags) => {
      const { findDrift, hasDrift } = await import("../app/drift.ts");
      const { driftToJson, formatDrift } = await import("../report/drift.ts");
      const { stdout, stderr } = outputs(flags);
      const { drift, execs } = await findDrift(subjectFrom("drift", file, flags), hostOptions(flags, stderr));
      if (flags.format === "json") stdout.write(`${JSON.stringify(driftToJson(drift), undefined, 2)}\n`);
      else stdout.write(formatDrift(drift, stdout));
      if (flags.verbose > 0) stderr.write(`${execs} execs on ${drift.hosts.length} hosts\n`);
      exit(hasDrift(drift) ? exitCode.changes : exitCode.ok);
    });
}
