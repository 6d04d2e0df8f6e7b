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
import { builtinFiles, builtinFolder } from "../../src/playbook/builtin-files.ts";

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
async function offered(line: readonly string[], table: Table = commands): Promise<readonly string[]> {
  writeFileSync(join(folder, "completion.bash"), formatBashCompletion(await completedCommands(table)));
  const args = ["--norc", "--noprofile", "-u", "-c", ASK, "bash", "lvsctl", ...line];
  return execFileSync("bash", args, { cwd: folder, encoding: "utf8" }).split("\n").slice(0, -1);
}

describe("bash completes", () => {
  it("commands", async () => {
    expect(await offered([""])).toEqual([...commands.map(({ name }) => name), "help"]);
    expect(await offered(["d"])).toEqual(commands.map(({ name }) => name).filter((name) => name.startsWith("d")));
    expect(await offered(["help", "undr"])).toEqual(["undrain"]);
  });

  it("commands of a family", async () => {
    for (const family of commands.filter(isFamily)) {
      const names = family.commands.map(({ name }) => name);
      expect(names.length).toBeGreaterThan(1);
      expect(await offered([family.name, ""])).toEqual(names);
    }
    expect(await offered(["ledger", "rep"])).toEqual(["repair"]);
  });

  it("flags of a command, and of no other", async () => {
    expect(await offered(["plan", "--a"])).toEqual([
      "--accept-new",
      "--ask-pass",
      "--allow-management-change",
      "--adopt",
    ]);
    expect(await offered(["plan", "topology.yaml", "--det"])).toEqual(["--detailed-exitcode"]);
    expect(await offered(["lab", "up", "--"])).toEqual(["--engine", "--no-color", "--help"]);
    expect(await offered(["validate", "--yes"])).toEqual([]);
  });

  it("values that are few, with and without an equals sign", async () => {
    expect(await offered(["validate", "--format", ""])).toEqual(["text", "json", "github"]);
    expect(await offered(["plan", "-v", "--format", "=", "j"])).toEqual(["json"]);
    expect(await offered(["plan", "--format", "="])).toEqual(["text", "json"]);
    expect(await offered(["lab", "up", "--engine", "q"])).toEqual(["qemu"]);
    expect(await offered(["completion", ""])).toEqual(["bash", "zsh", "fish"]);
    expect(await offered(["completion", "fish", ""])).toEqual([]);
  });

  it("files, whatever their names", async () => {
    const files = ["to do $(x).yaml", "topologies", "topology.yaml"];
    expect([...(await offered(["apply", "to"]))].sort()).toEqual(files);
    expect([...(await offered(["apply", "-F", "to"]))].sort()).toEqual(files);
    expect([...(await offered(["apply", "--parallel", "2", "--format", "=", "json", "to"]))].sort()).toEqual(files);
    expect([...(await offered(["validate", "topology.yaml", "to"]))].sort()).toEqual(files);
    expect([...(await offered(["lab", "run", "topology.yaml", "--", "cat", "to"]))].sort()).toEqual(files);
  });

  it("the name of a mode or feature, or a file, where either can stand", async () => {
    const names = builtinFiles(builtinFolder).map(({ name }) => name);
    expect([...(await offered(["explain", ""]))].sort()).toEqual(
      ["completion.bash", "to do $(x).yaml", "topologies", "topology.yaml", ...names].sort(),
    );
    expect(await offered(["explain", "topology."])).toEqual(["topology.yaml"]);
  });

  it("nothing where the value can be anything", async () => {
    expect(await offered(["apply", "topology.yaml", "to"])).toEqual([]);
    expect(await offered(["drain", "topology.yaml", "t"])).toEqual([]);
    expect(await offered(["plan", "--limit", "t"])).toEqual([]);
    expect(await offered(["schema", "t"])).toEqual([]);
    expect(await offered(["frobnicate", ""])).toEqual([]);
  });

  it("what the table has, and nothing else", async () => {
    const few = commands.filter(({ name }) => ["schema", "lab"].includes(name));
    expect(await offered([""], few)).toEqual(["lab", "schema", "help"]);
    expect(await offered(["plan", "--a"], few)).toEqual([]);
  });
});
