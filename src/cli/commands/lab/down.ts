import { exitCode } from "../../../errors/exit-code.ts";
import { LvsctlError } from "../../../errors/lvsctl-error.ts";
import { defineCommand } from "../../command.ts";
import { on, optionalArgument } from "../../parameter.ts";

/** `lvsctl lab down FILE|NAME`, `lvsctl lab down --all`. */
export const down = defineCommand({
  name: "down",
  summary: "take a lab down; nothing of it is left",
  duration: "always",
  parameters: {
    lab: optionalArgument("[file|name]", "topology file, or the lab's name"),
    all: on("--all", "every lab on this machine"),
    force: on("--force", "also while a run is under way on its hosts"),
  },
  async run({ values: { lab, all, force }, stderr, showActivity }) {
    const { takeDownAllLabs, takeDownLab } = await import("../../../app/lab.ts");
    const { formatLabDown, formatLabs } = await import("../../../report/labs.ts");
    const options = { force, onStatus: showActivity };
    if (all === (lab !== undefined)) {
      throw new LvsctlError("LVS-USAGE-001", "lab down takes either a topology file or a lab's name, or --all.", {
        hint: "lvsctl lab down topology.yaml, or lvsctl lab down --all",
      });
    }
    const taken = lab === undefined ? await takeDownAllLabs(options) : [await takeDownLab(lab, options)];
    stderr.write(taken.length === 0 ? formatLabs([]) : taken.map(formatLabDown).join(""));
    return exitCode.ok;
  },
});
