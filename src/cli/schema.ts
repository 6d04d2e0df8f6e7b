import type { Registry } from "./registry.ts";

/** `lvsctl schema`: the JSON Schema of topology files, for editors. */
export function registerSchema({ program }: Registry): void {
  program
    .command("schema")
    .description("print the JSON Schema of topology files, for an editor that completes and explains")
    .addHelpText(
      "after",
      "\nExamples:\n  lvsctl schema > topology.schema.json\n  then, in the topology's first line:\n  # yaml-language-server: $schema=./topology.schema.json",
    )
    .action(async () => {
      const { topologySchema } = await import("../app/schema.ts");
      const { createOutput } = await import("../report/output.ts");
      createOutput(process.stdout).write(await topologySchema());
    });
}
