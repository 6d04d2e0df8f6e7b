import { readdirSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import type { Reporter, TestModule, TestRunEndReason } from "vitest/node";
import { recordFaults, takeFaults } from "./fault-outcomes.ts";
import { readCoverage, type ShownService, takeNotes, writeCoverage } from "./lab-coverage.ts";
import { isLongRun } from "./long-run.ts";
import { modeNames } from "./mode-names.ts";
import { formatModesPage } from "./modes-page.ts";

/**
 * After a run with lab tests, records in docs/modes.md and docs/faults.md what they have shown. A long run in which every
 * test passes regenerates both pages; any other run only adds to them.
 */
export default class LabCoverageReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], _errors: unknown, reason: TestRunEndReason): void {
    const ran = modules.filter(({ project }) => project.name === "lab");
    if (ran.length === 0) return;
    const present = readdirSync(new URL("../e2e/", import.meta.url)).filter((name) => name.endsWith(".test.ts"));
    const isWhole = ran.length === present.length && ran.every((module) => !hasSkipped(module));
    const isComplete = isLongRun && isWhole && reason === "passed";
    const files = ran.map(({ moduleId }) => basename(moduleId));
    recordFaults(Object.fromEntries(files.map((file) => [file, takeFaults(file)])), { isComplete });

    const coverage = new Map(isComplete ? [] : Object.entries(readCoverage()));
    for (const module of ran) {
      const file = basename(module.moduleId);
      const shown = takeNotes(file);
      if (module.state() === "passed") coverage.set(file, united(coverage.get(file) ?? [], shown));
    }
    const kept = Object.fromEntries([...coverage].filter(([file, { length }]) => present.includes(file) && length > 0));
    writeCoverage(kept);
    writeFileSync(new URL("../../docs/modes.md", import.meta.url), formatModesPage(kept, modeNames()));
  }
}

function hasSkipped(module: TestModule): boolean {
  return [...module.children.allTests()].some((test) => test.result().state === "skipped");
}

/** The union of both, without duplicates and sorted. */
function united(known: readonly ShownService[], shown: readonly ShownService[]): readonly ShownService[] {
  const lines = new Set([...known, ...shown].map((service) => JSON.stringify(service)));
  return [...lines].sort().map((line) => JSON.parse(line) as ShownService);
}
