/** Mistakes in a file are part of a result in Markdown: who reads a pull request does not see the output of its checks. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { Format } from "./command.ts";

/** The result of the work; in Markdown also what is wrong with a file, which otherwise is thrown. */
export async function orFileError<T>(work: Promise<T>, format: Format | undefined): Promise<T | LvsctlError> {
  try {
    return await work;
  } catch (error) {
    if (format === "markdown" && error instanceof LvsctlError && error.details.problems !== undefined) return error;
    throw error;
  }
}
