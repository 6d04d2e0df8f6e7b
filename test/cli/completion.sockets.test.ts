/** `lvsctl completion bash`, asked by a real bash. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isFamily, type Table } from "../../src/cli/command.ts";
import { commands } from "../../src/cli/commands.ts";
import { formatBashCompletion } from "../../src/cli/completion/bash.ts";
import { completedCommands } from "../../src/cli/completion/words.ts";
import { builtinFiles, builtinFolder } from "../../src/playbook/builtin-files.ts";
import { CompletionFolder } from "../helpers/completion-folder.ts";

const ASK = `
. ./completion.bash || exit
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
complete -p lvsctl >/dev/null && _lvsctl
for each in "\${COMPREPLY[@]}"; do printf '%s\\n' "$each"; done`;

let folder: CompletionFolder;

beforeAll(() => {
  folder = new CompletionFolder();
});

afterAll(() => {
  folder.remove();
});

/** What bash offers for a command line, as it takes it apart; the last word is the one at the cursor. */
async function offered(line: readonly string[], table: Table = commands): Promise<readonly string[]> {
  folder.write("completion.bash", formatBashCompletion(await completedCommands(table)));
  const args = ["--norc", "--noprofile", "-u", "-c", ASK, "bash", "lvsctl", ...line];
  return execFileSync("bash", args, {
    cwd: folder.path,
    encoding: "utf8",
    env: folder.env,
  })
    .split("\n")
    .slice(0, -1);
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
    expect(await offered(["lab", "up", "--"])).toEqual([
      "--engine",
      "--init",
      "--packages",
      "--recreate",
      "--force",
      "--no-color",
      "--help",
    ]);
    expect(await offered(["validate", "--yes"])).toEqual([]);
  });

  it("values that are few, with and without an equals sign", async () => {
    expect(await offered(["validate", "--format", ""])).toEqual(["text", "json", "github"]);
    expect(await offered(["plan", "-v", "--format", "=", "j"])).toEqual(["json"]);
    expect(await offered(["plan", "--format", "="])).toEqual(["text", "json", "markdown"]);
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

  it("names in the topology file, whatever mistakes it has", async () => {
    const file = "topologies/shop.yaml";
    expect(await offered(["explain", file, ""])).toEqual(["web", "web-tls", "db"]);
    expect(await offered(["explain", "--lang", "zh", file, "w"])).toEqual(["web", "web-tls"]);
    expect(await offered(["drain", file, ""])).toEqual(["rs1", "rs2", "win"]);
    expect(await offered(["undrain", "-F", "topology.yaml", file, "rs1", "--service", "d"])).toEqual(["db"]);
    expect(await offered(["lab", "ssh", file, ""])).toEqual(["lb", "rs1", "rs2", "pc", "win"]);
    expect(await offered(["plan", file, "--limit", "r"])).toEqual(["rs1", "rs2"]);
    expect(await offered(["plan", file, "--limit", "w"])).toEqual([]);
    expect(await offered(["plan", file, "--limit", "=", "rs1,r"])).toEqual(["rs1,rs1", "rs1,rs2"]);
    expect(await offered(["apply", file, "--confirm-at", "l"])).toEqual(["lb="]);
    expect(existsSync(join(folder.path, "carried-out"))).toBe(false);
  });

  it("names in a file whose name was typed with a backslash or a tilde, and none in what is no file", async () => {
    expect(await offered(["explain", "topologies/my\\ shop.yaml", "d"])).toEqual(["db"]);
    expect(await offered(["explain", "~/shop.yaml", "d"])).toEqual(["db"]);
    for (const file of ["dr", "topologies", "no-such.yaml", "topology.yaml"]) {
      expect(await offered(["explain", file, ""])).toEqual([]);
    }
  });

  it("what the table has, and nothing else", async () => {
    const few = commands.filter(({ name }) => ["schema", "lab"].includes(name));
    expect(await offered([""], few)).toEqual(["lab", "schema", "help"]);
    expect(await offered(["plan", "--a"], few)).toEqual([]);
  });
});
