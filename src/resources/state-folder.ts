/** The folders on a host that belong to lvsctl. */
import { posix } from "node:path";

/** All that lvsctl keeps on a host. */
export const STATE_ROOT = "/var/lib/lvsctl";

/** What belongs to the one run that may be under way on a host; no topology can have this name. */
export const TRANSACTION_FOLDER = `${STATE_ROOT}/.transaction`;

/** What belongs to it and ends with a restart of the host. */
export const RUNTIME_FOLDER = "/run/lvsctl";

/** The folder on a host that holds all files of a topology. */
export function stateFolder(topology: string): string {
  return `${STATE_ROOT}/${topology}`;
}

/** The folders of ours that hold `path`, the innermost first and /var/lib/lvsctl last; none when it is not in there. */
export function ownFolders(path: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = posix.dirname(path); isOwn(folder); folder = posix.dirname(folder)) folders.push(folder);
  return folders;
}

function isOwn(folder: string): boolean {
  return folder === STATE_ROOT || folder.startsWith(`${STATE_ROOT}/`);
}
