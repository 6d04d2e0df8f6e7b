/** The stages of a run where nothing can be drawn in place: one line for each thing that begins or ends. */
import type { Phase } from "../transaction/phases.ts";
import type { Output } from "./output.ts";
import type { StageList, StageWords } from "./stage-list.ts";
import { hostTitle, keyOf, NOT_BEGUN, NOT_EVERYWHERE, phaseKey, reasonOf, titleOf, UNREACHED } from "./stage-titles.ts";
import { visibleLine } from "./visible.ts";

type State = "done" | "failed";

/** Writes the stages line by line. */
export class PlainStages implements StageList {
  readonly drawn = Promise.resolve();
  private readonly phases: readonly Phase[];
  private readonly words: StageWords;
  private readonly output: Output;
  private readonly begun = new Set<string>();
  private readonly states = new Map<string, State>();
  private readonly shown = new Map<string, string>();
  private isStopped = false;

  constructor(phases: readonly Phase[], words: StageWords, output: Output) {
    this.phases = phases;
    this.words = words;
    this.output = output;
  }

  /** Writes which stage begins, and how many there are. */
  begin(phase: Phase): void {
    const key = phaseKey(phase);
    this.begun.add(key);
    const number = this.phases.findIndex((one) => phaseKey(one) === key) + 1;
    this.line(`❯ ${this.words.doing}: stage ${number} of ${this.phases.length}: ${titleOf(phase)}`);
  }

  /** Writes what is going on on a host, if that is new; an empty text means nothing any more. */
  show(phase: Phase, host: string, text: string): void {
    const key = keyOf(phase, host);
    if (this.shown.get(key) === text) return;
    this.shown.set(key, text);
    if (text !== "") this.line(`› ${visibleLine(host)}: ${visibleLine(text)}`);
  }

  /** Writes how a host has ended, and the stage with its last one. */
  settle(phase: Phase, host: string, error?: Error): void {
    const key = keyOf(phase, host);
    if (this.states.has(key)) return;
    this.states.set(key, error ? "failed" : "done");
    const title = hostTitle(host, phase);
    this.line(error ? `✖ ${title} [FAILED: ${reasonOf(error)}]` : `✔ ${title}`);
    if ([...phase.hosts.keys()].every((one) => this.states.has(keyOf(phase, one)))) this.end(phase);
  }

  /** Writes which hosts and stages are left. */
  stop(): void {
    if (this.isStopped) return;
    this.isStopped = true;
    for (const phase of this.phases) {
      const left = [...phase.hosts.keys()].filter((host) => !this.states.has(keyOf(phase, host)));
      if (!this.begun.has(phaseKey(phase)))
        this.line(`↓ ${this.words.prefix}${titleOf(phase)} [SKIPPED: ${NOT_BEGUN}]`);
      else if (left.length > 0) {
        for (const host of left) this.line(`↓ ${hostTitle(host, phase)} [SKIPPED: ${UNREACHED}]`);
        this.end(phase);
      }
    }
  }

  private end(phase: Phase): void {
    const states = [...phase.hosts.keys()].map((host) => this.states.get(keyOf(phase, host)));
    const title = this.words.prefix + titleOf(phase);
    if (states.includes("failed")) this.line(`✖ ${title}`);
    else this.line(states.includes(undefined) ? `↓ ${title} [SKIPPED: ${NOT_EVERYWHERE}]` : `✔ ${title}`);
  }

  private line(text: string): void {
    this.output.write(`${text}\n`);
  }
}
