/** The folders on a host that belong to lvsctl. */
import { posix } from "node:path";

export { LOCK_FILE } from "../shell/host-script-parts.ts";

/** Everything that lvsctl keeps on a host. */
export const STATE_ROOT = "/var/lib/lvsctl";

/** The files of a run in progress; a host has at most one. No topology can have this name. */
export const TRANSACTION_FOLDER = `${STATE_ROOT}/.transaction`;

/** What a run does once it is confirmed, before it ends: shell text. */
export const LAST_STEPS = `${TRANSACTION_FOLDER}/last.sh`;

/** What is left of a run that could be neither confirmed nor rolled back. */
export const DAMAGED_FOLDER = `${TRANSACTION_FOLDER}.damaged`;

/** The files of that run that do not survive a reboot. */
export const RUNTIME_FOLDER = "/run/lvsctl";

/**
 * What services have asked us to bring back, one empty file each. Not in the folder above, which a new run empties: it is
 * brought back when the run has ended.
 */
export const ASKED_FOLDER = "/run/lvsctl-asked";

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

/** Folders with what an init, or a service that lvsctl hooks into, runs or obeys. */
const STARTS =
  /^\/((usr\/(local\/)?)?lib\/(systemd|NetworkManager)|(etc|run)\/(systemd|NetworkManager)|etc\/(conf\.d|init\.d|network|rc\d?\.d|runlevels)|usr\/share\/netfilter-persistent)\//;

/**
 * What is lvsctl's in there: files by the names that it gives them, and folders of additions to its units. systemd adds what is in
 * `lvsctl-undo-.service.d` to the timer of each run, and what is in `service.d` to everything. Source: systemd.unit(5).
 */
const STARTS_US = /\/(\d+-)?lvsctl-|\/(service|timer)\.d\//;

/** Holds lines of ours on a host without systemd and OpenRC. */
const RC_LOCAL = /^\/etc\/(rc\.d\/)?rc\.local$/;

/** Whether lvsctl keeps files of its own there outside of its folders, or what is there changes what they do. */
export function startsOurs(path: string): boolean {
  const place = path.replace(/^\/var\/run(?=\/)/, "/run");
  return (
    /^\/run\/lvsctl[^/]*(\/|$)/.test(place) || (STARTS.test(place) && STARTS_US.test(place)) || RC_LOCAL.test(place)
  );
}

/**
 * Whether lvsctl keeps files of its own there, on this machine's side for labs too: a playbook may write elsewhere, or in
 * its topology's folder beside them.
 */
export function isKept(place: string, topology: string): boolean {
  if (startsOurs(place)) return true;
  if (!isOwn(place)) return false;
  const folder = `${stateFolder(topology)}/`;
  return !place.startsWith(folder) || KEPT.test(place.slice(folder.length).split("/")[0] ?? "");
}

/** The path of a topology's restore script on a host. */
export function restorePath(topology: string): string {
  return `${stateFolder(topology)}/restore.sh`;
}
