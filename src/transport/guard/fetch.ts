/** A program that fetches a page by GET and prints it. It reads no file and writes none. */
import { type Check, grammar, number, oneOf, type Rule } from "./grammar.ts";

const url: Check = (word) => /^https?:\/\/[!-~]+$/.test(word) && !/[{}]/.test(word);
/** `@file` reads a file. */
const header: Check = (word) => !word.startsWith("@");
/** `@file` reads a file, `%output{file}` writes one. */
const format: Check = (word) => !word.startsWith("@") && !word.includes("%output");

/** By program. */
export const fetchRules: Readonly<Record<string, Rule>> = {
  curl: grammar({
    flags: "sSZ",
    values: { w: format, H: header },
    longValues: { "max-time": number, "parallel-max": number, noproxy: oneOf("*") },
    operand: url,
    maxOperands: 1,
  }),
};
