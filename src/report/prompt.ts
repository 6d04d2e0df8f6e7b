/** Questions on the terminal. They go to stderr, because stdout is for data. */
import { closeSync, constants, openSync, readSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { PassThrough, Writable } from "node:stream";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { visibleLine } from "./visible.ts";

/** Whether somebody is there to answer. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/**
 * Asks for `yes`; aborting the signal means no. What was typed before the question is dropped: it was not meant for it. Throws
 * LVS-USAGE-002 when there is no terminal.
 */
export async function askYes(question: string, signal?: AbortSignal): Promise<boolean> {
  if (!canAsk()) {
    throw new LvsctlError("LVS-USAGE-002", `There is no terminal to ask "${question}"; nothing has been changed.`, {
      hint: "Check the plan, then run the same command with --yes.",
    });
  }
  const answer = await ask(`${visibleLine(question)} [y/N] `, { signal });
  return answer !== undefined && /^y(es)?$/i.test(answer.trim());
}

/**
 * Asks for a password or passphrase without echoing it. Throws LVS-CONNECT-022 if the question is left with Ctrl-C or Ctrl-D,
 * or if the terminal is gone: an empty password is something else.
 */
export async function askSecret(question: string): Promise<string> {
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const answer = await ask("", { output, before: () => process.stderr.write(visibleLine(question)) });
  process.stderr.write("\n");
  if (answer === undefined) throw new LvsctlError("LVS-CONNECT-022", "Interrupted at the question for a password.");
  return answer;
}

/**
 * Asks for a line. What was typed before the question is dropped: it was not meant for it. Throws LVS-USAGE-006 if the question is
 * left with Ctrl-C or Ctrl-D, or if the terminal is gone.
 */
export async function askLine(question: string): Promise<string> {
  const answer = await ask(visibleLine(question), {});
  if (answer !== undefined) return answer.trim();
  process.stderr.write("\n");
  throw new LvsctlError("LVS-USAGE-006", "Interrupted at a question; nothing has been written.");
}

const CTRL_C = "\u0003";

/** What is waiting to be read from the terminal. */
function typedSoFar(): string {
  const buffer = Buffer.alloc(4096);
  let typed = "";
  try {
    const terminal = openSync("/dev/tty", constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      for (let size = 1; size > 0; typed += buffer.toString("latin1", 0, size)) size = readSync(terminal, buffer);
    } finally {
      closeSync(terminal);
    }
  } catch {
    // Nothing more is waiting, or the terminal is gone.
  }
  return typed;
}

/** The answer, or undefined if there is none. Whatever was typed before is dropped. */
async function ask(
  question: string,
  {
    output = process.stderr,
    signal,
    before = () => {},
  }: {
    readonly output?: NodeJS.WritableStream;
    readonly signal?: AbortSignal | undefined;
    /** Called once the terminal echoes nothing any more. */
    readonly before?: () => void;
  },
): Promise<string | undefined> {
  if (process.stdin.readableEnded) return undefined;
  setRawMode(true); // Else half a line cannot be read.
  if (typedSoFar().includes(CTRL_C)) {
    setRawMode(false);
    return undefined;
  }
  // Not stdin itself: readline would set the mode of a terminal that is gone, and throw where nobody can catch it.
  const input = process.stdin.pipe(new PassThrough());
  const terminal = createInterface({ input, output, terminal: true });
  const abort = new AbortController();
  const end = () => abort.abort();
  terminal.once("SIGINT", end);
  terminal.once("close", end);
  process.stdin.once("error", end); // The terminal is gone.
  signal?.addEventListener("abort", end, { once: true });
  if (signal?.aborted) end();
  before();
  try {
    return await terminal.question(question, { signal: abort.signal });
  } catch {
    return undefined;
  } finally {
    signal?.removeEventListener("abort", end);
    process.stdin.off("error", end);
    process.stdin.unpipe(input);
    process.stdin.pause();
    setRawMode(false);
    terminal.close();
  }
}

/** Whether each key is passed on at once, and echoed by nobody but readline. */
function setRawMode(isRaw: boolean): void {
  try {
    if (process.stdin.isTTY) process.stdin.setRawMode(isRaw);
  } catch {
    // The terminal is gone.
  }
}
