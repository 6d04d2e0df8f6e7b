import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { Family } from "../../src/net/address.ts";
import { type Applied, noteAnswered, noteVerified } from "./lab-coverage.ts";
import type { DroppingHosts } from "./service-options.ts";
import { watched } from "./watched-process.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** How long a login and ten commands take on an average machine with a few labs. */
const USUAL_LOGIN_SECONDS = 0.7;
const TEN_COMMANDS = "for i in 1 2 3 4 5 6 7 8 9 10; do /bin/true; done";

/** What we know is on the hosts: the text of a topology that was applied, or nothing of ours. */
type Known = { readonly text: string } | "nothing" | "unknown";

/** A lab for one test file, made from a copy of a topology under its own name, so that it disturbs nobody. */
export class LabUnderTest {
  readonly name: string;
  readonly file: string;
  private readonly folder: string;
  /** The last topology that was applied completely. */
  private applied: Applied | undefined;
  private known: Known = "nothing";
  private dropping: DroppingHosts = { 4: [], 6: [] };
  /** How many times slower than average this machine is; at least 1. */
  private slowness = 1;

  private constructor(name: string, file: string, folder: string) {
    this.name = name;
    this.file = file;
    this.folder = folder;
  }

  /** `edit` changes the topology's text; `besides` are files to put next to it, `flags` those of `lab up`. */
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
    for (const path of besides) copyFileSync(resolve(root, path), join(folder, basename(path)));
    const lab = new LabUnderTest(name, file, folder);
    const result = await lab.lvsctl("lab", "up", ...flags, file);
    if (result.status !== 0) {
      lab.forget();
      throw new Error(`lab up: ${result.stderr}${result.stdout}`);
    }
    await lab.learnPace();
    return lab;
  }

  /** Measures how slow this machine is, and gives verify's requests enough time for it. */
  private async learnPace(): Promise<void> {
    const { hosts } = JSON.parse(readFileSync(join(this.directory, "lab.json"), "utf8"));
    const started = performance.now();
    await this.on(hosts[0].name, TEN_COMMANDS);
    this.slowness = Math.max(1, (performance.now() - started) / 1_000 / USUAL_LOGIN_SECONDS);
    const text = readFileSync(this.file, "utf8");
    const timed = text.replace(
      /^(verify: .*timeout: )(\d+)/m,
      (_all, before, usual) => before + this.seconds(2 * Number(usual)),
    );
    writeFileSync(this.file, /^verify:/m.test(text) ? timed : `${text}\nverify: { timeout: ${this.seconds(10)} }\n`);
  }

  /** Scales seconds on an average machine to whole seconds on this one. */
  seconds(usual: number): number {
    return Math.ceil(usual * this.slowness);
  }

  get directory(): string {
    return `/run/lvsctl-lab/${this.name}`;
  }

  get sshConfig(): string {
    return `${this.directory}/ssh_config`;
  }

  /** Runs the built lvsctl as a person would. */
  async lvsctl(...args: readonly string[]): Promise<Result> {
    const file = args.at(-1) ?? "";
    const text = existsSync(file) ? readFileSync(file, "utf8") : undefined;
    const result = await this.run([process.execPath, join(root, "bin/lvsctl.js"), ...args]);
    this.note(args, result);
    this.known = after(this.known, args, result, text);
    const isGone = result.status !== 0 && /The ProxyCommand for \S+ has ended/.test(result.stderr);
    return isGone ? { ...result, stderr: result.stderr + this.lastWords() } : result;
  }

  /** Makes sure that this topology is applied and nothing else of ours. */
  async ensureApplied(file = this.file): Promise<void> {
    const text = readFileSync(file, "utf8");
    if (typeof this.known === "object" && this.known.text === text) return;
    const { status, stderr, stdout } = await this.lvsctl("apply", "--lab", "--yes", "--no-verify", "--no-drain", file);
    if (status !== 0) throw new Error(`apply: ${stderr}${stdout}`);
  }

  /** Makes sure that nothing of ours is on the hosts. */
  async ensureBare(): Promise<void> {
    if (this.known === "nothing") return;
    const { status, stderr, stdout } = await this.do("destroy", "--yes", "--no-drain");
    if (status !== 0) throw new Error(`destroy: ${stderr}${stdout}`);
  }

  /** As `ensureApplied`, if any topology will do. */
  async ensureSomething(): Promise<void> {
    if (typeof this.known !== "object") await this.ensureApplied();
  }

  /** Call this after changing the hosts other than through `lvsctl`. */
  forgetState(): void {
    this.known = "unknown";
  }

  /** A command that works on this lab: `lab.do("apply", "--yes")`. */
  do(command: string, ...flags: readonly string[]): Promise<Result> {
    return this.lvsctl(command, "--lab", ...flags, this.file);
  }

  /** A topology that was applied and verified counts as shown; see docs/modes.md. */
  private note(args: readonly string[], { status, stdout }: Result): void {
    const file = args.at(-1);
    if (args[0] !== "apply" || status !== 0 || file === undefined || !existsSync(file)) return;
    if (args.some((arg) => /^(--no-verify|--limit|-l)$/.test(arg))) return;
    const applied = this.appliedFrom(file);
    if (applied === undefined) return;
    this.applied = applied;
    noteVerified(applied, stdout);
  }

  /**
   * A service that verify sends no requests to counts as shown once the test has asked it; `answers`: who answered each
   * request.
   */
  noteAnswered(service: string, asked: readonly string[], answers: readonly string[]): void {
    if (this.applied === undefined) throw new Error("Nothing has been applied.");
    noteAnswered(this.applied, service, asked, answers);
  }

  /** Services that are verified from now on count as shown where these hosts drop what they do not know. */
  noteDropping(hosts: readonly string[], families: readonly Family[]): void {
    const more = (family: Family) =>
      families.includes(family) ? [...this.dropping[family], ...hosts] : this.dropping[family];
    this.dropping = { 4: more(4), 6: more(6) };
  }

  private appliedFrom(topologyFile: string): Applied | undefined {
    const { testPath } = expect.getState();
    if (testPath === undefined) return undefined;
    return { topologyFile, labRecord: `${this.directory}/lab.json`, testFile: testPath, dropping: this.dropping };
  }

  /**
   * Runs a script on a host over OpenSSH, independently of lvsctl; throws if it fails. On a slow machine a script that loads a
   * filter's rules may keep its host silent for a minute.
   */
  async on(host: string, script: string): Promise<string> {
    const { stdout, stderr, status } = await this.run(
      ["ssh", "-F", this.sshConfig, "-o", "ServerAliveCountMax=30", host, "sh -s"],
      `set -eu\n${script}\n`,
    );
    if (status === 0) return stdout;
    const last = stderr.includes("is not running") ? this.lastWords() : "";
    throw new Error(`on ${host}: ${script}\nended with ${status}: ${stderr}${stdout}${last}`);
  }

  /** The end of what the lab's kernel has printed. */
  private lastWords(): string {
    const console = join(this.directory, "console.log");
    const words = existsSync(console) ? readFileSync(console, "utf8").split("\n").slice(-60).join("\n") : "nothing";
    return `\nThe lab's last words:\n${words}`;
  }

  /** Writes an edited topology next to the lab's own; returns its path. */
  variant(file: string, edit: (text: string) => string): string {
    const path = join(dirname(this.file), file);
    writeFileSync(path, edit(readFileSync(this.file, "utf8")));
    return path;
  }

  async down(): Promise<void> {
    await this.lvsctl("lab", "down", "--force", this.name);
    this.forget();
  }

  private async run(argv: readonly string[], input = ""): Promise<Result> {
    const { status, ...rest } = await watched(argv, { input, lab: this.directory, cwd: root }).ended;
    return { ...rest, status: status ?? -1 };
  }

  private forget(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What a command of lvsctl prints on stdout. If it does not succeed, the test fails with all that it has printed. */
export async function succeeded(command: Promise<Result>): Promise<string> {
  const { status, stdout, stderr } = await command;
  expect(status, stdout + stderr).toBe(0);
  return stdout;
}

/** What is on the hosts after a command, judging by its output. */
function after(known: Known, args: readonly string[], { status, stderr }: Result, text: string | undefined): Known {
  const [command = ""] = args;
  if (!["apply", "destroy", "confirm", "rollback", "drain", "undrain"].includes(command)) return known;
  if (status === 5 || status === 6 || status === 64 || stderr.includes("nothing has been changed")) return known;
  if (command === "destroy" && status === 0) return "nothing";
  const isWhole = !args.some((arg) => /^(--no-confirm|--limit|-l)$/.test(arg));
  const isMade = command === "apply" && (status === 0 || status === 3);
  return isMade && isWhole && text !== undefined ? { text } : "unknown";
}
