/** How a command reaches its hosts. */
import type { LvsctlError } from "../errors/lvsctl-error.ts";
import type { ConnectOptions } from "../transport/connect.ts";
import type { SshDestination } from "../transport/ssh-config.ts";

/** What the flags of every command with hosts come to. */
export interface HostOptions extends ConnectOptions {
  /** The hosts are those of the lab on this machine. */
  readonly lab?: boolean;
  /** Work on these hosts only. */
  readonly limit?: readonly string[];
  /** How many hosts to work on at a time. */
  readonly parallel: number;
  /** Where to log in to a host, by its name, once a run has changed the way to it. */
  readonly confirmAt?: ReadonlyMap<string, string>;
  /** Gets the runs that are pending on hosts which are only read. */
  readonly onPending?: (problems: readonly LvsctlError[]) => void;
  /** Gets what is going on, for people; undefined when it is over. */
  readonly onStatus?: (text: string | undefined) => void;
}

/** A host, and the way in to it. */
export interface Target {
  readonly name: string;
  readonly ssh: SshDestination;
  /** The ssh_config that this host needs: a lab's. Goes before the one of the options. */
  readonly sshConfig?: string;
}
