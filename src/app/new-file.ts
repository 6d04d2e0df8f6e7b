/** Files that must not be there yet. */
import { lstat, writeFile } from "node:fs/promises";
import { LvsctlError } from "../errors/lvsctl-error.ts";

/** Throws LVS-USAGE-005 if there is anything at this path. */
export async function refuseExisting(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found !== undefined) throw alreadyThere(path);
}

/** Writes a new file. Throws LVS-USAGE-005 if there is one, LVS-USAGE-004 if it cannot be written. */
export async function writeNewFile(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: "wx" });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EEXIST") throw alreadyThere(path);
    const why = REASONS.get(code) ?? "this machine refuses it";
    throw new LvsctlError(
      "LVS-USAGE-004",
      path === "" ? "The name of the file is empty." : `${path} cannot be written: ${why}.`,
      {
        hint: "Name another file with --output, or - for stdout.",
        cause: error,
      },
    );
  }
}

const REASONS = new Map<unknown, string>([
  ["ENOENT", "there is no such folder"],
  ["ENOTDIR", "a folder of its path is a file"],
  ["EACCES", "you may not write there"],
  ["EPERM", "you may not write there"],
  ["EROFS", "nothing can be written there"],
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "your disk quota is used up"],
  ["ENAMETOOLONG", "its path or a name in it is too long"],
]);

function alreadyThere(path: string): LvsctlError {
  return new LvsctlError("LVS-USAGE-005", `${path} exists already, and lvsctl never overwrites a file.`, {
    hint: "Name another file with --output, or move this one first.",
  });
}
