import { defineCommand } from "../../command.ts";
import { engineFlags } from "../../flags/engine.ts";
import { topologyFile } from "../../flags/file.ts";
import { onInterrupt, patientWords } from "../../interrupt.ts";
import { argumentList } from "../../parameter.ts";

/** `lvsctl lab run FILE -- COMMAND…`. */
export const run = defineCommand({
  name: "run",
  summary: "create the hosts, run a command on this machine, take the hosts down",
  groups: [engineFlags],
  parameters: { file: topologyFile, command: argumentList("<command...>", "command to run, after --") },
  async run({ values: { file, command }, options, stderr }) {
    const { runInTemporaryLab } = await import("../../../app/lab.ts");
    const signal = onInterrupt(stderr, patientWords("the hosts are taken down once the command has ended …"));
    return runInTemporaryLab(file, { ...options, signal }, command);
  },
});
