/** `lvsctl completion bash`, asked by a real bash. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isFamily, type Table } from "../../src/cli/command.ts";
import { commands } from "../../src/cli/commands.ts";
import { formatBashCompletion } from "../../src/cli/completion/bash.ts";
import { completedCommands } from "../../src/cli/completion/words.ts";

const ASK = `
. ./completion.bash || exit
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
complete -p lvsctl >/dev/null && _lvsctl
for each in "\${COMPREPLY[@]}"; do printf '%s\\n' "$each"; done`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lvsctl-completion-"));
  mkdirSync(join(folder, "topologies"));
  for (const name of ["topology.yaml", "to do $(x).yaml"]) writeFileSync(join(folder, name), "");
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What bash offers for a command line, as it takes it apart; the last word is the one at the cursor. */
function offered(line: readonly string[], table: Table = commands): readonly string[] {
  writeFileSync(join(folder, "completion.bash"), formatBashCompletion(completedCommands(table)));
  const args = ["--norc", "--noprofile", "-u", "-c", ASK, "bash", "lvsctl", ...line];
  return execFileSync("bash", args, { cwd: folder, encoding: "utf8" }).split("\n").slice(0, -1);
}

describe("bash completes", () => {
  it("commands", () => {
    expect(offered([""])).toEqual([...commands.map(({ name }) => name), "help"]);
    expect(offered(["d"])).toEqual(["destroy", "drift", "drain"]);
    expect(offered(["help", "und"])).toEqual(["undrain"]);
  });

  it("commands of a family", () => {
    expect(offered(["lab", ""])).toEqual(["up", "down", "status", "ssh", "run"]);
    expect(offered(["ledger", "r"])).toEqual(["repair"]);
  });

  it("flags of a command, and of no other", () => {
    expect(offered(["plan", "--a"])).toEqual(["--accept-new", "--ask-pass", "--allow-management-change", "--adopt"]);
    expect(offered(["plan", "topology.yaml", "--det"])).toEqual(["--detailed-exitcode"]);
    expect(offered(["lab", "up", "--"])).toEqual(["--engine", "--no-color", "--help"]);
    expect(offered(["validate", "--yes"])).toEqual([]);
  });

  it("values that are few, with and without an equals sign", () => {
    expect(offered(["validate", "--format", ""])).toEqual(["text", "json", "github"]);
    expect(offered(["plan", "-v", "--format", "=", "j"])).toEqual(["json"]);
    expect(offered(["plan", "--format", "="])).toEqual(["text", "json"]);
    expect(offered(["lab", "up", "--engine", "q"])).toEqual(["qemu"]);
    expect(offered(["completion", ""])).toEqual(["bash", "zsh", "fish"]);
    expect(offered(["completion", "fish", ""])).toEqual([]);
  });

  it("files where files stand, their names whatever they are", () => {
    const files = ["to do $(x).yaml", "topologies", "topology.yaml"];
    expect([...offered(["apply", "to"])].sort()).toEqual(files);
    expect([...offered(["apply", "-F", "to"])].sort()).toEqual(files);
    expect([...offered(["apply", "--parallel", "2", "--format", "=", "json", "to"])].sort()).toEqual(files);
    expect([...offered(["validate", "topology.yaml", "to"])].sort()).toEqual(files);
    expect([...offered(["lab", "run", "topology.yaml", "--", "cat", "to"])].sort()).toEqual(files);
  });

  it("nothing where nobody can know what stands there", () => {
    expect(offered(["apply", "topology.yaml", "to"])).toEqual([]);
    expect(offered(["drain", "topology.yaml", "t"])).toEqual([]);
    expect(offered(["plan", "--limit", "t"])).toEqual([]);
    expect(offered(["schema", "t"])).toEqual([]);
    expect(offered(["frobnicate", ""])).toEqual([]);
  });

  it("what the table has, and nothing else", () => {
    const few = commands.filter((entry) => entry.name === "schema" || isFamily(entry));
    expect(offered([""], few)).toEqual(["ledger", "lab", "schema", "help"]);
    expect(offered(["plan", "--a"], few)).toEqual([]);
  });
});
