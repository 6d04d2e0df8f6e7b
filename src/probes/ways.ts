/** Reads who can change what is on the way to folders, through every link: whoever can decides what is in them. */
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";
import { isFilePath } from "./plain-files.ts";
import type { Probe } from "./probe.ts";

/** A folder on the way. */
export interface FolderOnWay {
  readonly path: string;
  /** The numeric user ID. */
  readonly owner: string;
  /** Permission bits. */
  readonly mode: number;
}

/** The way to a folder from `/` on. */
export interface Way {
  /** All folders on it, those of links too; the last one that there is comes last. */
  readonly folders: readonly FolderOnWay[];
  /** Where it ends, without links; undefined if there is no such folder. */
  readonly end: string | undefined;
}

/**
 * `lvsctl_ways FOLDER…` prints for each of them `way FOLDER`; then for each folder on the way its raw mode in hexadecimal, its
 * owner and its path without links; and `end PATH` if it comes to the end.
 */
const SCRIPT = `lvsctl_ways() (
for folder; do
printf 'way %s\\n' "$folder"
at= left=$folder/ links=0
while stat -c '%f %u %n' "\${at:-/}"; do
part=
while [ -z "$part" ] && [ -n "$left" ]; do part=\${left%%/*} left=\${left#*/}; done
if [ -z "$part" ]; then printf 'end %s\\n' "\${at:-/}"; break; fi
if [ "$part" = .. ]; then at=\${at%/*}
elif [ "$part" = . ]; then :
elif [ -L "$at/$part" ]; then
links=$((links + 1))
[ $links -le 40 ] && to=$(readlink "$at/$part") || break
case $to in /*) at= ;; esac
left=$to/$left
else at=$at/$part
fi
done
done
)`;

/** The probe that goes these ways. */
export const waysProbe: Probe = {
  program: "lvsctl_ways",
  script: SCRIPT,
  allows: (folders) => folders.every((folder) => isFilePath(folder)),
};

const READ = "file-ways";

/** Source: inode(7). */
const TYPE = 0o170000;
const FOLDER = 0o040000;

/** The read command. */
export function readWays(folders: readonly string[]): ReadCommand {
  return { name: READ, argv: [waysProbe.program, ...folders], script: SCRIPT };
}

/** Parses what it printed; by folder. What it has not understood is not there. */
export function parseWays(outputs: ReadOutputs): ReadonlyMap<string, Way> {
  const sections = `\n${outputs.get(READ)?.stdout ?? ""}`.split("\nway ").slice(1);
  return new Map(
    sections.map((section) => {
      const [folder = "", ...lines] = section.split("\n");
      const folders = lines.flatMap((line): readonly FolderOnWay[] => {
        const [, mode = "", owner = "", path = ""] = /^([0-9a-f]{1,8}) (\d{1,10}) (\/.*)$/.exec(line) ?? [];
        const bits = Number.parseInt(mode, 16);
        return (bits & TYPE) === FOLDER ? [{ path, owner, mode: bits & 0o7777 }] : [];
      });
      const end = lines.find((line) => line.startsWith("end /"))?.slice("end ".length);
      return [folder, { folders, end: folders.at(-1)?.path === end ? end : undefined }];
    }),
  );
}
