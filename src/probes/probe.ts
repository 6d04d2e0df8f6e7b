/** A read command of our own. One file says what it sends, which arguments are harmless, and what its output means. */
export interface Probe {
  /** The first word of its command: the shell function in `script`, or a program. */
  readonly program: string;
  /** Shell text that defines the function; absent if the arguments carry everything. It changes nothing. */
  readonly script?: string;
  /** Whether these arguments are sure to change nothing. The guard asks; when in doubt, false. */
  allows(args: readonly string[]): boolean;
}
