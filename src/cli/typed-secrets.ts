/** Passwords and passphrases that were typed, so that the report of a crash can leave them out. */

/** What a report has in their place. */
const HIDDEN = "[typed secret]";

/** What has been typed at questions for passwords and passphrases. */
export class TypedSecrets {
  private readonly typed = new Set<string>();

  /** The answer to such a question, which is remembered. */
  async remember(answer: Promise<string>): Promise<string> {
    const secret = await answer;
    if (secret !== "") this.typed.add(secret);
    return secret;
  }

  /** What went wrong, for whoever looks for the mistake: where, and in what words, but without these secrets. */
  crashText(error: unknown): string {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const longestFirst = [...this.typed].sort((one, other) => other.length - one.length);
    const forms = longestFirst.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
    return forms.reduce((rest, form) => rest.replaceAll(form, HIDDEN), text);
  }
}
