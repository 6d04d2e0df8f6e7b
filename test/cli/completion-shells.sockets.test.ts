/** `lvsctl completion zsh` and `fish`, asked by the real shells: what they offer for the word at the end of a line. */
import { existsSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { formatFishCompletion } from "../../src/cli/completion/fish.ts";
import { completedCommands } from "../../src/cli/completion/words.ts";
import { formatZshCompletion } from "../../src/cli/completion/zsh.ts";
import { builtinFiles, builtinFolder } from "../../src/playbook/builtin-files.ts";
import { CompletionFolder } from "../helpers/completion-folder.ts";
import { watched } from "../helpers/watched-process.ts";

/** In an interactive zsh: notes each match that is added, and ends once a line has been completed. Source: zshcompwid(1). */
const NOTE_MATCHES = `
PROMPT=
autoload -Uz compinit && compinit -D -u
. ./completion.zsh
compadd() {
  local -a matches
  [[ " $* " == *" -"[OAD]" "* ]] || { builtin compadd -O matches "$@"; print -rl -- $matches >> offered; }
  builtin compadd "$@"
}
finish() { exit }
comppostfuncs=(finish)
bindkey '^I' complete-word
`;
/** Types a line and the Tab key into a zsh on a terminal. Source: zshmodules(1), zpty. */
const TYPE_INTO_ZSH = `
zmodload zsh/zpty
zpty asked zsh -f -i
zpty -w asked '. ./note-matches'
zpty -w -n asked "$1"$'\\t'
while zpty -r asked line; do :; done`;
const ASK_FISH = "source completion.fish; complete -C $argv[1]";

let folder: CompletionFolder;

beforeAll(async () => {
  folder = new CompletionFolder();
  const completed = await completedCommands(commands);
  folder.write("completion.zsh", formatZshCompletion(completed));
  folder.write("completion.fish", formatFishCompletion(completed));
  folder.write("note-matches", NOTE_MATCHES);
});

afterAll(() => {
  folder.remove();
});

async function run(argv: readonly string[]): Promise<string> {
  const ended = await watched(argv, { cwd: folder.path, env: { ...folder.env, TERM: "xterm" } }).ended;
  expect(ended.status, ended.stderr).toBe(0);
  return ended.stdout;
}

/** The matches of zsh; they replace the word at the cursor from its last comma on. */
async function zsh(line: string): Promise<readonly string[]> {
  const noted = join(folder.path, "offered");
  rmSync(noted, { force: true });
  await run(["zsh", "-f", "-c", TYPE_INTO_ZSH, "zsh", line]);
  const text = existsSync(noted) ? await readFile(noted, "utf8") : "";
  return text.split("\n").filter((word) => word !== "");
}

/** The matches of fish, without their descriptions. */
async function fish(line: string): Promise<readonly string[]> {
  const text = await run(["fish", "--no-config", "-c", ASK_FISH, line]);
  return text
    .split("\n")
    .slice(0, -1)
    .map((word) => word.split("\t")[0] ?? "");
}

const SHOP = "topologies/shop.yaml";

describe.each([
  { shell: "zsh", offered: zsh },
  { shell: "fish", offered: fish },
])("$shell completes", ({ shell, offered }) => {
  const sorted = async (line: string) => (await offered(line)).toSorted();

  it("commands, those of a family, and flags of a command and no other", async () => {
    expect(await sorted("lvsctl d")).toEqual(["destroy", "drain", "drift"]);
    expect(await sorted("lvsctl ledger rep")).toEqual(["repair"]);
    expect(await sorted("lvsctl plan --a")).toEqual([
      "--accept-new",
      "--adopt",
      "--allow-management-change",
      "--ask-pass",
    ]);
    expect(await sorted("lvsctl validate --ye")).toEqual([]);
  });

  it("values that are few, files, and the name of a mode or feature where either can stand", async () => {
    expect(await sorted("lvsctl validate --format ")).toEqual(["github", "json", "text"]);
    expect(await sorted("lvsctl lab up --engine q")).toEqual(["qemu"]);
    expect(await sorted("lvsctl apply topo")).toEqual(
      shell === "zsh" ? ["topologies", "topology.yaml"] : ["topologies/", "topology.yaml"],
    );
    expect(await sorted("lvsctl explain ")).toEqual(
      expect.arrayContaining(builtinFiles(builtinFolder).map(({ name }) => name)),
    );
    expect(await sorted("lvsctl schema t")).toEqual([]);
    expect(await sorted("lvsctl drain -F topology.yaml topology.yaml t")).toEqual([]);
    expect(await sorted("lvsctl validate topology.yaml topo")).toContain("topology.yaml");
  });

  it("names in the topology file, which carry nothing out", async () => {
    expect(await sorted(`lvsctl explain ${SHOP} w`)).toEqual(["web", "web-tls"]);
    expect(await sorted("lvsctl explain ~/shop.yaml d")).toEqual(["db"]);
    expect(await sorted(`lvsctl undrain -F topology.yaml ${SHOP} rs1 --service d`)).toEqual(["db"]);
    expect(await sorted(`lvsctl plan ${SHOP} --limit r`)).toEqual(["rs1", "rs2"]);
    const list = await sorted(`lvsctl plan ${SHOP} --limit rs1,r`);
    expect(list).toEqual(shell === "zsh" ? ["rs1", "rs2"] : ["rs1,rs1", "rs1,rs2"]);
    expect(await sorted(`lvsctl plan ${SHOP} --limit w`)).toEqual([]);
    expect(existsSync(join(folder.path, "carried-out"))).toBe(false);
  });
});
