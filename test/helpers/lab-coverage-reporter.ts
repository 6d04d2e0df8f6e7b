import { readdirSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import type { Reporter, TestModule } from "vitest/node";
import { recordFaults, takeFaults } from "./fault-outcomes.ts";
import { readCoverage, takeNotes, writeCoverage } from "./lab-coverage.ts";
import { modeNames } from "./mode-names.ts";
import { formatModesPage } from "./modes-page.ts";

/** After a run with lab tests, writes what the files that ran whole have shown, and forgets what those that failed had. */
export default class LabCoverageReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const ran = modules.filter(({ project }) => project.name === "lab");
    const whole = ran.filter(
      (module) => ![...module.children.allTests()].some((test) => test.result().state === "skipped"),
    );
    if (whole.length === 0) return;
    const coverage = new Map(Object.entries(readCoverage()));
    for (const module of whole) {
      const file = basename(module.moduleId);
      const shown = takeNotes(file);
      if (module.state() === "passed" && shown.length > 0) coverage.set(file, shown);
      else coverage.delete(file);
    }
    recordFaults(Object.fromEntries(whole.map((module) => faultsOf(module, basename(module.moduleId)))));
    const present = new Set(readdirSync(new URL("../e2e/", import.meta.url)));
    const kept = Object.fromEntries([...coverage].filter(([file]) => present.has(file)));
    writeCoverage(kept);
    writeFileSync(new URL("../../docs/modes.md", import.meta.url), formatModesPage(kept, modeNames()));
  }
}

function faultsOf(module: TestModule, file: string): readonly [string, ReturnType<typeof takeFaults>] {
  const shown = takeFaults(file);
  return [file, module.state() === "passed" ? shown : []];
}
