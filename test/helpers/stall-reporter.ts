import type { Reporter, TestCase } from "vitest/node";
import { isLongRun } from "./long-run.ts";
import { childrenOf, kill } from "./process-tree.ts";

/** So long without a test that begins or ends means that one of them hangs: none that is at work takes nearly as long. */
const PATIENCE_MINUTES = isLongRun ? 60 : 12;

/**
 * Ends a run of tests that has stalled, and says which of them it was waiting for: tests have no time limits, and whoever
 * waits in one notices when what he waits for hangs, but not when it only seems to be busy.
 */
export default class StallReporter implements Reporter {
  private readonly running = new Set<TestCase>();
  private passed = 0;
  private failed = 0;
  private alarm: NodeJS.Timeout | undefined;
  private readonly end: () => void;

  constructor(_options?: unknown, end = endAll) {
    this.end = end;
  }

  onTestRunStart(): void {
    this.wait();
  }

  onTestCaseReady(test: TestCase): void {
    this.running.add(test);
    this.wait();
  }

  onTestCaseResult(test: TestCase): void {
    this.running.delete(test);
    if (test.result().state === "passed") this.passed += 1;
    if (test.result().state === "failed") this.failed += 1;
    this.wait();
  }

  onTestRunEnd(): void {
    clearTimeout(this.alarm);
  }

  private wait(): void {
    clearTimeout(this.alarm);
    this.alarm = setTimeout(() => this.giveUp(), PATIENCE_MINUTES * 60_000);
  }

  private giveUp(): void {
    const names = [...this.running].map((test) => `  ${test.module.relativeModuleId}: ${test.fullName}`);
    console.log(`FAILED: for ${PATIENCE_MINUTES} minutes no test has begun or ended. Still running:`);
    console.log(names.length > 0 ? names.join("\n") : "  no test: a file is being loaded, set up or cleared up");
    console.log(`${this.passed} passed, ${this.failed + Math.max(1, this.running.size)} failed`);
    this.end();
  }
}

/** Vitest itself would wait for whoever hangs. */
function endAll(): void {
  for (const pid of childrenOf(process.pid)) kill(pid, "SIGKILL");
  process.exit(1);
}
