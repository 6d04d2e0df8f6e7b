/** What to work on, for commands that can do without the topology's file: `FILE`, or `--name N --host H…`. */
import type { Subject } from "../../app/scope.ts";
import { LvsctlError } from "../../errors/lvsctl-error.ts";
import { defineGroup } from "../command.ts";
import { anyText, listOf, optionalArgument, value } from "../parameter.ts";

const TOPOLOGY_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** A topology file, or a topology without its file. Throws LVS-USAGE-001 for both and for neither. */
export const subject = defineGroup({
  parameters: {
    file: optionalArgument("[file]", "topology file"),
    name: value("--name <name>", "the topology's name, where the file is lost", anyText),
    hosts: {
      spelling: "--host <host,…>",
      summary: "with --name: its hosts, as ssh knows them",
      read: (given: readonly string[]) => given.flatMap(listOf),
    },
  },
  options: ({ file, name, hosts }, { command }): { readonly subject: Subject } => {
    if (file !== undefined && name === undefined && hosts.length === 0) return { subject: { file } };
    const isNamed = file === undefined && name !== undefined && hosts.length > 0 && TOPOLOGY_NAME.test(name);
    if (isNamed) return { subject: { name, hosts } };
    throw new LvsctlError(
      "LVS-USAGE-001",
      `${command} takes either a topology file, or --name with the name of a topology and --host.`,
      { hint: `lvsctl ${command} topology.yaml, or lvsctl ${command} --name dr-lab --host lb1,rs1,rs2` },
    );
  },
});
