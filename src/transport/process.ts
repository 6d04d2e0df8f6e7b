/**
 * Programs on this machine: the only user of node:child_process. No shell is involved unless `argv` names one.
 */
import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { ErrorCode } from "../errors/catalogue.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { collectOutput } from "./collect-output.ts";

/** How to start a program. */
export interface ProcessOptions {
  readonly cwd?: string;
  /** The whole environment; by default our own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Aborting it kills the program with everything that it has started. */
  readonly signal?: AbortSignal;
  /** The code of the error where the program cannot be started. Default: LVS-CONNECT-027. */
  readonly codeIfMissing?: ErrorCode;
}

/** How to run a program to its end. */
export interface RunOptions extends ProcessOptions {
  /** What the program reads; by default nothing. */
  readonly stdin?: string | Buffer;
  /** Kills the program when it has not ended by then; the result's `signal` is then SIGKILL. */
  readonly timeoutMs?: number;
}

/** What a program printed, and how it ended. */
export interface ProcessResult {
  readonly stdout: string;
  readonly stderr: string;
  /** The exit status; undefined when a signal ended the program. */
  readonly status: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
}

/** A program that is running. */
export interface StreamedProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles when the program has ended and its streams are closed; rejects with `codeIfMissing` when it is missing. */
  readonly ended: Promise<Pick<ProcessResult, "status" | "signal">>;
  /** Kills the program with everything that it has started. Harmless when it has ended. */
  kill(): void;
}

/**
 * Runs a program to its end; a non-zero status is a result and not an error. Kills it when it prints more than 64 MiB.
 * Throws `codeIfMissing` when the program is missing, and the signal's reason when that is aborted.
 */
export async function runProcess(argv: readonly string[], options: RunOptions = {}): Promise<ProcessResult> {
  options.signal?.throwIfAborted();
  const { stdin, stdout, stderr, ended, kill } = spawnStream(argv, options);
  const timer = options.timeoutMs === undefined ? undefined : setTimeout(kill, options.timeoutMs);
  const output = collectOutput({ stdout, stderr }, kill);
  stdin.on("error", () => {}); // A program may end without reading all of its input.
  stdin.end(options.stdin);
  try {
    const end = await ended;
    options.signal?.throwIfAborted();
    return { ...output(), ...end };
  } finally {
    clearTimeout(timer);
  }
}

/** Starts a program whose streams the caller reads and writes. */
export function spawnStream(argv: readonly string[], options: ProcessOptions = {}): StreamedProcess {
  // A process group of its own, so that `kill` also reaches what a shell has started.
  const child = start(argv, options, ["pipe", "pipe", "pipe"], true);
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) throw new TypeError("a piped program has three streams");
  let closed = false;
  const kill = () => {
    if (!closed) killGroup(child);
  };
  options.signal?.addEventListener("abort", kill, { once: true });
  const ended = end(child, argv, options).finally(() => {
    closed = true;
    options.signal?.removeEventListener("abort", kill);
  });
  ended.catch(() => {}); // Callers that only read the streams see them end.
  return { stdin, stdout, stderr, ended, kill };
}

/** Runs a program on our own terminal to its end. Throws `codeIfMissing` when it is missing. */
export function runInteractive(
  argv: readonly string[],
  options: ProcessOptions = {},
): Promise<Pick<ProcessResult, "status" | "signal">> {
  return end(start(argv, options, "inherit", false), argv, options);
}

/**
 * Starts a program that outlives us, in a session of its own, and returns its process id. Its output goes to the open file
 * descriptor `output`, or nowhere. Throws `codeIfMissing` when it is missing.
 */
export async function spawnDetached(
  argv: readonly string[],
  options: Omit<ProcessOptions, "signal"> & { readonly output?: number } = {},
): Promise<number> {
  const output = options.output ?? "ignore";
  const child = start(argv, options, ["ignore", output, output], true);
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (error) => reject(cannotStart(argv, options, error)));
  });
  child.unref();
  if (child.pid === undefined) throw new TypeError("a started program has a process id");
  return child.pid;
}

function start(
  argv: readonly string[],
  { cwd, env }: ProcessOptions,
  stdio: StdioOptions,
  detached: boolean,
): ChildProcess {
  const [program, ...args] = argv;
  if (program === undefined) throw new RangeError("a program has a name");
  return spawn(program, args, { cwd, env: env ?? process.env, stdio, detached });
}

function end(
  child: ChildProcess,
  argv: readonly string[],
  options: ProcessOptions,
): Promise<Pick<ProcessResult, "status" | "signal">> {
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(cannotStart(argv, options, error)));
    child.once("close", (status, signal) => resolve({ status: status ?? undefined, signal: signal ?? undefined }));
  });
}

/** Kills the whole process group: a child may still hold our pipes after its leader has ended. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    for (const stream of [child.stdout, child.stderr]) stream?.destroy();
  }
}

function cannotStart(
  argv: readonly string[],
  { codeIfMissing = "LVS-CONNECT-027" }: ProcessOptions,
  cause: Error,
): LvsctlError {
  const program = argv[0] ?? "";
  const missing = "code" in cause && cause.code === "ENOENT";
  return new LvsctlError(
    codeIfMissing,
    missing ? `${program} is not installed on this machine.` : `${program} cannot be started: ${cause.message}.`,
    { hint: missing ? `Install the package that contains ${program}.` : `Try ${program} by hand.`, cause },
  );
}
