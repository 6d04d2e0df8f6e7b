/** The one error class for everything that a user can cause or run into; anything else that is thrown is a bug. */
import { catalogue, type ErrorCode } from "./catalogue.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";

/** A position in a file. Line and column count from 1; `length` is in columns; `text` is the whole source line. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length?: number;
  readonly text?: string;
}

/** What an error carries besides its message. */
export interface ErrorDetails {
  /** What to do about it, one or two sentences. */
  readonly hint?: string;
  readonly at?: Position;
  readonly host?: string;
  /** The step or resource that was being worked on. */
  readonly step?: string;
  /** What the host or program printed, with secrets already masked. */
  readonly output?: string;
  /** Whether it counts as a mistake although its code is that of a warning: `validate --strict`. */
  readonly isStrict?: boolean;
  /** The individual errors, if several were collected. */
  readonly problems?: readonly LvsctlError[];
  /** Whether whoever reads this error has read those before. */
  readonly areShown?: boolean;
  readonly cause?: unknown;
}

/** An error with a permanent code; `message` says what is wrong and why, `hint` what to do. */
export class LvsctlError extends Error {
  override readonly name = "LvsctlError";
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.details = details;
  }

  /** What its code stands for, in a few words. */
  get title(): string {
    return catalogue[this.code].title;
  }

  /** The exit code of a command that ends with it. */
  get exit(): ExitCode {
    return catalogue[this.code].exit;
  }

  /** Whether it is only a warning: those have the exit code 0, and nobody wants to be strict. */
  get isWarning(): boolean {
    return this.exit === exitCode.ok && this.details.isStrict !== true;
  }
}
