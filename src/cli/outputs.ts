import { thisMachine } from "../machine/this-machine.ts";
import { createOutput, type StreamOutput } from "../report/output.ts";

const SEED = Number.parseInt(thisMachine.randomHex(2), 16);

/** The outputs of this process. `hasColor`: false turns colours off; otherwise NO_COLOR and the stream decide. */
export function createOutputs(hasColor: boolean): { readonly stdout: StreamOutput; readonly stderr: StreamOutput } {
  const options = hasColor ? { seed: SEED } : { seed: SEED, color: false };
  return { stdout: createOutput(process.stdout, options), stderr: createOutput(process.stderr, options) };
}
