import type { Reporter, TestCase, TestModule } from "vitest/node";

/**
 * Reports at once why a lab test failed, since the others take a while; and ends a test run, after the coverage report, with
 * one plain line, `N passed, N failed`, which both people and CI can read.
 */
export default class SummaryReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    if (test.project.name !== "lab" || test.result().state !== "failed") return;
    const errors = (test.result().errors ?? []).map(({ message, stack }) => `${message}\n${stack ?? ""}`);
    console.log(`FAILED ${test.module.relativeModuleId}: ${test.fullName}\n${errors.join("\n")}`);
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    let passed = 0;
    let failed = 0;
    let skipped = 0;
    for (const module of modules) {
      if (module.state() === "failed" && [...module.children.allTests()].length === 0) failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed += 1;
        else if (state === "failed") failed += 1;
        else skipped += 1;
      }
    }
    process.once("exit", () => {
      if (skipped > 0) console.log(`${skipped} skipped: not selected, or this machine lacks what they need`);
      console.log(`${passed} passed, ${failed} failed`);
    });
  }
}
