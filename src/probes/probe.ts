/** A read with a script of our own: what it sends, which arguments are harmless, and what its output means stand together. */
export interface Probe {
  /** What its command begins with: the name of the shell function in `script`, or a program. */
  readonly program: string;
  /** Shell text that defines the function; absent where the arguments carry all. It changes nothing. */
  readonly script?: string;
  /** Whether the probe changes nothing with these arguments. The guard asks; in doubt: false. */
  allows(args: readonly string[]): boolean;
}
