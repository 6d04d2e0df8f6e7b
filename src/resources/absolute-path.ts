/** Paths of files on hosts, as written in topologies and playbooks. */
import { posix } from "node:path";
import { LvsctlError } from "../errors/lvsctl-error.ts";

/** For a JSON Schema: absolute, and without control characters. */
export const ABSOLUTE_PATH = "^/[^\\u0000-\\u001f\\u007f]+$";

/** Folders where reading or writing can have side effects, or block. */
const NO_FILES = /^\/(dev|proc|sys)(\/|$)/;
const LONGEST = 1024;

/** Returns the path unchanged if it is absolute and normalised and files can live there. Throws LVS-FACT-003. */
export function absolutePath(written: string): string {
  const isClean = written.length <= LONGEST && new RegExp(ABSOLUTE_PATH, "u").test(written);
  if (isClean && posix.normalize(written) === written && !written.endsWith("/") && !NO_FILES.test(written)) {
    return written;
  }
  throw new LvsctlError("LVS-FACT-003", `${JSON.stringify(written)} is not a path that a file can have on a host.`, {
    hint: "Write an absolute path without . or .. and without a / at its end, outside /dev, /proc and /sys.",
  });
}
