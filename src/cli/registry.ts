import type { Command } from "commander";

/** What a command is given to register itself with: its action's result becomes the exit code. */
export interface Registry {
  readonly program: Command;
  /** Notes the exit code of the command that ran: ours, or that of a program which it ran for the user. */
  exit(code: number): void;
}
