/** `lvsctl validate`: everything that is wrong with topology files. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { ValidatedFile } from "../report/validation.ts";
import { findingsOf } from "./load.ts";

/** One result per file, in order; an unreadable file is a problem of that file. */
export function validateFiles(files: readonly string[]): Promise<readonly ValidatedFile[]> {
  return Promise.all(
    files.map(async (file) => {
      try {
        return { file, ...(await findingsOf(file)) };
      } catch (error) {
        if (error instanceof LvsctlError) return { file, problems: error.details.problems ?? [error], warnings: [] };
        throw error;
      }
    }),
  );
}
