import { exitCode } from "../../../errors/exit-code.ts";
import { defineCommand } from "../../command.ts";
import { engineFlags } from "../../flags/engine.ts";
import { topologyFile } from "../../flags/file.ts";
import { onInterrupt, patientWords } from "../../interrupt.ts";
import { on } from "../../parameter.ts";

/** `lvsctl lab up FILE`. */
export const up = defineCommand({
  name: "up",
  summary: "create the hosts",
  groups: [engineFlags],
  parameters: {
    file: topologyFile,
    recreate: on("--recreate", "take the lab down first, if it is up"),
    force: on("--force", "with --recreate: also while a run is under way on its hosts"),
  },
  async run({ values: { file, recreate, force }, options, stdout, stderr, showActivity }) {
    const { bringUpLab } = await import("../../../app/lab.ts");
    const { formatLabUp } = await import("../../../report/labs.ts");
    const signal = onInterrupt(stderr, patientWords("taking down what was made of the lab …"));
    const asked = { ...options, recreate, force, signal, onStatus: showActivity };
    stdout.write(formatLabUp(await bringUpLab(file, asked), file));
    return exitCode.ok;
  },
});
