import { execFile } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { type Applied, noteAnswered, noteVerified } from "./lab-coverage.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** A lab made for one test file from a copy of a topology under a name of its own, so that it is in nobody's way. */
export class LabUnderTest {
  readonly name: string;
  readonly file: string;
  private readonly folder: string;
  /** The last topology that was applied as a whole. */
  private applied: Applied | undefined;

  private constructor(name: string, file: string, folder: string) {
    this.name = name;
    this.file = file;
    this.folder = folder;
  }

  /** `edit` changes the topology's text; `besides` are further files to lie beside it, `flags` those of `lab up`. */
  static async up(
    example: string,
    name: string,
    edit: (text: string) => string = (text) => text,
    besides: readonly string[] = [],
    flags: readonly string[] = [],
  ): Promise<LabUnderTest> {
    const folder = mkdtempSync(join(tmpdir(), "lvsctl-test-"));
    const file = join(folder, "topology.yaml");
    const text = readFileSync(join(root, "examples", example), "utf8").replace(/^name: .*$/m, `name: ${name}`);
    writeFileSync(file, edit(text));
    for (const path of besides) copyFileSync(join(root, path), join(folder, basename(path)));
    const lab = new LabUnderTest(name, file, folder);
    const result = await lab.lvsctl("lab", "up", ...flags, file);
    if (result.status !== 0) {
      lab.forget();
      throw new Error(`lab up: ${result.stderr}${result.stdout}`);
    }
    return lab;
  }

  get sshConfig(): string {
    return `/run/lvsctl-lab/${this.name}/ssh_config`;
  }

  /** Runs the built lvsctl as a person would. */
  async lvsctl(...args: readonly string[]): Promise<Result> {
    const result = await run(process.execPath, [join(root, "bin/lvsctl.js"), ...args], "");
    this.note(args, result);
    return result;
  }

  /** A command that works on this lab: `lab.do("apply", "--yes")`. */
  do(command: string, ...flags: readonly string[]): Promise<Result> {
    return this.lvsctl(command, "--lab", ...flags, this.file);
  }

  /** A topology that is applied and verified counts as shown; see docs/modes.md. */
  private note(args: readonly string[], { status, stdout }: Result): void {
    const file = args.at(-1);
    if (args[0] !== "apply" || status !== 0 || file === undefined || !existsSync(file)) return;
    if (args.some((arg) => /^(--no-verify|--limit|-l)$/.test(arg))) return;
    const applied = this.appliedFrom(file);
    if (applied === undefined) return;
    this.applied = applied;
    noteVerified(applied, stdout);
  }

  /** A service that verify does not ask counts as shown when the test has asked it; `answers`: who answered each. */
  noteAnswered(service: string, asked: readonly string[], answers: readonly string[]): void {
    if (this.applied === undefined) throw new Error("Nothing has been applied.");
    noteAnswered(this.applied, service, asked, answers);
  }

  private appliedFrom(topologyFile: string): Applied | undefined {
    const { testPath } = expect.getState();
    if (testPath === undefined) return undefined;
    return { topologyFile, labRecord: `/run/lvsctl-lab/${this.name}/lab.json`, testFile: testPath };
  }

  /** Runs a script on a host over OpenSSH, apart from lvsctl; throws when it fails. */
  async on(host: string, script: string): Promise<string> {
    const { stdout, stderr, status } = await run("ssh", ["-F", this.sshConfig, host, "sh -s"], `set -eu\n${script}\n`);
    if (status !== 0) throw new Error(`on ${host}: ${script}\nended with ${status}: ${stderr}${stdout}`);
    return stdout;
  }

  /** Writes a topology beside the lab's own, the text edited; gives its path. */
  variant(file: string, edit: (text: string) => string): string {
    const path = join(dirname(this.file), file);
    writeFileSync(path, edit(readFileSync(this.file, "utf8")));
    return path;
  }

  async down(): Promise<void> {
    await this.lvsctl("lab", "down", this.name);
    this.forget();
  }

  private forget(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function run(program: string, args: readonly string[], input: string): Promise<Result> {
  return new Promise((resolve) => {
    const options = { encoding: "utf8", timeout: 120_000, maxBuffer: 64 * 1024 * 1024, cwd: root } as const;
    const child = execFile(program, args, options, (_error, stdout, stderr) => {
      resolve({ stdout, stderr, status: child.exitCode ?? -1 });
    });
    child.stdin?.on("error", () => {}); // Nobody reads what is sent to a host that has just gone.
    child.stdin?.end(input);
  });
}
