/** Texts for people, whatever is missing in what they are made of. */
import { expect } from "vitest";

/** What a value that is not there, or is no text, or is empty, becomes in a message. */
const SLIPS = /\b(undefined|null|NaN|Infinity)\b|\[object|function |=>|: \.|\(\)|\.\.|^[:,;]|\s{2}| $/;

/** Fails if one of these texts shows what nobody wrote. */
export function expectPlainTexts(texts: readonly (string | undefined)[]): void {
  for (const text of texts) {
    if (text !== undefined) expect(text).not.toMatch(SLIPS);
  }
}
