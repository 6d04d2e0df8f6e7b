/** Programs that a lab starts on this machine. If one is missing, the error is LVS-LAB-001. */
import { runInteractive, runProcess, spawnDetached } from "../transport/process.ts";

const codeIfMissing = "LVS-LAB-001";

/** `runProcess`, for a lab. */
export const runProgram: typeof runProcess = (argv, options) => runProcess(argv, { ...options, codeIfMissing });

/** `runInteractive`, for a lab. */
export const runOnTerminal: typeof runInteractive = (argv, options) =>
  runInteractive(argv, { ...options, codeIfMissing });

/** `spawnDetached`, for a lab. */
export const startDetached: typeof spawnDetached = (argv, options) =>
  spawnDetached(argv, { ...options, codeIfMissing });
