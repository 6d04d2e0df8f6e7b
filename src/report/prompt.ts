/** Questions on the terminal. They go to stderr, because stdout is for data. */
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { visibleLine } from "./visible.ts";

/** Whether somebody is there to answer. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Asks for `yes`; aborting the signal means no. Throws LVS-USAGE-002 when there is no terminal. */
export async function askYes(question: string, signal?: AbortSignal): Promise<boolean> {
  if (!canAsk()) {
    throw new LvsctlError("LVS-USAGE-002", `There is no terminal to ask "${question}" on; nothing has been changed.`, {
      hint: "Look at the plan, then run the same with --yes.",
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
  process.stderr.write(visibleLine(question));
  const answer = await ask("", { output: new Writable({ write: (_chunk, _encoding, done) => done() }) });
  process.stderr.write("\n");
  if (answer === undefined) throw new LvsctlError("LVS-CONNECT-022", "Interrupted at the question for a password.");
  return answer;
}

/** The answer, or undefined if there is none. */
async function ask(
  question: string,
  {
    output = process.stderr,
    signal,
  }: { readonly output?: NodeJS.WritableStream; readonly signal?: AbortSignal | undefined },
): Promise<string | undefined> {
  const terminal = createInterface({ input: process.stdin, output, terminal: true });
  const abort = new AbortController();
  const end = () => abort.abort();
  terminal.once("SIGINT", end);
  terminal.once("close", end);
  process.stdin.once("error", end); // The terminal is gone.
  signal?.addEventListener("abort", end, { once: true });
  if (signal?.aborted) end();
  try {
    return await terminal.question(question, { signal: abort.signal });
  } catch {
    return undefined;
  } finally {
    signal?.removeEventListener("abort", end);
    process.stdin.off("error", end);
    terminal.close();
  }
}
