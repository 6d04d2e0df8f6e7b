/** The stages of a run, drawn in place on a terminal: one task per stage, with one task per host below it. The only importer of listr2. */
import {
  figures,
  Listr,
  ListrDefaultRendererLogLevels,
  ListrLogger,
  type ListrRendererValue,
  ProcessOutput,
} from "listr2";
import type { Phase } from "../transaction/phases.ts";
import type { Output } from "./output.ts";
import type { StageList, StageWords } from "./stage-list.ts";
import { hostTitle, keyOf, NOT_BEGUN, NOT_EVERYWHERE, phaseKey, reasonOf, titleOf, UNREACHED } from "./stage-titles.ts";
import { visibleLine } from "./visible.ts";

/** For a stage that failed on a host. listr2's own is the one for a stage that is under way. */
const ICONS = { [ListrDefaultRendererLogLevels.FAILED_WITH_FAILED_SUBTASKS]: figures.cross };

/** Otherwise listr2 ends the process at an interrupt, with status 127, and nothing is rolled back. */
const OUR_SIGNALS = { registerSignalListeners: false };

/** What is announced stands below the list, and stays. */
const BELOW = { bottomBar: Number.POSITIVE_INFINITY, persistentOutput: true };

interface Waiting {
  /** Resolves to whether it was begun. */
  readonly promise: Promise<boolean>;
  settle(error?: Error): void;
  /** Ends the wait for a task that was never begun. */
  release(): void;
}

interface Shown {
  output: string;
  title?: unknown;
  skip(message: string): void;
}

/** A list of tasks that end when `settle` says so. */
export class LiveStages implements StageList {
  readonly drawn: Promise<void>;
  private isStopped = false;
  private readonly begun = new Set<string>();
  private readonly waiting: ReadonlyMap<string, Waiting>;
  /** The hosts' tasks that are being drawn. */
  private readonly shown = new Map<string, Shown>();
  /** The stage that is being drawn, or that was last, and its title. */
  private current: { readonly task: Shown; readonly title: string; readonly isOver: boolean } | undefined;
  private activity: string | undefined;
  /** What was announced before there was a stage to show it with. */
  private announced: string[] = [];

  constructor(
    phases: readonly Phase[],
    { prefix }: StageWords,
    output: Output,
    after: Promise<void> = Promise.resolve(),
  ) {
    this.waiting = new Map(
      phases.flatMap((phase) => [...phase.hosts.keys()].map((host) => [keyOf(phase, host), createWaiting()])),
    );
    const tasks = phases.map((phase) => {
      const title = prefix + titleOf(phase);
      return {
        title,
        rendererOptions: BELOW,
        // The message takes the place of the title.
        skip: () => this.isStopped && !this.begun.has(phaseKey(phase)) && `${title}: ${NOT_BEGUN}`,
        task: (_context: unknown, task: Shown) => {
          this.enter(task, title);
          // listr2 would mark it as done; skipping is its only other end that is no failure.
          const leaveOut = () => task.skip(`${title}: ${NOT_EVERYWHERE}`);
          return new PhaseList(
            [...phase.hosts.keys()].map((host) => this.hostTask(phase, host)),
            { concurrent: true, exitOnError: false, ...OUR_SIGNALS },
          ).ending({ atEnd: () => this.leave(task, title), leaveOut });
        },
        exitOnError: false,
      };
    });
    this.drawn = after.then(async () => {
      const takeBack = output.lend({
        announce: (text) => this.announce(text),
        showActivity: (text) => this.showActivity(text),
      });
      await draw(tasks).finally(takeBack);
    });
  }

  /** A phase that has begun is shown even if it ends before listr2 comes to it. */
  begin(phase: Phase): void {
    this.begun.add(phaseKey(phase));
  }

  /** Shows below a host's line what is going on there. */
  show(phase: Phase, host: string, text: string): void {
    const task = this.shown.get(keyOf(phase, host));
    const shown = visibleLine(text);
    if (task && task.output !== shown) task.output = shown;
  }

  settle(phase: Phase, host: string, error?: Error): void {
    this.waiting.get(keyOf(phase, host))?.settle(error && new Error(reasonOf(error)));
  }

  /** Ends the tasks that are still waiting because they were never begun. */
  stop(): void {
    this.isStopped = true;
    for (const one of this.waiting.values()) one.release();
  }

  private hostTask(phase: Phase, host: string) {
    const key = keyOf(phase, host);
    const title = hostTitle(host, phase);
    return {
      title,
      task: (_context: unknown, task: Shown) => {
        this.shown.set(key, task);
        // listr2 marks a task that nobody has settled as skipped, and not as done.
        return this.waiting
          .get(key)
          ?.promise.then((isSettled) => (isSettled ? undefined : task.skip(`${title}: ${UNREACHED}`)));
      },
    };
  }

  private enter(task: Shown, title: string): void {
    this.current = { task, title, isOver: false };
    for (const text of this.announced) task.output = text;
    this.announced = [];
    this.showActivity(this.activity);
  }

  /** What goes on from now on is not said of this stage. */
  private leave(task: Shown, title: string): void {
    if (this.activity !== undefined) task.title = title;
    this.current = { task, title, isOver: true };
  }

  private announce(text: string): void {
    const shown = visibleLine(text);
    if (this.current) this.current.task.output = shown;
    else this.announced.push(shown);
  }

  private showActivity(text: string | undefined): void {
    this.activity = text;
    if (this.current === undefined || this.current.isOver) return;
    const { task, title } = this.current;
    task.title = text === undefined ? title : `${title} (${visibleLine(text)})`;
  }
}

interface PhaseEnds {
  /** However it ends, and before it is marked. */
  atEnd(): void;
  /** A host is left out. */
  leaveOut(): void;
}

/** The hosts of a phase: all of them are waited for. The phase has failed if one has, and is done only if it is done on all. */
class PhaseList extends Listr<unknown, ListrRendererValue, ListrRendererValue> {
  private ends: PhaseEnds | undefined;

  /** What to do at its end. */
  ending(ends: PhaseEnds): this {
    this.ends = ends;
    return this;
  }

  override async run(): Promise<unknown> {
    const context = await super.run();
    this.ends?.atEnd();
    if (this.tasks.some((task) => task.hasFailed())) throw new Error("failed on a host");
    if (this.tasks.some((task) => task.isSkipped())) this.ends?.leaveOut();
    return context;
  }
}

async function draw(tasks: ConstructorParameters<typeof Listr>[0]): Promise<void> {
  const logger = new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) });
  const list = new Listr(tasks, {
    renderer: "default",
    rendererOptions: { logger, collapseSubtasks: true, showErrorMessage: false, icon: ICONS },
    ...OUR_SIGNALS,
  });
  await list.run().catch(() => undefined);
}

function createWaiting(): Waiting {
  let settle: Waiting["settle"] = () => undefined;
  let release: Waiting["release"] = () => undefined;
  const promise = new Promise<boolean>((resolve, reject) => {
    settle = (error) => (error ? reject(error) : resolve(true));
    release = () => resolve(false);
  });
  promise.catch(() => undefined);
  return { promise, settle, release };
}
