/** Passwords and passphrases: asked for when a host requires them, kept in memory only. */

import { LvsctlError } from "../errors/lvsctl-error.ts";

/** Asks a person for a secret. The prompt is one line that ends in `: `. Throws LVS-CONNECT-022 if there is no answer. */
export type AskSecret = (prompt: string) => Promise<string>;

/**
 * Asks one question at a time, and each only once in a run, no matter how many hosts need the answer. The first question
 * says that its answer serves all hosts. After a wrong answer the question names the host. After an LvsctlError, such as an
 * interrupt, nothing more is asked.
 */
export function askOnce(ask: AskSecret): AskSecret {
  const answers = new Map<string, Promise<string>>();
  let last: Promise<unknown> = Promise.resolve();
  return (prompt) => {
    const known = answers.get(prompt);
    if (known) return known;
    const answer = last.then(() => ask(prompt));
    last = answer.catch((error: unknown) => {
      if (error instanceof LvsctlError) throw error;
    });
    last.catch(() => {}); // Those who ask see it.
    answers.set(prompt, answer);
    return answer;
  };
}
