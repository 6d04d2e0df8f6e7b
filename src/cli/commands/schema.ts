import { exitCode } from "../../errors/exit-code.ts";
import { defineCommand } from "../command.ts";

/** `lvsctl schema`: the JSON Schema of topology files, for editors. */
export const schema = defineCommand({
  name: "schema",
  summary: "print the JSON Schema of topology files, for an editor that completes and explains",
  details: [
    "For an editor with yaml-language-server, write the schema to a file, and this into the topology's first line: # yaml-language-server: $schema=./topology.schema.json",
  ],
  examples: [["lvsctl schema > topology.schema.json"]],
  async run({ stdout }) {
    const { topologySchema } = await import("../../app/schema.ts");
    stdout.write(await topologySchema());
    return exitCode.ok;
  },
});
