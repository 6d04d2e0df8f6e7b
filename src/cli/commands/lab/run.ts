import { defineCommand } from "../../command.ts";
import { engineFlags } from "../../flags/engine.ts";
import { topologyFile } from "../../flags/file.ts";
import { onInterrupt } from "../../interrupt.ts";
import { argumentList } from "../../parameter.ts";

/** `lvsctl lab run FILE -- COMMAND…`. */
export const run = defineCommand({
  name: "run",
  summary: "make the hosts, run a command on this machine, take the hosts down",
  groups: [engineFlags],
  parameters: { file: topologyFile, command: argumentList("<command...>", "command to run, after --") },
  async run({ values: { file, command }, options, stderr }) {
    const { runInTemporaryLab } = await import("../../../app/lab.ts");
    return runInTemporaryLab(file, { ...options, signal: onInterrupt(stderr) }, command);
  },
});
