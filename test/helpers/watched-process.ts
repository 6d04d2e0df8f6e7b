/**
 * What a test waits for as long as there is progress: programs, and conditions that programs bring about. Waiting ends if for
 * minutes neither they nor their lab have done anything, or if a great deal of work has led nowhere; never because a fixed
 * time is over.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { labWorkSeconds, ticksOf } from "../../src/lab/lab-work.ts";
import { Patience } from "../../src/lab/patience.ts";
import { childrenOf, kill } from "./process-tree.ts";

export interface WatchOptions {
  /** The program's stdin. */
  readonly input?: string;
  /** The folder of the lab that it works on, where its activity shows. */
  readonly lab?: string;
  readonly cwd?: string;
  /** The whole environment; by default our own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Called with everything printed so far, each time there is more. */
  readonly onOutput?: (printed: string) => void;
}

export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined if a signal ended it. */
  readonly status: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
}

const LOOK_MS = 5_000;
const LIMITS = { idleLooks: 48, silentWorkSeconds: 300 };

/** Starts a program; `ended` resolves once it has ended and its output is closed. */
export function watched(argv: readonly string[], options: WatchOptions = {}) {
  const { input = "", lab, cwd, env, onOutput } = options;
  const [program = "", ...args] = argv;
  const child = spawn(program, args, { cwd, env: env ?? process.env, stdio: ["pipe", "pipe", "pipe"] });
  const printed = { stdout: "", stderr: "", all: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      printed[name] += text;
      printed.all += text;
      onOutput?.(printed.all);
    });
  }
  child.stdin.on("error", () => {}); // Nobody reads what is sent to a host that has just gone.
  child.stdin.end(input);
  const stopWatching = watch(child, lab, () => printed.all.length);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status, signal) => {
      const note = stopWatching();
      const { stdout, stderr } = printed;
      resolve({ stdout, stderr: stderr + note, status: status ?? undefined, signal: signal ?? undefined });
    });
  });
  return { child, ended };
}

/**
 * Kills the program and what it has started when there is no hope left. The returned function stops watching and says what
 * was done.
 */
export function watch(child: ChildProcess, lab: string | undefined, printed: () => number): () => string {
  const patience = new Patience(LIMITS);
  let note = "";
  const timer = setInterval(async () => {
    const { pid } = child;
    if (pid === undefined || note !== "") return;
    if (!patience.isOver({ printed: printed(), workSeconds: await workSeconds([pid, ...childrenOf(pid)], lab) }))
      return;
    note = "\nkilled by the test: it neither printed nor worked any more, or worked for nothing\n";
    for (const one of [pid, ...childrenOf(pid)]) kill(one, "SIGKILL");
  }, LOOK_MS);
  return () => {
    clearInterval(timer);
    return note;
  };
}

/** Where the work shows that may bring a condition about. */
export interface Workers {
  /** The folder of a lab; default: the processes that this test file has started. */
  readonly lab?: string;
  /** How long to rest between two looks. */
  readonly restMs?: number;
}

/** Waits until a condition holds. Throws, with `what` has not happened, if nothing or nobody works towards it any more. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  { lab, restMs = 20 }: Workers = {},
): Promise<void> {
  const patience = new Patience(LIMITS);
  let lookedAt = performance.now();
  while (!(await isSo())) {
    await sleep(restMs);
    if (performance.now() - lookedAt < LOOK_MS) continue;
    lookedAt = performance.now();
    const own = lab === undefined ? childrenOf(process.pid) : [];
    if (patience.isOver({ printed: 0, workSeconds: await workSeconds(own, lab) }))
      throw new Error(`this has not happened, and will not any more: ${what}`);
  }
}

/** The processor time that these processes and a lab have used so far. */
async function workSeconds(pids: readonly number[], lab: string | undefined): Promise<number> {
  const ticks = await Promise.all(pids.map((pid) => ticksOf(String(pid))));
  const own = ticks.reduce((sum, one) => sum + one, 0) / 100;
  return own + (lab === undefined ? 0 : await labWorkSeconds(lab));
}
