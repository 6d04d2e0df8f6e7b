import { defineCommand } from "../../command.ts";
import { argument, argumentList } from "../../parameter.ts";

/** `lvsctl lab ssh FILE HOST [COMMAND…]`. */
export const ssh = defineCommand({
  name: "ssh",
  summary: "log in to a host of a lab, or run a command line there, as ssh does",
  duration: "never",
  endsInCommand: true,
  parameters: {
    lab: argument("<file|name>", "topology file, or the lab's name"),
    host: { ...argument("<host>", "host of the topology"), namesOf: "hosts" },
    command: argumentList(
      "[command...]",
      "command line to run; the words are joined with spaces and passed to a shell on the host, as by ssh",
    ),
  },
  examples: [
    ["lvsctl lab ssh topology.yaml lb", "a shell on lb"],
    ["lvsctl lab ssh topology.yaml lb ipvsadm -Ln"],
    ["lvsctl lab ssh topology.yaml lb 'ip -br addr; ipvsadm -S -n | sort'", "several commands, quoted as for ssh"],
  ],
  async run({ values: { lab, host, command } }) {
    const { sshIntoLab } = await import("../../../app/lab.ts");
    return sshIntoLab(lab, host, command);
  },
});
