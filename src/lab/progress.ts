/** Follows a lab that is coming up by what its scripts print. */
import { setTimeout as sleep } from "node:timers/promises";
import { readConsole } from "./lab-state.ts";

export type Outcome = "up" | "failed" | "ended" | "late";

export interface FollowOptions {
  readonly timeoutMs: number;
  /** Whether the lab still runs. */
  readonly alive: () => Promise<boolean>;
  readonly onProgress?: ((message: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const POLL_MS = 50;
const LINE = /^lvsctl-lab: (kernel|network|ready|up|failed)(?: (.*))?$/;

/** Waits until the lab is up, has failed or is late. Throws the signal's reason when that is aborted. */
export async function followStart(directory: string, options: FollowOptions): Promise<Outcome> {
  const { timeoutMs, alive, onProgress, signal } = options;
  const deadline = Date.now() + timeoutMs;
  let told = 0;
  while (Date.now() < deadline) {
    signal?.throwIfAborted();
    const living = await alive(); // Asked before reading, so that a last word is not missed.
    const news = parseProgress(await readConsole(directory)).slice(told);
    told += news.length;
    for (const { text, outcome } of news) {
      onProgress?.(text);
      if (outcome !== undefined) return outcome;
    }
    if (!living) return "ended";
    await sleep(POLL_MS, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
  return "late";
}

/** The lab's own lines among what the kernel and the programs printed; a line that is still being written is left out. */
export function parseProgress(console: string): readonly { readonly text: string; readonly outcome?: Outcome }[] {
  const whole = console.slice(0, console.lastIndexOf("\n") + 1);
  return whole.split(/\r?\n/).flatMap((line) => {
    const [, word, detail = ""] = LINE.exec(line) ?? [];
    switch (word) {
      case "kernel":
        return [{ text: "kernel started" }];
      case "network":
        return [{ text: "segments and interfaces made" }];
      case "ready":
        return [{ text: `${detail} ready` }];
      case "up":
        return [{ text: "up", outcome: "up" as const }];
      case "failed":
        return [{ text: `failed ${detail}`.trim(), outcome: "failed" as const }];
      default:
        return [];
    }
  });
}
