import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { watched } from "./watched-process.ts";

const PROGRAM = fileURLToPath(new URL("terminal.py", import.meta.url));

/** What happens on the terminal. */
export interface PtyOptions {
  readonly argv: readonly string[];
  /** How wide the terminal is; default: it does not say. */
  readonly columns?: number;
  /** When to act: once `file`, or what is on the terminal, holds this. */
  readonly text?: string;
  readonly file?: string;
  /** What is typed then; without it the terminal is closed. */
  readonly keys?: string;
  /** What is typed, one after the other, each once the terminal has shown its text since the last keys. */
  readonly dialogue?: readonly (readonly [text: string, keys: string])[];
  /** How long it may take after the last keys; default: five minutes. */
  readonly patienceSeconds?: number;
  /** Besides our own environment; CI is not passed on, because what runs there is drawn differently. */
  readonly env?: Readonly<Record<string, string>>;
}

/** How the program ended, and what it wrote to its terminal. */
export interface PtyResult {
  readonly printed: string;
  /** Negative: the signal that ended it. */
  readonly status: number;
  /** Whether the time to act has come. */
  readonly acted: boolean;
}

/** Whether this machine has what it takes. */
export const hasPty = spawnSync("python3", ["-c", "import pty"]).status === 0;

/** Runs a program on a real terminal. Throws if it has not ended so long after the last keys. */
export async function onTerminal({ env, ...order }: PtyOptions): Promise<PtyResult> {
  const { CI: _ci, ...own } = process.env;
  const argv = ["python3", PROGRAM, JSON.stringify(order)];
  const { stdout, stderr } = await watched(argv, { env: { ...own, ...env } }).ended;
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}
