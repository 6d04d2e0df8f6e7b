/** The folders on a host that belong to lvsctl. */
import { posix } from "node:path";

export const STATE_ROOT = "/var/lib/lvsctl";

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
