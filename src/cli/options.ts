/** Flags that several commands share, and what they mean to the layer below. */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { HostOptions } from "../app/host-options.ts";
import { createOutput, type Output } from "../report/output.ts";
import { formatPending } from "../report/pending.ts";
import { askSecret, canAsk } from "../report/prompt.ts";
import { createStatus } from "../report/status.ts";

export interface HostFlags {
  readonly lab?: boolean;
  readonly sshConfig?: string;
  readonly limit?: readonly string[];
  readonly parallel: number;
  readonly acceptNew?: boolean;
  readonly askPass?: boolean;
  readonly connectTimeout?: number;
}

export interface TextFlags {
  /** Commander's spelling of --no-color. */
  readonly color: boolean;
  readonly verbose: number;
}

/** Adds the flags of a command that works with hosts. */
export function withHostFlags(command: Command): Command {
  return command
    .option("--lab", "the hosts are those of the lab on this machine (lvsctl lab up)")
    .option("-F, --ssh-config <file>", "read this ssh_config instead of ~/.ssh/config")
    .option("-l, --limit <host,…>", "only these hosts", listOf)
    .option("--parallel <n>", "how many hosts to work on at a time", wholeNumber, 32)
    .option("--accept-new", "trust the key of a host that is not known yet, and remember it")
    .option("--ask-pass", "ask for passwords: students' virtual machines have nothing else")
    .option("--connect-timeout <seconds>", "how long to wait for a host", wholeNumber);
}

/** Adds the flags of a command that prints for people. */
export function withTextFlags(command: Command): Command {
  return command
    .option("-v, --verbose", "say more: -v why, -vv the commands", (_value, count: number) => count + 1, 0)
    .option("--no-color", "no colours (also: NO_COLOR)");
}

export function formatOption(...formats: readonly string[]): Option {
  return new Option("--format <format>", "how to print").choices([...formats]).default(formats[0]);
}

/** The flags of the hosts as the layer below takes them. Secrets are asked for on a terminal only. */
export function hostOptions(flags: HostFlags, stderr: Output): HostOptions {
  return {
    onStatus: createStatus(stderr),
    onPending: (problems) => stderr.write(formatPending(problems, stderr)),
    ...(flags.lab ? { lab: true } : {}),
    ...(flags.sshConfig === undefined ? {} : { sshConfig: flags.sshConfig }),
    ...(flags.limit === undefined ? {} : { limit: flags.limit }),
    parallel: flags.parallel,
    ...(flags.acceptNew ? { acceptNew: true } : {}),
    ...(flags.connectTimeout === undefined ? {} : { connectTimeoutMs: flags.connectTimeout * 1000 }),
    ...(flags.askPass || canAsk() ? { askSecret } : {}),
  };
}

export function outputs(flags: Pick<TextFlags, "color">): { stdout: Output; stderr: Output } {
  const options = flags.color ? {} : { color: false };
  return { stdout: createOutput(process.stdout, options), stderr: createOutput(process.stderr, options) };
}

export function wholeNumber(text: string): number {
  if (!/^[1-9][0-9]{0,5}$/.test(text)) throw new InvalidArgumentError("It takes a whole number from 1 to 999999.");
  return Number(text);
}

export function listOf(text: string): readonly string[] {
  return text.split(",").filter((part) => part !== "");
}
