import { exitCode } from "../../../errors/exit-code.ts";
import { defineCommand } from "../../command.ts";
import { engineFlags } from "../../flags/engine.ts";
import { topologyFile } from "../../flags/file.ts";
import { onInterrupt, patientWords } from "../../interrupt.ts";

/** `lvsctl lab up FILE`. */
export const up = defineCommand({
  name: "up",
  summary: "make the hosts",
  groups: [engineFlags],
  parameters: { file: topologyFile },
  async run({ values: { file }, options, stdout, stderr }) {
    const { bringUpLab } = await import("../../../app/lab.ts");
    const { formatLabUp } = await import("../../../report/labs.ts");
    const signal = onInterrupt(stderr, patientWords("taking down what was made of the lab …"));
    stdout.write(formatLabUp(await bringUpLab(file, { ...options, signal }), file));
    return exitCode.ok;
  },
});
