/**
 * Programs that a test waits for as long as they make progress. They are killed if for minutes neither they nor their lab
 * have done anything, or if a great deal of work has led nowhere; never because a fixed time is over.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { labWorkSeconds, ticksOf } from "../../src/lab/lab-work.ts";
import { Patience } from "../../src/lab/patience.ts";

export interface WatchOptions {
  /** The program's stdin. */
  readonly input?: string;
  /** The folder of the lab that it works on, where its activity shows. */
  readonly lab?: string;
  readonly cwd?: string;
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
  const { input = "", lab, cwd, onOutput } = options;
  const [program = "", ...args] = argv;
  const child = spawn(program, args, { cwd, stdio: ["pipe", "pipe", "pipe"] });
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

/** Kills the program when there is no hope left. The returned function stops watching and says what was done. */
function watch(child: ChildProcess, lab: string | undefined, printed: () => number): () => string {
  const patience = new Patience(LIMITS);
  let note = "";
  const timer = setInterval(async () => {
    const own = (await ticksOf(String(child.pid))) / 100;
    const workSeconds = own + (lab === undefined ? 0 : await labWorkSeconds(lab));
    if (note !== "" || !patience.isOver({ printed: printed(), workSeconds })) return;
    note = "\nkilled by the test: it neither printed nor worked any more, or worked for nothing\n";
    child.kill("SIGKILL");
  }, LOOK_MS);
  return () => {
    clearInterval(timer);
    return note;
  };
}
