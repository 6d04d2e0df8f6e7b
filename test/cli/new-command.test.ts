/**
 * CONTRIBUTING's recipe for a command, carried out on a copy of src: a file in src/cli/commands and its line in commands.ts
 * make its flags, help, formats and completion. What it does and prints is in a file of src/app and one of src/report.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { CopiedSource } from "../helpers/copied-source.ts";

let source: CopiedSource;
beforeAll(() => {
  source = new CopiedSource();
  source.write(
    "src/cli/commands/recipe-trial.ts",
    `import { exitCode } from "../../errors/exit-code.ts";
import { defineCommand } from "../command.ts";
import { topologyFile } from "../flags/file.ts";

/** \`lvsctl recipe-trial FILE\`: how much a topology has. */
export const recipeTrial = defineCommand({
  name: "recipe-trial",
  summary: "count the hosts and services of a topology",
  parameters: { file: topologyFile },
  formats: ["text", "json"],
  examples: [["lvsctl recipe-trial topology.yaml"]],
  async run({ values: { file }, print }) {
    const { countTopology } = await import("../../app/recipe-trial.ts");
    const { countsToJson, formatCounts } = await import("../../report/recipe-trial.ts");
    const counts = await countTopology(file);
    print({ text: () => formatCounts(counts), json: () => countsToJson(counts) });
    return exitCode.ok;
  },
});
`,
  );
  source.insert("src/cli/commands.ts", "import { lab }", 'import { recipeTrial } from "./commands/recipe-trial.ts";\n');
  source.insert("src/cli/commands.ts", "  lab,", "  recipeTrial,\n");
  source.write(
    "src/app/recipe-trial.ts",
    `/** \`lvsctl recipe-trial\`: how much a topology has. */
import type { Counts } from "../report/recipe-trial.ts";
import { loadTopologyFile } from "./load.ts";

/** Counts what a topology file has. Throws LVS-CONFIG-000. */
export async function countTopology(file: string): Promise<Counts> {
  const { hosts, services } = (await loadTopologyFile(file)).topology;
  return { hosts: hosts.length, services: services.length };
}
`,
  );
  source.write(
    "src/report/recipe-trial.ts",
    `/** Counts as text and as JSON. */
import type { JsonResult } from "./json.ts";

/** How much a topology has. */
export interface Counts {
  readonly hosts: number;
  readonly services: number;
}

/** One line. */
export function formatCounts({ hosts, services }: Counts): string {
  return \`\${hosts} hosts, \${services} services\\n\`;
}

/** \`lvsctl.recipe-trial/1\`. */
export function countsToJson(counts: Counts): JsonResult {
  return { format: "lvsctl.recipe-trial/1", ...counts };
}
`,
  );
});
afterAll(() => source.remove());

/** What the copy prints for these arguments. */
async function lvsctl(...argv: readonly string[]): Promise<string> {
  const { commands } = await source.load("src/cli/commands.ts");
  const { createProgram } = await source.load("src/cli/program.ts");
  const written: string[] = [];
  const output = { width: 80, write: (text: string) => written.push(text) };
  const call = async ({ command, given }: { command: Runnable; given: unknown }) => {
    await command.run(given, { stdout: output, stopwatch: { seconds: 0 }, showActivity: () => undefined });
  };
  const program = createProgram(commands, "0", { stdout: output, stderr: output }, call);
  await program.parseAsync(argv, { from: "user" }).catch((error: Error) => written.push(error.message));
  return written.join("");
}

interface Runnable {
  run(given: unknown, call: unknown): Promise<number>;
}

test("a command is one file and one line: lvsctl knows it, and can explain and complete it", async () => {
  expect(await lvsctl("recipe-trial", "examples/dr.yaml")).toBe("5 hosts, 1 services\n");
  expect(JSON.parse(await lvsctl("recipe-trial", "--format", "json", "examples/dr.yaml"))).toMatchObject({ hosts: 5 });
  expect(await lvsctl("recipe-trial")).toContain("Missing required argument 'file'");
  expect(await lvsctl("--help")).toMatch(/recipe-trial .*<file> +count the hosts and services/);
  expect(await lvsctl("recipe-trial", "--help")).toContain("lvsctl recipe-trial topology.yaml");
  const { commands } = await source.load("src/cli/commands.ts");
  const { completedCommands } = await source.load("src/cli/completion/words.ts");
  expect(await completedCommands(commands)).toContainEqual(
    expect.objectContaining({ path: "recipe-trial", places: [{ words: [], isFile: true }] }),
  );
});
