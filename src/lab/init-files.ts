/** What an init adds to a lab's hosts. */
import type { TreeEntry } from "./tree-entry.ts";

/** Files and mounts of hosts that have an init as PID 1. */
export interface InitFiles {
  /** The program that becomes PID 1, with its arguments, without blanks in any of them. */
  readonly command: readonly string[];
  /** The host's own folders below its folder in the lab's tree, and where they hide this machine's. */
  readonly folders: Readonly<Record<string, string>>;
  /** Files of a host, below its folder in the lab's tree. */
  readonly files: (host: string) => readonly TreeEntry[];
  /** Further mounts, as fields of fstab(5), below the host's root. */
  readonly mounts: readonly (readonly [what: string, where: string, type: string, options: string])[];
  /** A folder whose files lie over this machine's on the hosts. */
  readonly layer?: string;
}
