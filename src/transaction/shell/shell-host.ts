/** A `RunHost` driven by shell scripts, each of them one exec over its connection. */
import type { FollowUp } from "../../errors/follow-up.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { type Pending, parsePending, pendingReads, readProgress } from "../../ledger/pending.ts";
import type { FilteredPacket } from "../../lvs/filtered-packet.ts";
import type { HostState } from "../../plan/host-state.ts";
import type { Observed, ResourceKind } from "../../resources/resource.ts";
import type { ShellCommand } from "../../shell/quote.ts";
import type {
  Answer,
  ArmAnswer,
  Arming,
  DestinationTraffic,
  Ending,
  KnownState,
  RunHost,
  RunOnHost,
  StageWork,
} from "../run-host.ts";
import { formatArmScript, parseArm } from "./arm-script.ts";
import type { HostConnection } from "./host-connection.ts";
import { formatEnding, GONE } from "./host-script.ts";
import { observe, readHostState } from "./observe.ts";
import { formatKeepScript, formatRenewal, formatStageScript, parseStageOutput } from "./stage-script.ts";
import { readTraffic } from "./traffic.ts";

/** What to read from a host. */
export interface Reading {
  readonly topology: string;
  /** The resources to look for, besides those in the topology's ledger. */
  readonly wanted: readonly KnownState[];
  /** What its packet filters have to let pass, besides what the resources let in. */
  readonly passing?: readonly FilteredPacket[];
  readonly kinds: ReadonlyMap<string, ResourceKind>;
  /** Default: without what the user has typed. */
  readonly next?: FollowUp;
  /** Random bytes as hexadecimal digits, for markers that no step can print. */
  readonly randomHex: (bytes: number) => string;
}

/** For the engine's own commands, which are quick. */
const COMMAND_TIMEOUT_MS = 60_000;

/** Logs in and reads the host. Throws LVS-CONNECT-…, LVS-FACT-… and LVS-LEDGER-… errors. */
export async function readShellHost<C extends HostConnection>(connection: C, reading: Reading): Promise<ShellHost<C>> {
  const state = await readHostState(await connection.transport(), reading);
  return new ShellHost(connection, reading, state);
}

class ShellHost<C extends HostConnection> implements RunHost {
  readonly connection: C;
  private readonly reading: Reading;
  private known: HostState;

  constructor(connection: C, reading: Reading, state: HostState) {
    this.connection = connection;
    this.reading = reading;
    this.known = state;
  }

  get host(): string {
    return this.connection.host;
  }

  get state(): HostState {
    return this.known;
  }

  get isMoving(): boolean {
    return this.connection.isMoving;
  }

  async refresh(): Promise<void> {
    this.known = await readHostState(await this.connection.transport(), this.reading);
  }

  async arm(arming: Arming): Promise<ArmAnswer> {
    const { stdout, stderr } = await this.call(formatArmScript(arming));
    const answer = parseArm(stdout);
    if (answer === "armed") return { result: "armed" };
    return { result: "refused", why: answer ?? "no-room", output: tailOf(stderr) };
  }

  async run(run: RunOnHost, work: StageWork, limitMs: number): Promise<Answer> {
    const nonce = this.reading.randomHex(12);
    const { stdout, stderr } = await this.call(formatStageScript({ ...run, ...work }, nonce), limitMs);
    return parseStageOutput(stdout, stderr, nonce);
  }

  async renew({ id, confirmTimeoutSeconds }: RunOnHost): Promise<"renewed" | "gone" | "failed"> {
    const { status } = await this.call(formatRenewal(id, confirmTimeoutSeconds));
    if (status === GONE) return "gone";
    return status === 0 ? "renewed" : "failed";
  }

  async end(id: string, how: Ending, topology: string): Promise<Answer> {
    const { status, stderr } = await this.call(formatEnding(id, topology, how));
    if (status === GONE) return { result: "gone" };
    return status === 0 ? { result: "done" } : { result: "failed", output: stderr.trim() };
  }

  async keep(run: RunOnHost, ledger: Ledger): Promise<Answer> {
    const step = { makes: [], script: formatKeepScript(ledger) };
    const written = await this.run(run, { steps: [{ step }] }, COMMAND_TIMEOUT_MS);
    return written.result === "done" ? this.end(run.id, "confirm", ledger.topology) : written;
  }

  async doneSteps(): Promise<ReadonlySet<number>> {
    const transport = await this.connection.transport();
    const { stdout = "" } = (await transport.read([readProgress])).get(readProgress.name) ?? {};
    return new Set([...stdout.matchAll(/\/(\d+)$/gm)].map(([, number]) => Number(number)));
  }

  async pending(): Promise<Pending | undefined> {
    return parsePending(await (await this.connection.transport()).read(pendingReads));
  }

  async observe(resources: readonly KnownState[], topology: string): Promise<ReadonlyMap<string, Observed>> {
    return observe(await this.connection.transport(), resources, topology, this.reading.kinds);
  }

  async traffic(keys: readonly string[]): Promise<readonly DestinationTraffic[]> {
    return readTraffic(await this.connection.transport(), keys);
  }

  async reconnect(): Promise<void> {
    await this.connection.reconnect();
  }

  async abandon(): Promise<void> {
    await this.connection.abandon();
  }

  private async call(script: ShellCommand, timeoutMs = COMMAND_TIMEOUT_MS) {
    return (await this.connection.transport()).run(script, { timeoutMs });
  }
}

export type { ShellHost };

function tailOf(output: string): string {
  return output.trim().slice(-2_000);
}
