/** Finds out which folders are in memory, so that nothing in them is there after a restart. */
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";
import { isFilePath } from "./plain-files.ts";
import type { Probe } from "./probe.ts";

/**
 * `lvsctl_storage FOLDER…` prints `device DEVICE FOLDER` and `type TYPE FOLDER` for each that is there: the numbers of its file
 * system, and of the file system's type. For each overlay it prints `upper MAJOR:MINOR UPPER` and `type TYPE UPPER`, if the folder
 * that takes what is written can be seen from here. Where an initramfs or a container's runtime has mounted it elsewhere, it cannot.
 */
const SCRIPT = `lvsctl_storage() (
exec 2>/dev/null
stat -L -c 'device %d %n' "$@"
while read -r id parent device rest; do
case $rest in
*' - overlay '*,upperdir=/*)
upper=\${rest##*,upperdir=}; upper=\${upper%%,*}
[ -d "$upper" ] || continue
printf 'upper %s %s\\n' "$device" "$upper"
set -- "$@" "$upper" ;;
esac
done </proc/self/mountinfo
stat -f -c 'type %t %n' "$@"
)`;

/** The probe that looks at the file systems of folders. */
export const storageProbe: Probe = {
  program: "lvsctl_storage",
  script: SCRIPT,
  allows: (paths) => paths.length > 0 && paths.every(isFilePath),
};

/** File systems in memory, by the numbers of their types. Source: statfs(2), linux/magic.h. */
const IN_MEMORY: ReadonlyMap<string, string> = new Map([
  ["1021994", "tmpfs"],
  ["858458f6", "ramfs"],
]);
const OVERLAY = "794c7630";

/** The read command. */
export function readStorage(name: string, folders: readonly string[]): ReadCommand {
  return { name, argv: [storageProbe.program, ...folders], script: SCRIPT };
}

/**
 * Each of the folders that is there, with the name of its file system if that is sure to be in memory: `tmpfs`, or `overlay on
 * tmpfs`.
 */
export function parseStorage(outputs: ReadOutputs, name: string): ReadonlyMap<string, string | undefined> {
  const text = outputs.get(name)?.stdout ?? "";
  const devices = [...text.matchAll(/^device (\d+) (\/.*)$/gm)];
  const types = new Map([...text.matchAll(/^type ([0-9a-f]+) (\/.*)$/gm)].map(([, type, path]) => [path, type]));
  const uppers = new Map([...text.matchAll(/^upper (\d+:\d+) (\/.*)$/gm)].map(([, device, path]) => [device, path]));
  const memoryAt = (path: string | undefined) => IN_MEMORY.get(types.get(path) ?? "");
  return new Map(
    devices.map(([, device = "", folder = ""]) => {
      if (types.get(folder) !== OVERLAY) return [folder, memoryAt(folder)];
      const upper = memoryAt(uppers.get(numbersOf(Number(device))));
      return [folder, upper && `overlay on ${upper}`];
    }),
  );
}

/** A device number of stat(2) as /proc has it. Source: linux/kdev_t.h, new_encode_dev. */
function numbersOf(device: number): string {
  const major = (device >> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >> 12) & 0xf_ff00);
  return `${major}:${minor}`;
}
