/** Passwords and passphrases: asked for when a host requires them, kept in memory only. */

/** Asks a person for a secret. The prompt is one line that ends in `: `. */
export type AskSecret = (prompt: string) => Promise<string>;

/**
 * Asks one question at a time, and each only once in a run, no matter how many hosts need the answer. The first question
 * does not name the host, so its answer serves all hosts. After a wrong answer the question names the host.
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
