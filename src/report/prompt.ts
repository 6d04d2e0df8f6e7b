/** Questions to the person at the terminal. They go to stderr, because stdout is for data. */
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { LvsctlError } from "../errors/lvsctl-error.ts";

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
  return /^y(es)?$/i.test((await ask(`${question} [y/N] `, { signal })).trim());
}

/** Asks for a password or passphrase without echoing it. */
export async function askSecret(question: string): Promise<string> {
  process.stderr.write(question);
  const answer = await ask("", { output: new Writable({ write: (_chunk, _encoding, done) => done() }) });
  process.stderr.write("\n");
  return answer;
}

async function ask(
  question: string,
  {
    output = process.stderr,
    signal,
  }: { readonly output?: NodeJS.WritableStream; readonly signal?: AbortSignal | undefined },
): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output, terminal: true });
  const abort = new AbortController();
  terminal.once("SIGINT", () => abort.abort());
  terminal.once("close", () => abort.abort());
  const end = () => abort.abort();
  signal?.addEventListener("abort", end, { once: true });
  if (signal?.aborted) end();
  try {
    return await terminal.question(question, { signal: abort.signal });
  } catch {
    return "";
  } finally {
    signal?.removeEventListener("abort", end);
    terminal.close();
  }
}
