/** Follows a lab that is coming up by what its scripts print. */
import { setTimeout as sleep } from "node:timers/promises";
import { readConsole } from "./lab-state.ts";
import { Patience, type PatienceLimits } from "./patience.ts";

/** How the start of a lab ended. `ended`: silently. `late`: it makes no more progress. */
export type Outcome = "up" | "failed" | "ended" | "late";

/** How to see whether a lab is still making progress, and whom to tell. */
export interface FollowOptions {
  /** The processor seconds that the lab has used so far. */
  readonly work: () => Promise<number>;
  /** Whether the lab still runs. */
  readonly alive: () => Promise<boolean>;
  readonly onProgress?: ((message: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How many hosts there are, to say how many of them are ready. */
  readonly hosts?: number;
  readonly patience?: PatienceLimits;
}

const POLL_MS = 50;
/** The lab's work is measured once in so many polls, because measuring takes time. */
const POLLS_PER_LOOK = 20;
/** A minute without a sign of life, or as much work as thirty quick starts need between two lines. */
const PATIENCE: PatienceLimits = { idleLooks: 60, silentWorkSeconds: 600 };
const LINE = /^lvsctl-lab: (kernel|network|ready|up|failed)(?: (.*))?$/;

/**
 * Waits until the lab is up or has failed, for as long as it makes progress: it is late if it neither prints nor works.
 * Throws the signal's reason if that is aborted.
 */
export async function followStart(directory: string, options: FollowOptions): Promise<Outcome> {
  const { work, alive, onProgress, signal, hosts } = options;
  const patience = new Patience(options.patience ?? PATIENCE);
  let told = 0;
  let ready = 0;
  for (let polls = 0; ; polls += 1) {
    signal?.throwIfAborted();
    const living = await alive(); // Checked before reading, so that the last line is not missed.
    const console = await readConsole(directory);
    const news = parseProgress(console).slice(told);
    told += news.length;
    for (const { text, outcome, isReady } of news) {
      if (isReady) ready += 1;
      onProgress?.(isReady && hosts !== undefined ? `${text}, ${ready} of ${hosts}` : text);
      if (outcome !== undefined) return outcome;
    }
    if (!living) return "ended";
    const isLook = polls % POLLS_PER_LOOK === 0;
    if (isLook && patience.isOver({ printed: console.length, workSeconds: await work() })) return "late";
    await sleep(POLL_MS, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}

interface News {
  readonly text: string;
  readonly outcome?: Outcome;
  /** A host is ready. */
  readonly isReady?: true;
}

/** The lab's own lines, without those of the kernel and of programs and without an unfinished last line. */
export function parseProgress(console: string): readonly News[] {
  const whole = console.slice(0, console.lastIndexOf("\n") + 1);
  return whole.split(/\r?\n/).flatMap((line) => {
    const [, word, detail = ""] = LINE.exec(line) ?? [];
    switch (word) {
      case "kernel":
        return [{ text: "kernel started" }];
      case "network":
        return [{ text: "segments and interfaces created" }];
      case "ready":
        return [{ text: `${detail} ready`, isReady: true as const }];
      case "up":
        return [{ text: "up", outcome: "up" as const }];
      case "failed":
        return [{ text: `failed ${detail}`.trim(), outcome: "failed" as const }];
      default:
        return [];
    }
  });
}

const FAILURE = /^lvsctl-lab: failed|Kernel panic/;

/**
 * What a console says of why a lab has failed: all until then, without the hosts that were ready. When the first process has
 * ended, the kernel goes on to print its stack and its registers, which say nothing of that.
 */
export function untilFailure(console: string): string {
  const lines = console.trimEnd().split(/\r?\n/);
  const end = lines.findIndex((line) => FAILURE.test(line));
  const before = end < 0 ? lines : lines.slice(0, end + 1);
  return before.filter((line) => !line.startsWith("lvsctl-lab: ready ")).join("\n");
}
