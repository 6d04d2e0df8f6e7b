/** Text files as users name them: whole, but never more of them than can be of use. */
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { fileReason } from "../errors/file-reason.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";

/** No topology is this large. The topology language has a lower limit, with its own message. */
const MAX_BYTES = 2 * 1024 * 1024;

/**
 * The text of a file, a pipe or a terminal, such as /dev/stdin, up to its end or to more than any topology has. Throws
 * LVS-USAGE-003 if it cannot be read.
 */
export async function readText(path: string): Promise<string> {
  try {
    const file = await open(path, "r");
    try {
      return await textOf(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new LvsctlError(
      "LVS-USAGE-003",
      path === "" ? "The name of the file is empty." : `${path} cannot be read: ${fileReason(error)}.`,
      {
        hint: "Give the path of a topology file; lvsctl init dr makes one to start from.",
        cause: error,
      },
    );
  }
}

/** The text of a regular file, without waiting for anything; undefined where there is none or it cannot be read. */
export async function readRegularFile(path: string): Promise<string | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
  try {
    return (await file?.stat())?.isFile() && file ? await textOf(file) : undefined;
  } catch {
    return undefined;
  } finally {
    await file?.close();
  }
}

async function textOf(file: FileHandle): Promise<string> {
  const buffer = Buffer.alloc(MAX_BYTES);
  let size = 0;
  for (let read = 1; read > 0 && size < MAX_BYTES; size += read) {
    read = (await file.read(buffer, size, MAX_BYTES - size, null)).bytesRead;
  }
  return buffer.toString("utf8", 0, size);
}
