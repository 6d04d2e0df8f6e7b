import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

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

  private constructor(name: string, file: string, folder: string) {
    this.name = name;
    this.file = file;
    this.folder = folder;
  }

  /** `edit` changes the topology's text; `besides` are further files to lie beside it. */
  static async up(
    example: string,
    name: string,
    edit: (text: string) => string = (text) => text,
    besides: readonly string[] = [],
  ): Promise<LabUnderTest> {
    const folder = mkdtempSync(join(tmpdir(), "lvsctl-test-"));
    const file = join(folder, "topology.yaml");
    const text = readFileSync(join(root, "examples", example), "utf8").replace(/^name: .*$/m, `name: ${name}`);
    writeFileSync(file, edit(text));
    for (const path of besides) copyFileSync(join(root, path), join(folder, basename(path)));
    const lab = new LabUnderTest(name, file, folder);
    const result = await lab.lvsctl("lab", "up", file);
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
  lvsctl(...args: readonly string[]): Promise<Result> {
    return run(process.execPath, [join(root, "bin/lvsctl.js"), ...args], "");
  }

  /** A command that works on this lab: `lab.do("apply", "--yes")`. */
  do(command: string, ...flags: readonly string[]): Promise<Result> {
    return this.lvsctl(command, "--lab", ...flags, this.file);
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
    child.stdin?.end(input);
  });
}
