/** Which pages have commands that a test runs, and how. */

/** Their `console` blocks are run one after the other, in labs if they make any. */
export const runPages: readonly string[] = ["README.md", "docs/evening.md", "docs/unmanaged.md"];

/** A test writes them, with what the commands print. */
export const writtenPages: readonly string[] = ["docs/tutorials.md"];

/** They exist in Simplified Chinese as well, as `*.zh-CN.md`. */
export const translatedPages: readonly string[] = ["README.md", "docs/evening.md"];
