/**
 * One call: sends a script to a shell that has just been started and collects its output, within limits of time and size.
 * What the login printed before the script is left out.
 */
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { interrupted, type Limit, startLimit } from "./call-limit.ts";
import { collectOutput, type Printed } from "./collect-output.ts";
import type { Conduit, ConduitEnd } from "./conduit.ts";
import { FORCED_COMMAND } from "./forced-command.ts";
import type { CallOptions, RunResult } from "./transport.ts";

/** Becomes root in a new shell, before the script is sent. `printed` returns the shell's output so far. */
export type Unlock = (conduit: Conduit, printed: () => Printed) => Promise<void>;

/** What to run on a host, and how. */
export interface ScriptCall {
  readonly host: string;
  readonly script: string;
  /** Random letters and digits, which nothing on the host can know. */
  readonly nonce: string;
  /** What the call does, for errors: `reading address, route`. */
  readonly purpose: string;
  readonly options: CallOptions;
  readonly unlock?: Unlock;
  /** Kills a script that goes on after its conduit has been closed; `pid` is its shell. */
  readonly killRemote?: (pid: number) => Promise<void>;
}

const KILL_GRACE_MS = 2_000;

/**
 * Runs the script to its end. Throws LVS-CONNECT-016 when no shell took it, -019 when it takes longer than the options allow
 * or the host falls silent, -022 when it is aborted, -026 when it prints more than 64 MiB, and what the conduit and `unlock` throw.
 */
export async function callScript(open: () => Promise<Conduit>, call: ScriptCall): Promise<RunResult> {
  const { host, options } = call;
  if (options.signal?.aborted) throw interrupted(host, call.purpose);
  const limit = startLimit(host, call.purpose, options);
  try {
    const conduit = await limit.within(open(), (late) => late.kill());
    return await exchange(conduit, call, limit);
  } finally {
    limit.end();
  }
}

async function exchange(conduit: Conduit, call: ScriptCall, limit: Limit): Promise<RunResult> {
  const { host, nonce, options, unlock } = call;
  const output = collectOutput(conduit, () =>
    limit.stop(
      new LvsctlError("LVS-CONNECT-026", `${host} printed more than 64 MiB while ${call.purpose}.`, {
        host,
        hint: "Check the host for a program that prints endlessly.",
      }),
    ),
  );
  const lines = options.onLine && reportLines(conduit.stdout, nonce, options.onLine);
  conduit.stdin.on("error", () => {}); // Why the shell stopped reading shows in how it ended.
  try {
    if (unlock) {
      limit.pause();
      await limit.within(unlock(conduit, output));
    }
    limit.begin();
    for (const stream of [conduit.stdout, conduit.stderr]) stream.on("data", limit.heard);
    conduit.stdin.once("finish", limit.heard); // Before that, a long script may still be on its way over a slow line.
    conduit.stdin.end(frameScript(call.script, nonce));
    const end = await limit.within(conduit.ended);
    lines?.();
    return unframe(host, nonce, output(), end);
  } catch (error) {
    conduit.kill();
    const pid = startOf(output().stdout, nonce)?.pid;
    if (pid !== undefined) await call.killRemote?.(pid);
    await settledWithin(conduit.ended, KILL_GRACE_MS);
    throw error;
  }
}

/**
 * The braces make the shell read the whole script before it runs any of it, so nothing runs if the connection breaks and
 * only part of it arrives. The script's standard input is empty, so that no command in it reads the rest of the script.
 */
function frameScript(script: string, nonce: string): string {
  return [
    "", // In case a start-up file reads a line.
    `printf '\\n@%s start %s\\n' ${nonce} $$; printf '\\n@%s start %s\\n' ${nonce} $$ >&2`,
    "{ export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    script,
    "} </dev/null",
    "",
  ].join("\n");
}

function unframe(host: string, nonce: string, printed: Printed, { status, signal }: ConduitEnd): RunResult {
  const stdout = startOf(printed.stdout, nonce)?.rest;
  if (stdout === undefined) throw noShell(host, printed, status);
  const stderr = startOf(printed.stderr, nonce)?.rest ?? printed.stderr;
  return signal === undefined ? { stdout, stderr, status } : { stdout, stderr, status, signal };
}

/** The process ID of the shell, and its output after the mark that shows that the script has started. */
function startOf(text: string, nonce: string): { readonly pid: number; readonly rest: string } | undefined {
  const mark = `\n@${nonce} start `;
  const at = text.indexOf(mark);
  const end = text.indexOf("\n", at + mark.length);
  if (at < 0 || end < 0) return undefined;
  return { pid: Number(text.slice(at + mark.length, end)), rest: text.slice(end + 1) };
}

function noShell(host: string, printed: Printed, status: number | undefined): LvsctlError {
  const output = `${printed.stdout}${printed.stderr}`.trim().slice(-2_000);
  const ending = status === undefined ? "a signal" : `status ${status}`;
  return new LvsctlError("LVS-CONNECT-016", `The login to ${host} works, but no POSIX shell runs there (${ending}).`, {
    host,
    output,
    hint: `Give the user a login shell such as /bin/sh, and let nothing in its start-up files end it. ${FORCED_COMMAND}`,
  });
}

/** Calls `onLine` for each line of the script. Returns a function that reports a last line without a line break. */
function reportLines(stdout: Readable, nonce: string, onLine: (line: string) => void): () => void {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let started = false;
  const take = (line: string) => {
    if (!started) started = line.startsWith(`@${nonce} start `);
    else if (!line.startsWith(`@${nonce} `)) onLine(line);
  };
  stdout.on("data", (chunk: Buffer) => {
    const [end = "", ...others] = decoder.write(chunk).split("\n");
    const lines = [rest + end, ...others];
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  });
  return () => {
    if (rest !== "") take(rest);
  };
}

async function settledWithin(promise: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const grace = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise.catch(() => {}), grace]);
  clearTimeout(timer);
}
