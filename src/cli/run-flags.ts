/** Flags of the commands that change hosts, and what they mean to the layer below. */
import { type Command, InvalidArgumentError } from "commander";
import type { RunFlags } from "../app/run.ts";
import type { Output } from "../report/output.ts";
import { onInterrupt } from "./interrupt.ts";
import { wholeNumber } from "./options.ts";

export interface ChangeFlags {
  readonly yes?: boolean;
  readonly confirmTimeout: number;
  readonly stepTimeout: number;
  readonly lockTimeout: number;
  /** Commander's spelling of --no-rollback. */
  readonly rollback: boolean;
}

/** Adds the flags of a command that changes hosts. */
export function withChangeFlags(command: Command): Command {
  return command
    .option("-y, --yes", "do not ask")
    .option(
      "--confirm-timeout <seconds>",
      "a host that has not heard of lvsctl for so long takes the run back by itself",
      atLeast(5),
      60,
    )
    .option("--step-timeout <seconds>", "how long one stage may take on a host", wholeNumber, 600)
    .option("--lock-timeout <seconds>", "how long to wait for another run to end", orZero, 0)
    .option("--no-rollback", "after a failure leave things as they are");
}

export interface DrainFlags {
  readonly drainTimeout: number;
  /** Commander's spelling of --no-drain. */
  readonly drain: boolean;
}

/** Adds the flags of a command that may remove real servers. */
export function withDrainFlags(command: Command): Command {
  return command
    .option(
      "--drain-timeout <seconds>",
      "how long real servers that go get for their open connections",
      wholeNumber,
      30,
    )
    .option("--no-drain", "cut the connections of real servers that go at once");
}

export function drainFlags({ drain, drainTimeout }: DrainFlags): Pick<RunFlags, "drainTimeoutSeconds"> {
  return { drainTimeoutSeconds: drain ? drainTimeout : 0 };
}

/** The flags as the layer below takes them. Called when the run begins: from then on an interrupt ends it orderly. */
export function runFlags(flags: ChangeFlags, stderr: Output, heard?: () => string): RunFlags {
  return {
    signal: onInterrupt(
      stderr,
      `Leaving it to the hosts: what was being changed, they take back by themselves within ${flags.confirmTimeout} s; lvsctl rollback does it at once.`,
      heard,
    ),
    noRollback: !flags.rollback,
    confirmTimeoutSeconds: flags.confirmTimeout,
    stepTimeoutSeconds: flags.stepTimeout,
    lockTimeoutSeconds: flags.lockTimeout,
  };
}

function atLeast(least: number): (text: string) => number {
  return (text) => {
    const number = wholeNumber(text);
    if (number < least) throw new InvalidArgumentError(`It takes a whole number from ${least} to 999999.`);
    return number;
  };
}

/** A whole number, or 0. */
export function orZero(text: string): number {
  return text === "0" ? 0 : wholeNumber(text);
}
