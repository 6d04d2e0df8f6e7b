/** What the exit codes of lvsctl mean. They are part of its interface. */
export const exitCode = {
  ok: 0,
  error: 1,
  changes: 2,
  verificationFailed: 3,
  unreachable: 4,
  rolledBack: 5,
  locked: 6,
  usage: 64,
  interrupted: 130,
} as const;

/** One of them. */
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
