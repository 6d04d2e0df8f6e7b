/** Logins to the hosts of a lab that is up. */
import { join } from "node:path";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { sh } from "../shell/quote.ts";
import type { Topology } from "../topology/topology.ts";
import { assertRoot } from "./engine.ts";
import { assertLabName } from "./lab-rules.ts";
import { type FoundLab, findLab, type LabState, labFile } from "./lab-state.ts";
import { runOnTerminal } from "./program.ts";
import { misfits, wiringOf } from "./wiring.ts";

/** The lab's accounts have sh, which starts twice as fast; people get bash, which can edit lines. */
const COMFORTABLE_SHELL = "command -v bash >/dev/null && exec bash -l; exec sh -l";

const WHY_NOT: Readonly<Record<Exclude<LabState, "running">, string>> = {
  starting: "is still starting",
  dead: "has ended",
  orphaned: "still runs, but the files that lead to its hosts are gone",
};

/**
 * The path of a running lab's ssh_config. Throws LVS-LAB-004 when it is not up, and LVS-LAB-005 when it lacks hosts or
 * interfaces of the topology as it is now, if one is given. `file`: for the commands that errors name.
 */
export async function labSshConfig(name: string, topology?: Topology, file?: string): Promise<string> {
  const lab = await runningLab(name, file);
  if (topology !== undefined) assertFits(lab, topology);
  return join(lab.directory, labFile.sshConfig);
}

function assertFits({ record }: FoundLab, topology: Topology): void {
  const [first, ...others] = record?.wiring === undefined ? [] : misfits(record.wiring, wiringOf(topology));
  if (first === undefined) return;
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  throw new LvsctlError("LVS-LAB-005", `The lab ${topology.name} no longer fits ${topology.file}: ${first}${more}.`, {
    hint: `Create it again from the file as it is now: ${sh`lvsctl lab up --recreate ${topology.file}`}`,
  });
}

/**
 * Runs a command line (or a shell, without one) on a host of a lab, on our own terminal, and returns its exit status.
 * Throws LVS-LAB-004 when the lab is not up, LVS-LAB-008 when it has no such host.
 */
export async function labSsh(name: string, host: string, argv: readonly string[] = [], file?: string): Promise<number> {
  const { status } = await runOnTerminal(await labSshCommand(name, host, argv, file));
  return status ?? 255;
}

/** The command that `labSsh` runs. As with ssh, the words are joined by blanks, and the host's shell reads the result. */
export async function labSshCommand(
  name: string,
  host: string,
  argv: readonly string[] = [],
  file?: string,
): Promise<readonly string[]> {
  const { directory, record } = await runningLab(name, file);
  const hosts = record?.hosts.map((other) => other.name) ?? [];
  if (!hosts.includes(host)) {
    throw new LvsctlError("LVS-LAB-008", `The lab ${name} has no host ${JSON.stringify(host)}.`, {
      hint: `Its hosts are ${hosts.join(", ")}.`,
    });
  }
  const onTerminal = process.stdin.isTTY && process.stdout.isTTY;
  const shell = onTerminal ? [COMFORTABLE_SHELL] : [];
  const remote = argv.length === 0 ? shell : [argv.join(" ")];
  // Else ssh says of each command that its connection has been closed.
  const terminal = onTerminal ? ["-t", "-o", "LogLevel=ERROR"] : [];
  return ["ssh", "-F", join(directory, labFile.sshConfig), ...terminal, "--", host, ...remote];
}

async function runningLab(name: string, file = "FILE"): Promise<FoundLab> {
  assertRoot();
  assertLabName(name);
  const lab = await findLab(name);
  if (lab?.state === "running") return lab;
  throw new LvsctlError(
    "LVS-LAB-004",
    lab === undefined ? `No lab ${name} is up.` : `The lab ${name} ${WHY_NOT[lab.state]}.`,
    {
      hint:
        lab?.state === "starting"
          ? sh`Wait for it: lvsctl lab up ${file}. If it is stuck: lvsctl lab down ${name}`
          : sh`Bring it up: lvsctl lab up ${file}`,
    },
  );
}
