import { defineConfig } from "vitest/config";

/**
 * Three projects, by what a test needs:
 * `unit` needs nothing and shares one module graph; `sockets` opens sockets or starts processes on this machine (a real
 * sshd on loopback, for one), each file on its own; `lab` needs a kernel with IPVS, which lvsctl's own lab brings.
 */
export default defineConfig({
  test: {
    reporters: ["default", "./test/helpers/lab-coverage-reporter.ts", "./test/helpers/summary-reporter.ts"],
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.sockets.test.ts", "test/e2e/**"],
          pool: "threads",
          isolate: false,
        },
      },
      {
        test: {
          name: "sockets",
          include: ["test/**/*.sockets.test.ts"],
          exclude: ["test/e2e/**"],
          pool: "forks",
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: "lab",
          include: ["test/e2e/**/*.test.ts"],
          pool: "forks",
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
