/** A run on a host with a real shell and real files: the scripts that arm it, make it and end it. */
import type { Ledger } from "../../src/ledger/ledger.ts";
import {
  type Pending,
  parsePending,
  pendingReads,
  type RecordedChange,
  SCRIPT_FILE,
} from "../../src/ledger/pending.ts";
import { thisMachine } from "../../src/machine/this-machine.ts";
import type { ShellCommand } from "../../src/shell/quote.ts";
import { formatReadScript, parseReadOutput, type ReadCommand } from "../../src/shell/read-script.ts";
import type { NumberedStep } from "../../src/transaction/host-steps.ts";
import type { Answer, Arming, RunHost } from "../../src/transaction/run-host.ts";
import { formatArmScript, parseArm } from "../../src/transaction/shell/arm-script.ts";
import { readShellHost } from "../../src/transaction/shell/shell-host.ts";
import { formatRenewal, formatStageScript, parseStageOutput } from "../../src/transaction/shell/stage-script.ts";
import { LiveRoot } from "./live-root.ts";
import { entryOf, making, things } from "./things.ts";
import { timersLeft } from "./timers-left.ts";

const ID = "00c0ffee";
const NONCE = "0123456789abcdef";
const TOPOLOGY = "demo";
/** More than a day: no test takes that long, so that no timer ends its run (vitest.config.ts). */
const LONG_SECONDS = 99_999;

/** Makes the file `name` and prints something, and undoes both. */
export function madeOf(number: number, name: string, outlivesRestart = false): NumberedStep {
  const step = (script: string) => ({ makes: [], script: script as ShellCommand });
  return {
    number,
    step: step(`mkdir -p /var/lib/things; echo making; touch /var/lib/things/${name}`),
    undo: [step(`echo undoing ${name}; rm /var/lib/things/${name}`)],
    outlivesRestart,
  };
}

const after: Ledger = { topology: TOPOLOGY, host: "rs1", entries: [entryOf("a")] };
const KINDS = new Map([["thing", things]]);

/** A host whose run can be armed, made and ended, and whatever else a script can do to it. */
export class ArmedRoot {
  private readonly root = new LiveRoot();
  private readonly steps: readonly NumberedStep[];
  private readonly changes: readonly RecordedChange[];

  constructor(steps: readonly NumberedStep[] = ["a", "b"].map((name, number) => madeOf(number, name))) {
    this.steps = steps;
    this.changes = steps
      .flatMap(({ step }) => step.makes)
      .map((one) => ({ ...one, description: one.key, stage: "publish", isAction: false }));
  }

  /** With the things that `things` knows: the middle one survives a restart. */
  static ofThings(): ArmedRoot {
    return new ArmedRoot(["a", "lasting", "c"].map((name, number) => making(number, name)));
  }

  /** What ends a pending run there needs. */
  readonly limits = { kinds: KINDS, machine: thisMachine, confirmTimeoutSeconds: 60, stepTimeoutSeconds: 60 };

  /** The host as lvsctl sees it. */
  read(): Promise<RunHost> {
    const connection = {
      ...{ host: "rs1", isMoving: false, abandon: async () => undefined, reconnect: async () => undefined },
      transport: async () => this.root.transport("rs1"),
    };
    const randomHex = (bytes: number) => "5e".repeat(bytes);
    return readShellHost(connection, { topology: TOPOLOGY, wanted: [], kinds: KINDS, randomHex });
  }

  /** Runs a script; returns what it printed. */
  run(script: string) {
    return this.root.run(script);
  }

  /** Puts programs of this name first in everybody's PATH. */
  async replace(name: string, script: string): Promise<void> {
    const file = `/usr/local/sbin/${name}`;
    const mount = "mountpoint -q /usr/local/sbin || mount -t tmpfs none /usr/local/sbin";
    await this.run(`${mount}\ncat >${file} <<'END'\n#!/bin/sh\n${script}\nEND\nchmod +x ${file}`);
  }

  /** Arms it; returns the answer, the exit status, and who has the lock if it is busy. `adapt` changes the script first. */
  async arm(
    changes: Partial<Arming> & { readonly seconds?: number } = {},
    adapt: (script: string) => string = (script) => script,
  ) {
    const { seconds = LONG_SECONDS, ...others } = changes;
    const record = {
      ...{ id: ID, topology: TOPOLOGY, host: "rs1", since: "2026-11-20T12:00:00.000Z", hosts: ["rs1"] },
      changes: this.changes,
      runner: { user: "ann", machine: "laptop", process: 4711, command: "apply" },
      confirmTimeoutSeconds: seconds,
      steps: this.steps.length,
    };
    const arming = { record, steps: this.steps, before: undefined, others: [], after, atBoot: [], ...others };
    const path = "PATH=/usr/local/sbin:$PATH\n";
    const { stdout, stderr, status } = await this.run(`${path}${adapt(formatArmScript(arming))}`);
    const answer = parseArm(stdout);
    return { answer, status, ...(answer === "busy" ? { stderr } : {}) };
  }

  /** Makes the steps with these numbers, or all. */
  async make(numbers?: readonly number[], seconds = LONG_SECONDS): Promise<Answer> {
    const steps = this.steps.filter(({ number }) => numbers?.includes(number) ?? true);
    const work = { id: ID, confirmTimeoutSeconds: seconds, steps };
    const { stdout, stderr } = await this.run(formatStageScript(work, NONCE));
    return parseStageOutput(stdout, stderr, NONCE);
  }

  async renew(seconds = LONG_SECONDS): Promise<number | undefined> {
    return (await this.run(formatRenewal(ID, seconds))).status;
  }

  /** Calls the script on the host. */
  tell(verb: string) {
    return this.run(`sh ${SCRIPT_FILE} ${verb}`);
  }

  /** What was made, in order. */
  async made(): Promise<string> {
    return (await this.run("ls -A /var/lib/things 2>/dev/null | tr '\\n' ' '")).stdout.trim();
  }

  /** What is left of a run: files and timers. */
  async traces(): Promise<string> {
    return (await this.run(`find /var/lib/lvsctl /run/lvsctl /run/lvsctl.lock 2>/dev/null; ${timersLeft}`)).stdout;
  }

  /** What these read commands print. */
  readonly reads = (commands: readonly ReadCommand[]) => this.root.transport("rs1").read(commands);

  async pending(): Promise<Pending | undefined> {
    const { stdout, stderr } = await this.run(formatReadScript(pendingReads, NONCE));
    const outputs = parseReadOutput(stdout, stderr, NONCE);
    if (!outputs) throw new Error(stderr);
    return parsePending(outputs);
  }

  close(): Promise<void> {
    return this.root.close();
  }
}
