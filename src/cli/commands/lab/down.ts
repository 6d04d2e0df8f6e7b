import { exitCode } from "../../../errors/exit-code.ts";
import { defineCommand } from "../../command.ts";
import { argument } from "../../parameter.ts";

/** `lvsctl lab down FILE|NAME`. */
export const down = defineCommand({
  name: "down",
  summary: "take a lab down; nothing of it is left",
  parameters: { lab: argument("<file|name>", "topology file, or the lab's name") },
  async run({ values, stderr }) {
    const { takeDownLab } = await import("../../../app/lab.ts");
    const { formatLabDown } = await import("../../../report/labs.ts");
    stderr.write(formatLabDown(await takeDownLab(values.lab)));
    return exitCode.ok;
  },
});
