/** The progress of a run on stderr: one task per stage, with one task per host below it. The only importer of listr2. */
import {
  figures,
  Listr,
  ListrDefaultRendererLogLevels,
  ListrLogger,
  type ListrRendererValue,
  ProcessOutput,
} from "listr2";
import { excerpt } from "../errors/excerpt.ts";
import type { Phase } from "../transaction/phases.ts";
import type { RunEvent } from "../transaction/run.ts";
import { drainingText } from "./drain.ts";
import { visibleLine } from "./visible.ts";

/** Whose stage it is, and what happens in it. */
const TITLES: Readonly<Record<Phase["stages"][number], readonly [who: string, what: string]>> = {
  "kernel-modules": ["hosts", "kernel modules"],
  "base-network": ["hosts", "base network"],
  "real-server-arp": ["real servers", "ARP"],
  "real-server-address": ["real servers", "VIP"],
  "real-server-web": ["real servers", "web server"],
  "director-network": ["director", "network"],
  "virtual-service": ["director", "virtual services"],
  "real-servers": ["director", "real servers"],
  announce: ["director", "announcement"],
  publish: ["firewall", "publication"],
  marks: ["director", "marks"],
};

/** For a stage that failed on a host. listr2's own is the one for a stage that is under way. */
const ICONS = { [ListrDefaultRendererLogLevels.FAILED_WITH_FAILED_SUBTASKS]: figures.cross };

/** For a host of which nobody has heard in a stage: it is tried again at the end, or its own timer rolls the run back. */
const UNREACHED = "not reached";
/** For a stage with such a host: a tick would say that it is done. */
const NOT_EVERYWHERE = "not done on every host";

/** Otherwise listr2 ends the process at an interrupt, with status 127, and nothing is rolled back. */
const OUR_SIGNALS = { registerSignalListeners: false };

/** The progress display of a run. */
export interface RunWatch {
  /** Draws what has happened. */
  onEvent(event: RunEvent): void;
  /** Waits until everything is drawn. */
  end(): Promise<void>;
}

/**
 * Shows a run as its events arrive: redrawn in place on a terminal, one line per event elsewhere (piped, CI, or a terminal
 * that does not know its width). A rollback is a second list below the first.
 */
export function watchRun(phases: readonly Phase[]): RunWatch {
  const forwards = new TaskList(phases, "");
  const begun: Phase[] = [];
  let backwards: TaskList | undefined;
  return {
    onEvent: (event) => {
      if (event.type === "phase-begins" && !event.isUndo) begun.push(event.phase);
      if (event.isUndo && backwards === undefined) {
        forwards.stop();
        backwards = new TaskList([...begun].reverse(), "roll back: ", forwards.drawn);
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

interface Waiting {
  /** Resolves to whether it was begun. */
  readonly promise: Promise<boolean>;
  settle(error?: Error): void;
  /** Ends the wait for a task that was never begun. */
  release(): void;
}

/** A list of tasks that end when `settle` says so. */
class TaskList {
  readonly drawn: Promise<void>;
  private isStopped = false;
  private readonly begun = new Set<Phase>();
  private readonly waiting: ReadonlyMap<string, Waiting>;
  /** The tasks that are being drawn. */
  private readonly shown = new Map<string, { output: string }>();

  constructor(phases: readonly Phase[], prefix: string, after: Promise<void> = Promise.resolve()) {
    this.waiting = new Map(
      phases.flatMap((phase) => [...phase.hosts.keys()].map((host) => [keyOf(phase, host), createWaiting()])),
    );
    const tasks = phases.map((phase) => ({
      title: prefix + titleOf(phase),
      skip: () => this.isStopped && !this.begun.has(phase) && "not begun",
      task: (_context: unknown, phaseTask: { skip(message: string): void }) =>
        new PhaseList(
          [...phase.hosts].map(([host, changes]) => ({
            title: `${visibleLine(host)}: ${changes.length} ${changes.length === 1 ? "change" : "changes"}`,
            task: (_context, task) => {
              this.shown.set(keyOf(phase, host), task);
              // listr2 marks a task that nobody has settled as skipped, and not as done.
              return this.waiting
                .get(keyOf(phase, host))
                ?.promise.then((isSettled) => (isSettled ? undefined : task.skip(UNREACHED)));
            },
          })),
          { concurrent: true, exitOnError: false, ...OUR_SIGNALS },
        ).leaving(() => phaseTask.skip(NOT_EVERYWHERE)),
      exitOnError: false,
    }));
    this.drawn = after.then(() => draw(tasks));
  }

  /** A phase that has begun is shown even if it ends before listr2 comes to it. */
  begin(phase: Phase): void {
    this.begun.add(phase);
  }

  /** Shows below a host's line what is going on there. */
  show(phase: Phase, host: string, text: string): void {
    const task = this.shown.get(keyOf(phase, host));
    const shown = visibleLine(text);
    if (task && task.output !== shown) task.output = shown;
  }

  settle(phase: Phase, host: string, error?: Error): void {
    this.waiting.get(keyOf(phase, host))?.settle(error && new Error(visibleLine(excerpt(error.message))));
  }

  /** Ends the tasks that are still waiting because they were never begun. */
  stop(): void {
    this.isStopped = true;
    for (const one of this.waiting.values()) one.release();
  }
}

/** The hosts of a phase: all of them are waited for. The phase has failed if one has, and is done only if it is done on all. */
class PhaseList extends Listr<unknown, ListrRendererValue, ListrRendererValue> {
  private onLeft = (): void => undefined;

  /** What to do if a host is left out. */
  leaving(onLeft: () => void): this {
    this.onLeft = onLeft;
    return this;
  }

  override async run(): Promise<unknown> {
    const context = await super.run();
    if (this.tasks.some((task) => task.hasFailed())) throw new Error("failed on a host");
    if (this.tasks.some((task) => task.isSkipped())) this.onLeft();
    return context;
  }
}

async function draw(tasks: ConstructorParameters<typeof Listr>[0]): Promise<void> {
  const logger = new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) });
  const isLive = process.stderr.isTTY === true && process.stderr.columns > 0 && process.env["CI"] === undefined;
  const list = isLive
    ? new Listr(tasks, {
        renderer: "default",
        rendererOptions: { logger, collapseSubtasks: true, showErrorMessage: false, icon: ICONS },
        ...OUR_SIGNALS,
      })
    : new Listr(tasks, { renderer: "simple", rendererOptions: { logger }, ...OUR_SIGNALS });
  await list.run().catch(() => undefined);
}

function titleOf({ stages, direction }: Phase): string {
  const subjects = new Map<string, readonly string[]>();
  for (const [who, what] of stages.map((stage) => TITLES[stage])) {
    subjects.set(who, [...(subjects.get(who) ?? []), what]);
  }
  const title = [...subjects].map(([who, what]) => `${who}: ${what.join(", ")}`).join("; ");
  return { build: title, drain: `drain: ${title}`, clear: `remove: ${title}` }[direction];
}

function keyOf({ stages, direction }: Phase, host: string): string {
  return `${direction} ${stages.join(" ")} ${host}`;
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
