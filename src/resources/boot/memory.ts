/** Folders in memory: what lvsctl writes there is lost in a restart, and nothing comes back. */
import { posix } from "node:path";
import { andList } from "../../errors/and-list.ts";
import { parseStorage, readStorage } from "../../probes/storage.ts";
import type { ReadOutputs } from "../../shell/read-script.ts";
import type { Problem } from "../resource.ts";
import { STATE_ROOT } from "../state-folder.ts";
import { type BootManager, RC_LOCALS, unitFiles } from "./boot-manager.ts";

/** A folder that is in memory, and its file system there: `tmpfs`, or `overlay on tmpfs`. */
export interface FolderInMemory {
  readonly folder: string;
  readonly fileSystem: string;
}

const NAME = "boot-unit-storage";

/** The folders with the files that start us at boot, by what starts services. */
const START_FOLDERS: Readonly<Record<BootManager, readonly string[]>> = {
  systemd: foldersOf("systemd"),
  openrc: foldersOf("openrc"),
  "rc.local": RC_LOCALS.map((path) => posix.dirname(path)),
};

/** Reads what `foldersInMemory` needs. Of folders that are not there yet, those count in which they will be made. */
export const storage = readStorage(NAME, [
  ...new Set([...Object.values(START_FOLDERS).flat(), STATE_ROOT].flatMap(withParents)),
]);

/** Those of the folders with files of ours that are sure to be in memory. `rcLocal`: the file that runs at boot without a manager. */
export function foldersInMemory(
  outputs: ReadOutputs,
  manager: BootManager,
  rcLocal: string,
): readonly FolderInMemory[] {
  const found = parseStorage(outputs, NAME);
  const starting = manager === "rc.local" ? [posix.dirname(rcLocal)] : START_FOLDERS[manager];
  const folders = [...starting, STATE_ROOT].flatMap((path) => withParents(path).find((one) => found.has(one)) ?? []);
  const inMemory = [...new Set(folders)].flatMap((folder) => {
    const fileSystem = found.get(folder);
    return fileSystem === undefined ? [] : [{ folder, fileSystem }];
  });
  return inMemory.filter(({ folder }) => !inMemory.some((other) => folder.startsWith(`${other.folder}/`)));
}

/** What a plan says then. */
export function memoryCaveats(topology: string, folders: readonly FolderInMemory[]): readonly Problem[] {
  if (folders.length === 0) return [];
  const isState = ({ folder }: FolderInMemory) => withParents(STATE_ROOT).includes(folder);
  const lost = [
    ...(folders.every(isState) ? [] : ["the files that start it at boot"]),
    ...(folders.some(isState) ? ["the ledger", "the restore script"] : []),
  ];
  const names = andList(folders.map(({ folder, fileSystem }) => `${folder} (${fileSystem})`));
  return [
    {
      message: `${names} ${folders.length === 1 ? "is" : "are"} in memory. Unless somebody saves them, a restart of the host deletes ${andList(lost)} there, and then nothing of ${topology} comes back.`,
      hint: `On Alpine without a disk: lbu include ${STATE_ROOT}, and lbu commit after each run of lvsctl. With overlayroot: boot with overlayroot=disabled, apply, and boot as before. Otherwise write persist: false.`,
    },
  ];
}

function foldersOf(manager: Exclude<BootManager, "rc.local">): readonly string[] {
  const { path, link } = unitFiles(manager, "");
  return [path, link].map((file) => posix.dirname(file));
}

/** A folder of /etc or /var/lib and those above it, innermost first. */
function withParents(folder: string): readonly string[] {
  const isTop = ["/etc", "/var/lib"].includes(folder);
  return isTop ? [folder] : [folder, ...withParents(posix.dirname(folder))];
}
