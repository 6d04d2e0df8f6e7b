/** Passwords and passphrases: asked for when a host wants them, kept in memory, never written anywhere. */

/** Asks a person for a secret. The prompt is one line that ends in `: `. */
export type AskSecret = (prompt: string) => Promise<string>;

/**
 * Asks each question only once in a run, and one at a time, however many hosts need the answer. The first question has the
 * same words for all hosts; after a wrong answer it names the host, and so is asked again.
 */
export function askOnce(ask: AskSecret): AskSecret {
  const answers = new Map<string, Promise<string>>();
  let last: Promise<unknown> = Promise.resolve();
  return (prompt) => {
    const known = answers.get(prompt);
    if (known) return known;
    const answer = last.then(() => ask(prompt));
    last = answer.catch(() => {});
    answers.set(prompt, answer);
    return answer;
  };
}
