/** Which pages have commands that a test runs, and how. */

/** Their `console` blocks are run one after the other in a lab. */
export const labPages: readonly string[] = ["docs/evening.md"];

/** A test writes them, with what the commands print. */
export const writtenPages: readonly string[] = ["docs/tutorials.md"];
