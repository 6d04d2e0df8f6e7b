/** What somebody sees on a terminal before a command that needs no host has anything to say. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { hasPty, onTerminal } from "../helpers/pty.ts";

const program = fileURLToPath(new URL("../../bin/lvsctl.js", import.meta.url));
const example = fileURLToPath(new URL("../../examples/dr.yaml", import.meta.url));
const ERASE = "\r\u001b[K";
const env = { NO_COLOR: "1" };

async function shown(argv: readonly string[]): Promise<string> {
  return (await onTerminal({ argv: [process.execPath, program, ...argv], columns: 200, env })).printed;
}

describe.skipIf(!hasPty)("before its first output", () => {
  it.each([
    ["validate", [example], `checking ${example}`],
    ["explain", [example], `reading ${example}`],
    ["init", ["dr", "--director", "10.0.0.2", "--output", "-"], "reading the modes"],
  ] as const)("%s says what it does, and nothing of that is left", async (command, argv, doing) => {
    const text = await shown([command, ...argv]);
    expect(text.startsWith(`${doing}${ERASE}`)).toBe(true);
    expect(text.slice(doing.length + ERASE.length)).not.toContain(doing);
  });

  it("a result for a program comes with nothing else", async () => {
    expect(await shown(["validate", "--format", "json", example])).toMatch(/^\{/);
  });
});

it("nothing is said where there is no terminal", () => {
  const folder = mkdtempSync(join(tmpdir(), "lvsctl-activity-"));
  try {
    const file = join(folder, "new.yaml");
    for (const argv of [
      ["validate", example],
      ["init", "dr", "--output", file],
    ]) {
      const { stderr, status } = spawnSync(process.execPath, [program, ...argv], { encoding: "utf8" });
      expect([status, stderr.replace(/^Took .*\n/, "")]).toEqual([0, ""]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
