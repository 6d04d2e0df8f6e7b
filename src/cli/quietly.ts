import type { Output } from "../report/output.ts";

/** Asks something while nobody else writes to the last line. */
export async function quietly<T>(output: Output, ask: () => Promise<T>): Promise<T> {
  const giveBack = output.lend({ showActivity: () => undefined });
  try {
    return await ask();
  } finally {
    giveBack();
  }
}
