/** `lvsctl validate`: everything that is wrong with topology files. */
import { byPosition } from "../document/by-position.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { ValidatedFile } from "../report/validation.ts";
import { type Findings, findingsOf } from "./load.ts";

/** One result per file, in order; an unreadable file is a problem of that file. `isStrict`: warnings are problems. */
export function validateFiles(files: readonly string[], isStrict = false): Promise<readonly ValidatedFile[]> {
  return Promise.all(
    files.map(async (file) => {
      try {
        const found = await findingsOf(file);
        return { file, ...(isStrict ? strictly(found) : found) };
      } catch (error) {
        if (error instanceof LvsctlError) return { file, problems: error.details.problems ?? [error], warnings: [] };
        throw error;
      }
    }),
  );
}

function strictly({ problems, warnings }: Findings): Findings {
  const raised = warnings.map(({ code, message, details }) => {
    return new LvsctlError(code, message, { ...details, isStrict: true });
  });
  return { problems: [...problems, ...raised].toSorted(byPosition), warnings: [] };
}
