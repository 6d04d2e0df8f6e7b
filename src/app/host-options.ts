/** How a command reaches its hosts. */
import type { LvsctlError } from "../errors/lvsctl-error.ts";
import type { Given } from "../report/next-command.ts";
import type { ConnectOptions } from "../transport/connect.ts";
import type { SshDestination } from "../transport/ssh-config.ts";
import type { OnStatus } from "./host-count.ts";

/** The options of every command that works with hosts. */
export interface HostOptions extends ConnectOptions {
  /** The hosts are those of the lab on this machine. */
  readonly lab?: boolean;
  /** Work on these hosts only. */
  readonly limit?: readonly string[];
  /** How many hosts to work on at a time. */
  readonly parallel: number;
  /** Where to log in to a host, by its name, once a run has changed its address. */
  readonly confirmAt?: ReadonlyMap<string, string>;
  /** Receives pending runs found on hosts that are only read. */
  readonly onPending?: (problems: readonly LvsctlError[]) => void;
  /** Receives what is being waited for. */
  readonly onStatus?: OnStatus;
  /** What the user has typed, for the commands that errors name. */
  readonly given?: Given;
}

/** A host, and how to reach it. */
export interface Target {
  readonly name: string;
  readonly ssh: SshDestination;
  /** The ssh_config that this host needs (a lab's). Takes precedence over the one in the options. */
  readonly sshConfig?: string;
}
