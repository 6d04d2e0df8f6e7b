/** Mounts and processes of their own on this machine, which scripts can enter for as long as a test likes. */
import { createInterface } from "node:readline";
import { type StreamedProcess, spawnStream } from "../../src/transport/process.ts";
import { type Ended, watched } from "./watched-process.ts";

// Its number out here is what this machine's own /proc says, while that is still there. The last process prints it, so that
// all are there by then; the first one waits for the last, and for whatever is left without a parent.
const FIRST = ["read -r pid rest < /proc/self/stat", "mount -t proc proc /proc"];
const LAST = "sh -c 'echo $0; read -r end' $pid";

/** `network`: they have a network of their own, too. Needs unshare and nsenter (util-linux), and root for the network. */
export class Namespaces {
  private readonly keeper: StreamedProcess;
  private readonly first: Promise<string>;
  private readonly spaces: readonly string[];

  /** `setUp`: shell commands that make them what they are. */
  constructor(setUp: readonly string[], { network = false } = {}) {
    const isRoot = process.getuid?.() === 0;
    this.spaces = ["-m", "-p", ...(network ? ["-n"] : []), ...(isRoot ? [] : ["-U", "--preserve-credentials"])];
    const made = ["-m", "-p", ...(network ? ["-n"] : []), ...(isRoot ? [] : ["--map-root-user"])];
    const script = [...FIRST, ...setUp, LAST].join(" && ");
    this.keeper = spawnStream([
      "unshare",
      ...made,
      "--propagation",
      "private",
      "-f",
      "--kill-child",
      "sh",
      "-c",
      script,
    ]);
    this.first = firstLine(this.keeper);
    this.first.catch(() => {}); // Whoever enters is told.
  }

  /** The number, out here, of the process whose namespaces they are. Throws if they cannot be made here. */
  get pid(): Promise<string> {
    return this.first;
  }

  /** Runs a program in them and waits until nobody holds its streams, or nothing happens any more. */
  async run(argv: readonly string[], input: string): Promise<Ended> {
    return watched(["nsenter", "-t", await this.first, ...this.spaces, ...argv], { input }).ended;
  }

  /** Ends them with every process in them. */
  async end(): Promise<void> {
    this.keeper.kill();
    await this.keeper.ended;
  }
}

async function firstLine({ stdout, stderr }: StreamedProcess): Promise<string> {
  const said: string[] = [];
  stderr.on("data", (chunk) => said.push(String(chunk)));
  const { value } = await createInterface(stdout)[Symbol.asyncIterator]().next();
  if (value === undefined) {
    throw new Error(`no namespaces here: this needs root, util-linux and iproute2. ${said.join("")}`);
  }
  return value;
}
