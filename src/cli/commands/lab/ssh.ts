import { defineCommand } from "../../command.ts";
import { argument, argumentList } from "../../parameter.ts";

/** `lvsctl lab ssh FILE HOST [-- COMMAND…]`. */
export const ssh = defineCommand({
  name: "ssh",
  summary: "log in to a host of a lab, or run a command there",
  parameters: {
    lab: argument("<file|name>", "topology file, or the lab's name"),
    host: argument("<host>", "host of the topology"),
    command: argumentList("[command...]", "command to run, after --"),
  },
  async run({ values: { lab, host, command } }) {
    const { sshIntoLab } = await import("../../../app/lab.ts");
    return sshIntoLab(lab, host, command);
  },
});
