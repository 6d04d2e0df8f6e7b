/** The files of users' own modes. */
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from "node:fs";
import { fileReason } from "../errors/file-reason.ts";

/** The text of a file that should hold a playbook, or why there is none, as the end of a sentence. */
export type ModeFile = { readonly text: string } | { readonly reason: string; readonly cause?: unknown };

/** Where to find the files of modes, by their absolute paths. */
export type ReadModeFile = (path: string) => ModeFile;

/** No playbook is larger. */
export const MAX_MODE_BYTES = 1024 * 1024;

/** What a larger one gets. */
export const TOO_LARGE: ModeFile = { reason: "it is larger than 1 MiB" };

/** Reading there can wait for ever, or have effects, and sizes are said to be 0. */
const FROM_THE_KERNEL = /^\/(dev|proc|sys)\//;

/** Reads a mode's file from this machine's disk. */
export function readModeFile(path: string): ModeFile {
  try {
    const real = realpathSync(path);
    return FROM_THE_KERNEL.test(real) ? { reason: "it is not a file on a disk" } : readPlainFile(real);
  } catch (cause) {
    return { reason: fileReason(cause), cause };
  }
}

function readPlainFile(path: string): ModeFile {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!fstatSync(file).isFile()) return { reason: "it is not a file" };
    const buffer = Buffer.alloc(MAX_MODE_BYTES + 1);
    let size = 0;
    for (let read = 1; read > 0 && size < buffer.length; size += read) {
      read = readSync(file, buffer, size, buffer.length - size, null);
    }
    return size === buffer.length ? TOO_LARGE : { text: buffer.toString("utf8", 0, size) };
  } finally {
    closeSync(file);
  }
}
