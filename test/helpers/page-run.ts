/** Runs the commands of a page as its reader would: in one folder, on a terminal of 80 columns, with labs that nobody else sees. */
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Namespaces } from "./namespaces.ts";
import { onTerminal } from "./pty.ts";
import { asOnScreen, type Step } from "./transcript.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const QUESTION = "[y/N] ";

/** A place to run commands in; it has `examples`, `lvsctl` and `sudo`. Needs root, and what a lab needs. */
export class PageRun {
  readonly folder: string;
  private readonly namespaces: Namespaces;
  /** Functions of the reader's shell so far. */
  private readonly functions: string[] = [];

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "lvsctl-page-"));
    cpSync(join(root, "examples"), join(this.folder, "examples"), { recursive: true });
    mkdirSync(join(this.folder, ".bin"));
    this.program("lvsctl", `exec ${process.execPath} ${join(root, "bin/lvsctl.js")} "$@"`);
    this.program("sudo", 'exec "$@"');
    this.namespaces = new Namespaces(["mount -t tmpfs tmpfs /run", "mkdir -m 1777 /run/lock"]);
  }

  /** Puts a file next to the examples. */
  file(name: string, source: string): void {
    cpSync(join(root, source), join(this.folder, name));
  }

  /** Runs a command, answering a question as the page does, and returns what is on the screen in the end. */
  async run({ command, printed }: Step): Promise<string> {
    const environment = `PATH="$PWD/.bin:$PATH" NO_COLOR=1 CI=true COLUMNS=80`;
    if (/^\w+\(\) \{/.test(command)) this.functions.push(command);
    const script = [`cd ${this.folder} || exit`, `export ${environment}`, ...this.functions, command].join("\n");
    const answers = printed.filter((line) => line.includes(QUESTION)).map((line) => line.split(QUESTION)[1] ?? "");
    const { printed: shown } = await onTerminal({
      argv: ["nsenter", "-t", await this.namespaces.pid, "-m", "-p", "sh", "-c", script],
      columns: 80,
      dialogue: answers.map((answer) => [QUESTION, `${answer}\r`] as const),
      patienceSeconds: 1_800,
    });
    return asOnScreen(shown);
  }

  async end(): Promise<void> {
    await this.namespaces.end();
    rmSync(this.folder, { recursive: true });
  }

  private program(name: string, line: string): void {
    const path = join(this.folder, ".bin", name);
    writeFileSync(path, `#!/bin/sh\n${line}\n`);
    chmodSync(path, 0o755);
  }
}
