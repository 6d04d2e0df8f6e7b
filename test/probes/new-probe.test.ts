/** CONTRIBUTING's recipe for a probe, carried out on a copy of src: a file in src/probes, and its name in the guard's list. */
import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CopiedSource } from "../helpers/copied-source.ts";

let source: CopiedSource;
beforeAll(() => {
  source = new CopiedSource();
});
afterAll(() => source.remove());

const probe = `/** How long a host has been up. */
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";
import type { Probe } from "./probe.ts";

/** Prints \`up SECONDS\`. Source: proc_uptime(5). */
const SCRIPT = "lvsctl_recipe_trial() { read -r up idle </proc/uptime && echo up \\"\${up%.*}\\"; }";

/** The probe that looks at the clock. It takes no arguments. */
export const recipeTrialProbe: Probe = { program: "lvsctl_recipe_trial", script: SCRIPT, allows: (args) => args.length === 0 };

/** The read command. */
export function readUptime(): ReadCommand {
  return { name: "uptime", argv: [recipeTrialProbe.program], script: SCRIPT };
}

/** Seconds since the host was started; undefined if it did not say. */
export function parseUptime(outputs: ReadOutputs): number | undefined {
  const [, seconds] = /^up (\\d+)$/m.exec(outputs.get("uptime")?.stdout ?? "") ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}
`;

test("a probe is one file and one name, and is sent with the very script and arguments that it allows", async () => {
  source.write("src/probes/recipe-trial.ts", probe);
  source.insert("src/transport/guard.ts", "import", 'import { recipeTrialProbe } from "../probes/recipe-trial.ts";\n');
  source.insert("src/transport/guard.ts", "  loginProbe,", "  recipeTrialProbe,\n");
  const { readUptime, parseUptime } = await source.load("src/probes/recipe-trial.ts");
  const { assertReadOnly } = await source.load("src/transport/guard.ts");
  const read = readUptime();
  expect(() => assertReadOnly("rs1", [read])).not.toThrow();
  for (const other of [
    { ...read, script: `${read.script}\nreboot` },
    { ...read, argv: [...read.argv, "-x"] },
  ]) {
    expect(() => assertReadOnly("rs1", [other])).toThrow(expect.objectContaining({ code: "LVS-CONNECT-020" }));
  }
  expect(parseUptime(new Map([["uptime", { stdout: "up 4711\n", stderr: "", status: 0 }]]))).toBe(4711);
});

test("every probe is in the guard's list", () => {
  const files = readdirSync(new URL("../../src/probes/", import.meta.url)).filter((file) => file !== "probe.ts");
  const guard = readFileSync(new URL("../../src/transport/guard.ts", import.meta.url), "utf8");
  const [, list = ""] = /^const probes = \[([^\]]*)\]/m.exec(guard) ?? [];
  const names = list.split(",").map((name) => name.trim());
  const imported = [...guard.matchAll(/^import \{ (\w+) \} from "\.\.\/probes\/(.+)";$/gm)];
  expect(imported.map(([, , file]) => file).sort()).toEqual(files.sort());
  expect(imported.map(([, name]) => name).filter((name) => !names.includes(name ?? ""))).toEqual([]);
});
