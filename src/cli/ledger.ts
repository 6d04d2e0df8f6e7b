import type { Command } from "commander";
import { exitCode } from "../errors/exit-code.ts";
import { onInterrupt } from "./interrupt.ts";
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
On each host /var/lib/lvsctl/NAME/ledger.json lists all that lvsctl made for a topology, and what was there before. It is
written by lvsctl alone. One that is damaged, or that others could have written, stops every command: then repair makes
a new one of the entries that can still be read and are true of the host, and of what the topology's file asks for and
is on the host just so. It asks first, and keeps the damaged one beside it.

Examples:
  lvsctl ledger show topology.yaml
  lvsctl ledger show --format json --name dr-lab --host lb1,rs1     without the file
  lvsctl ledger repair topology.yaml`;

interface ShowFlags extends HostFlags, TextFlags, SubjectFlags {
  readonly format: string;
}

interface RepairFlags extends HostFlags, TextFlags, SubjectFlags {
  readonly yes?: boolean;
}

/** `lvsctl ledger show|repair`: what lvsctl knows of each host as its own. */
export function registerLedger(registry: Registry): void {
  const ledger = registry.program
    .command("ledger")
    .description("show, or repair, the lists of what is lvsctl's on each host");
  ledger.addHelpText("after", EXAMPLES);
  registerShow(ledger, registry.exit);
  registerRepair(ledger, registry.exit);
}

function registerShow(ledger: Command, exit: Registry["exit"]): void {
  const command = ledger.command("show").description("all that lvsctl made on each host, and what was there before");
  withSubject(withTextFlags(withHostFlags(command)))
    .addOption(formatOption("text", "json"))
    .action(async (file: string | undefined, flags: ShowFlags) => {
      const { showLedgers } = await import("../app/ledger.ts");
      const { formatError } = await import("../report/error-text.ts");
      const { formatLedgers, ledgersToJson } = await import("../report/ledgers.ts");
      const { stdout, stderr } = outputs(flags);
      const subject = subjectFrom("ledger show", file, flags);
      const { topology, hosts } = await showLedgers(subject, hostOptions(flags, stderr));
      const isJson = flags.format === "json";
      stdout.write(isJson ? ledgersToJson(topology, hosts) : formatLedgers(hosts, stdout));
      const problems = hosts.flatMap(({ problem }) => problem ?? []);
      for (const problem of problems) stderr.write(`\n${formatError(problem, stderr)}`);
      exit(problems.length > 0 ? exitCode.error : exitCode.ok);
    });
}

function registerRepair(ledger: Command, exit: Registry["exit"]): void {
  const command = ledger.command("repair").description("make a new ledger of what can be saved of a damaged one");
  withSubject(withTextFlags(withHostFlags(command)))
    .option("-y, --yes", "do not ask")
    .action(async (file: string | undefined, flags: RepairFlags) => {
      const { repairLedgers } = await import("../app/ledger.ts");
      const { formatProposals } = await import("../report/ledgers.ts");
      const { askYes } = await import("../report/prompt.ts");
      const { stdout, stderr } = outputs(flags);
      const options = { ...hostOptions(flags, stderr), signal: onInterrupt(stderr) };
      const result = await repairLedgers(subjectFrom("ledger repair", file, flags), options, new Date(), {
        show: (proposals) => stdout.write(formatProposals(proposals, stdout)),
        confirm: async (question) => flags.yes === true || (await askYes(question)),
      });
      const ends = {
        whole: "No ledger here needs repair.\n",
        declined: "Nothing has been changed.\n",
        repaired: "Repaired. lvsctl plan says what is different from the topology now.\n",
      };
      stderr.write(ends[result]);
      exit(exitCode.ok);
    });
}
