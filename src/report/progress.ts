/** The progress of a run on stderr, stage by stage and host by host. */
import type { Phase } from "../transaction/phases.ts";
import type { RunEvent } from "../transaction/run.ts";
import { drainingText } from "./drain.ts";
import { LiveStages } from "./live-stages.ts";
import type { Output } from "./output.ts";
import { PlainStages } from "./plain-stages.ts";
import type { StageList, StageWords } from "./stage-list.ts";

/** The progress display of a run. */
export interface RunWatch {
  /** Draws what has happened. */
  onEvent(event: RunEvent): void;
  /** Waits until everything is drawn. */
  end(): Promise<void>;
}

const DOING: Readonly<Record<string, string>> = {
  apply: "applying",
  destroy: "removing",
  drain: "draining",
  undrain: "undraining",
};
const ROLLING_BACK: StageWords = { doing: "rolling back", prefix: "roll back: " };

/**
 * Shows a run as its events arrive: redrawn in place on a terminal, one line per event elsewhere (piped, CI, or a terminal
 * that does not know its width). A rollback is a second list below the first.
 */
export function watchRun(phases: readonly Phase[], command: string, output: Output): RunWatch {
  const isLive = process.stderr.isTTY === true && process.stderr.columns > 0 && process.env["CI"] === undefined;
  const listOf = (which: readonly Phase[], words: StageWords, after?: Promise<void>) =>
    isLive ? new LiveStages(which, words, output, after) : new PlainStages(which, words, output);
  const forwards = listOf(phases, { doing: DOING[command] ?? "changing", prefix: "" });
  const begun: Phase[] = [];
  let backwards: StageList | undefined;
  return {
    onEvent: (event) => {
      if (event.type === "phase-begins" && !event.isUndo) begun.push(event.phase);
      if (event.isUndo && backwards === undefined) {
        forwards.stop();
        backwards = listOf([...begun].reverse(), ROLLING_BACK, forwards.drawn);
      }
      const list = event.isUndo ? backwards : forwards;
      if (event.type === "phase-begins") list?.begin(event.phase);
      if (event.type === "draining") forwards.show(event.phase, event.host, drainingText(event.open));
      if (event.type === "host-done") list?.settle(event.phase, event.host);
      if (event.type === "host-failed") list?.settle(event.phase, event.host, event.error);
    },
    end: async () => {
      forwards.stop();
      await forwards.drawn;
      backwards?.stop();
      await backwards?.drawn;
    },
  };
}
