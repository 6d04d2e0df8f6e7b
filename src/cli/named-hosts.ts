/** The arguments of commands that also work without the topology's file: `FILE`, or `--name N --host H…`. */
import type { Command } from "commander";
import type { Subject } from "../app/scope.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { listOf } from "./options.ts";

export interface SubjectFlags {
  readonly name?: string;
  readonly host?: readonly string[];
}

const TOPOLOGY_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Adds the argument `[file]` and the flags that stand in for it. */
export function withSubject(command: Command): Command {
  return command
    .argument("[file]", "topology file")
    .option("--name <name>", "the topology's name, where the file is lost")
    .option("--host <host,…>", "with --name: its hosts, as ssh knows them", (text, all: readonly string[] = []) => [
      ...all,
      ...listOf(text),
    ]);
}

/** What the user has named. `command`: as in `lvsctl destroy`. Throws LVS-USAGE-001 for both or neither. */
export function subjectFrom(
  command: string,
  file: string | undefined,
  { name, host: hosts = [] }: SubjectFlags,
): Subject {
  if (file !== undefined && name === undefined && hosts.length === 0) return { file };
  if (file === undefined && name !== undefined && hosts.length > 0 && TOPOLOGY_NAME.test(name)) return { name, hosts };
  throw new LvsctlError(
    "LVS-USAGE-001",
    `${command} takes either a topology file, or --name with the name of a topology and --host.`,
    { hint: `lvsctl ${command} topology.yaml, or lvsctl ${command} --name dr-lab --host lb1,rs1,rs2` },
  );
}
