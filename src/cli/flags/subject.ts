/** What to work on, for commands that can do without the topology's file: `FILE`, or `--name N --host H…`. */
import { InvalidArgumentError } from "commander";
import type { Subject } from "../../app/scope.ts";
import { LvsctlError } from "../../errors/lvsctl-error.ts";
import { defineGroup } from "../command.ts";
import { listOf, optionalArgument, value } from "../parameter.ts";

/** A topology file, or a topology without its file. Throws LVS-USAGE-001 for both and for neither. */
export const subject = defineGroup({
  parameters: {
    file: optionalArgument("[file]", "topology file"),
    name: value("--name <name>", "the topology's name, if you no longer have the file", topologyName),
    hosts: {
      spelling: "--host <host,…>",
      summary: "with --name: the hosts, as SSH addresses or aliases",
      read: (given: readonly string[]) => given.flatMap(listOf).map(destination),
    },
  },
  options: ({ file, name, hosts }, { command }): { readonly subject: Subject } => {
    if (file !== undefined && name === undefined && hosts.length === 0) return { subject: { file } };
    if (file === undefined && name !== undefined && hosts.length > 0) return { subject: { name, hosts } };
    throw new LvsctlError(
      "LVS-USAGE-001",
      `${command} takes either a topology file, or --name with the name of a topology and --host.`,
      { hint: `lvsctl ${command} topology.yaml, or lvsctl ${command} --name dr-lab --host lb1,rs1,rs2` },
    );
  },
});

/** A topology's name. Source: schemas/topology.schema.json, definition `name`. */
function topologyName(text: string): string {
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text)) return text;
  throw new InvalidArgumentError("A topology's name has lower-case letters, digits and hyphens: dr-lab.");
}

/** A host as ssh knows it, with or without `USER@`. Source: schemas/topology.schema.json, definition `sshDestination`. */
function destination(text: string): string {
  if (/^([^@\s-][^@\s]*@)?[A-Za-z0-9_:][A-Za-z0-9_.:-]{0,254}$/.test(text)) return text;
  throw new InvalidArgumentError(
    `${JSON.stringify(text)} is not a host. Give an address, a host name or an alias of ssh_config.`,
  );
}
