/** The folders on a host that belong to lvsctl. */
import { posix } from "node:path";

/** Everything that lvsctl keeps on a host. */
export const STATE_ROOT = "/var/lib/lvsctl";

/** The files of a run in progress; a host has at most one. No topology can have this name. */
export const TRANSACTION_FOLDER = `${STATE_ROOT}/.transaction`;

/** What is left of a run that could be neither confirmed nor rolled back. */
export const DAMAGED_FOLDER = `${TRANSACTION_FOLDER}.damaged`;

/** The files of that run that do not survive a reboot. */
export const RUNTIME_FOLDER = "/run/lvsctl";

/** The end of the names of `againMark`. */
export const AGAIN = ".again";

/** The end of the names of `startedMark`. */
export const UP = ".up";

/** Exists if something of the topology was to be restored while a run was under way: that is done at the run's end. */
export function againMark(topology: string): string {
  return `${RUNTIME_FOLDER}/${topology}${AGAIN}`;
}

/** Exists while a run starts the topology's service, whose state is up already. */
export function startedMark(topology: string): string {
  return `${RUNTIME_FOLDER}/${topology}${UP}`;
}

/** The folder on a host with all files of a topology. */
export function stateFolder(topology: string): string {
  return `${STATE_ROOT}/${topology}`;
}

/** Our folders above `path`, innermost first and /var/lib/lvsctl last; none if `path` is not under it. */
export function ownFolders(path: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = posix.dirname(path); isOwn(folder); folder = posix.dirname(folder)) folders.push(folder);
  return folders;
}

function isOwn(folder: string): boolean {
  return folder === STATE_ROOT || folder.startsWith(`${STATE_ROOT}/`);
}

/** What lvsctl itself keeps in a topology's folder, and trusts or runs as root. */
const KEPT = /^(ledger\.json.*|restore\.sh|(web|udp|sctp)-\d+)$/;

/**
 * Whether lvsctl keeps files of its own there, on this machine's side for labs too: a playbook may write elsewhere, or in
 * its topology's folder beside them.
 */
export function isKept(path: string, topology: string): boolean {
  const place = path.replace(/^\/var\/run(?=\/)/, "/run");
  if (/^\/run\/lvsctl(-lab)?(\/|$)/.test(place)) return true;
  if (!isOwn(place)) return false;
  const folder = `${stateFolder(topology)}/`;
  return !place.startsWith(folder) || KEPT.test(place.slice(folder.length).split("/")[0] ?? "");
}

/** The path of a topology's restore script on a host. */
export function restorePath(topology: string): string {
  return `${stateFolder(topology)}/restore.sh`;
}
