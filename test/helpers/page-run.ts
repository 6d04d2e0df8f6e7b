/** Runs the commands of a page as its reader would: in one folder, on a terminal of 80 columns, with labs that nobody else sees. */
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Namespaces } from "./namespaces.ts";
import { onTerminal } from "./pty.ts";
import type { Step } from "./transcript.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** How wide a reader's terminal is taken to be. */
export const COLUMNS = 80;
const QUESTION = "[y/N] ";

/**
 * A place to run commands in; it has `examples`, `lvsctl` and `sudo`, or, if it `isBare`, only `sudo`. What npm installs
 * globally stays in it. Needs root, and what a lab needs.
 */
export class PageRun {
  readonly folder: string;
  private readonly namespaces: Namespaces;
  /** Functions of the reader's shell so far. */
  private readonly functions: string[] = [];

  constructor({ isBare = false } = {}) {
    this.folder = mkdtempSync(join(tmpdir(), "lvsctl-page-"));
    mkdirSync(join(this.folder, ".npm/bin"), { recursive: true });
    if (!isBare) {
      cpSync(join(root, "examples"), join(this.folder, "examples"), { recursive: true });
      this.program("lvsctl", `exec ${process.execPath} ${join(root, "bin/lvsctl.js")} "$@"`);
    }
    this.program("sudo", 'exec "$@"');
    this.namespaces = new Namespaces(["mount -t tmpfs tmpfs /run", "mkdir -m 1777 /run/lock"]);
  }

  /** Puts a file next to the examples. */
  file(name: string, source: string): void {
    cpSync(join(root, source), join(this.folder, name));
  }

  /** Runs a command, answering a question as the page does, and returns what it wrote to the terminal. */
  async run({ command, printed }: Step): Promise<string> {
    const environment = `PATH="$PWD/.npm/bin:$PATH" npm_config_prefix="$PWD/.npm" npm_config_fund=false TERM=xterm`;
    if (/^\w+\(\) \{/.test(command)) this.functions.push(command);
    const script = [
      `cd ${this.folder} || exit`,
      "unset NO_COLOR FORCE_COLOR",
      `export ${environment}`,
      ...this.functions,
      command,
    ].join("\n");
    const answers = printed.filter((line) => line.includes(QUESTION)).map((line) => line.split(QUESTION)[1] ?? "");
    const { printed: shown } = await onTerminal({
      argv: ["nsenter", "-t", await this.namespaces.pid, "-m", "-p", "sh", "-c", script],
      columns: COLUMNS,
      dialogue: answers.map((answer) => [QUESTION, `${answer}\r`] as const),
      patienceSeconds: 1_800,
    });
    return shown;
  }

  async end(): Promise<void> {
    await this.namespaces.end();
    rmSync(this.folder, { recursive: true });
  }

  private program(name: string, line: string): void {
    const path = join(this.folder, ".npm/bin", name);
    writeFileSync(path, `#!/bin/sh\n${line}\n`);
    chmodSync(path, 0o755);
  }
}
