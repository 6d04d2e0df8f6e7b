/** A program that fetches a page by GET and prints it. It reads no file and writes none. */
import { type Check, grammar, number, oneOf, type Rule } from "./grammar.ts";

const url: Check = (word) => /^https?:\/\/[!-~]+$/.test(word) && !/[{}]/.test(word);
/** `example.net:443:192.0.2.1`: where to connect to for a name. */
const place: Check = (word) => /^[A-Za-z0-9_.-]{1,253}:\d{1,5}:[0-9A-Fa-f:.]{2,45}$/.test(word);
/** A file with certificates, which curl reads and sends to nobody. */
const certificate: Check = (word) => /^\/[A-Za-z0-9_./+-]+$/.test(word) && !/^\/+(dev|proc|sys)\//.test(word);
/** `@file` reads a file. */
const header: Check = (word) => !word.startsWith("@");
/** `@file` reads a file, `%output{file}` writes one. */
const format: Check = (word) => !word.startsWith("@") && !word.includes("%output");

/** By program. */
export const fetchRules: Readonly<Record<string, Rule>> = {
  curl: grammar({
    flags: "sSZk",
    values: { w: format, H: header, o: oneOf("/dev/null") },
    long: ["http1.1"],
    longValues: {
      "max-time": number,
      "parallel-max": number,
      noproxy: oneOf("*"),
      resolve: place,
      cacert: certificate,
    },
    operand: url,
    maxOperands: 1,
  }),
};
