import { LvsctlError } from "../errors/lvsctl-error.ts";
import { onInterrupt } from "./interrupt.ts";
import type { Registry } from "./main.ts";
import {
  type HostFlags,
  hostOptions,
  listOf,
  outputs,
  type TextFlags,
  withHostFlags,
  withTextFlags,
} from "./options.ts";
import { exitOfRun } from "./run-exit.ts";

const EXAMPLES = `
What goes is what the ledgers on the hosts hold: all that lvsctl made; and what it replaced is put back. Everything else
stays untouched. A second destroy finds nothing to do.

Examples:
  lvsctl destroy topology.yaml
  lvsctl destroy --name dr-lab --host lb1.example.net,rs1.example.net     without the file`;

interface Flags extends HostFlags, TextFlags {
  readonly name?: string;
  readonly host?: readonly string[];
  readonly yes?: boolean;
  readonly rollback: boolean;
}

/** `lvsctl destroy FILE`, `lvsctl destroy --name N --host H…`. */
export function registerDestroy({ program, exit }: Registry): void {
  const command = program
    .command("destroy")
    .description("take back all that lvsctl made, and put back what it replaced");
  withTextFlags(withHostFlags(command))
    .argument("[file]", "topology file")
    .option("--name <name>", "the topology's name, where the file is lost")
    .option("--host <host,…>", "with --name: its hosts, as ssh knows them", (text, all: readonly string[] = []) => [
      ...all,
      ...listOf(text),
    ])
    .option("-y, --yes", "do not ask")
    .option("--no-rollback", "after a failure leave things as they are")
    .addHelpText("after", EXAMPLES)
    .action(async (file: string | undefined, flags: Flags) => {
      const { destroyByName, destroyTopology } = await import("../app/destroy.ts");
      const { createRunView, formatOutcome } = await import("../report/run-view.ts");
      const { stdout, stderr } = outputs(flags);
      const view = createRunView({ stdout, stderr, verbosity: flags.verbose, yes: flags.yes ?? false, isQuiet: false });
      const options = { ...hostOptions(flags, stderr), signal: onInterrupt(stderr), noRollback: !flags.rollback };
      const { name, hosts } = whatToDestroy(file, flags);
      const run =
        file === undefined
          ? await destroyByName(name, hosts, options, view)
          : await destroyTopology(file, options, view);
      if (run.result === "nothing-to-do") stdout.write("There is nothing to destroy.\n");
      if (run.result === "ran") stderr.write(formatOutcome(run.outcome, stderr));
      exit(exitOfRun(run));
    });
}

function whatToDestroy(
  file: string | undefined,
  { name, host: hosts = [] }: Flags,
): { name: string; hosts: readonly string[] } {
  const isByName = name !== undefined && hosts.length > 0 && /^[a-z0-9][a-z0-9-]{0,62}$/.test(name);
  if (file !== undefined && name === undefined && hosts.length === 0) return { name: "", hosts: [] };
  if (file === undefined && isByName) return { name, hosts };
  throw new LvsctlError(
    "LVS-USAGE-001",
    "destroy takes either a topology file, or --name with the name of a topology and --host.",
    {
      hint: "lvsctl destroy topology.yaml, or lvsctl destroy --name dr-lab --host lb1,rs1,rs2",
    },
  );
}
