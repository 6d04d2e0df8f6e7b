import { defineConfig } from "vitest/config";
import { isLongRun, longFiles, longSocketsFiles } from "./test/helpers/long-run.ts";
import { LongestFirst } from "./test/helpers/longest-first.ts";

/** A lab's kernel has one processor, and its tests often wait: on two processors, four labs at once are fastest. */
const LABS_AT_ONCE = 4;

/** No test is too slow: whoever waits for something notices when it hangs, and the stall reporter when nobody does. */
const A_DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * Three projects, one after the other, by what a test needs: `unit` needs nothing; `sockets` opens sockets or
 * starts processes on this machine, such as a real sshd on loopback; `lab` needs a kernel with IPVS, which lvsctl's own lab
 * provides. The first two load each module only once per worker.
 */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    reporters: [
      "default",
      "./test/helpers/lab-coverage-reporter.ts",
      "./test/helpers/summary-reporter.ts",
      "./test/helpers/stall-reporter.ts",
    ],
    coverage: {
      include: ["src/**/*.ts"],
      exclude: ["src/lab/**", "src/*/generated/**"],
      reporter: ["text-summary"],
      thresholds: { lines: 88, branches: 84 },
    },
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.sockets.test.ts", "test/e2e/**"],
          pool: "threads",
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
          testTimeout: A_DAY_MS,
          hookTimeout: A_DAY_MS,
        },
      },
      {
        test: {
          name: "sockets",
          globalSetup: "scripts/need-programs.mjs",
          include: ["test/**/*.sockets.test.ts"],
          exclude: [
            "test/e2e/**",
            ...(isLongRun ? [] : longSocketsFiles.map((name) => `test/${name}.sockets.test.ts`)),
          ],
          pool: "forks",
          isolate: false,
          maxWorkers: 10,
          sequence: { groupOrder: 1 },
          testTimeout: A_DAY_MS,
          hookTimeout: A_DAY_MS,
        },
      },
      {
        test: {
          name: "lab",
          globalSetup: "scripts/need-programs.mjs",
          include: ["test/e2e/**/*.test.ts"],
          exclude: isLongRun ? [] : longFiles.map((name) => `test/e2e/${name}.test.ts`),
          pool: "forks",
          maxWorkers: LABS_AT_ONCE,
          sequence: { groupOrder: 2 },
          testTimeout: A_DAY_MS,
          hookTimeout: A_DAY_MS,
        },
      },
    ],
  },
});
