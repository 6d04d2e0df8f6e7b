/** Programs that fetch a page by GET and print it. They read no file and write none. */
import { type Check, grammar, number, oneOf, plain, type Rule } from "./grammar.ts";

const nowhere = oneOf("/dev/null");
const url: Check = (word) => /^https?:\/\/[!-~]+$/.test(word) && !/[{}]/.test(word);
const plainUrl: Check = (word) => url(word) && word.startsWith("http://");
/** `@file` reads a file. */
const header: Check = (word) => !word.startsWith("@");
/** `@file` reads a file, `%output{file}` writes one. */
const format: Check = (word) => !word.startsWith("@") && !word.includes("%output");

export const fetchRules: Readonly<Record<string, Rule>> = {
  curl: grammar({
    flags: "sSfiIgZ46",
    values: { m: number, w: format, H: header, o: nowhere },
    long: [
      "silent",
      "show-error",
      "fail",
      "include",
      "head",
      "globoff",
      "parallel",
      "ipv4",
      "ipv6",
      "http1.1",
      "http1.0",
    ],
    longValues: {
      "max-time": number,
      "connect-timeout": number,
      "parallel-max": number,
      "write-out": format,
      header,
      output: nowhere,
      interface: plain,
      "local-port": plain,
      noproxy: (word) => word === "*" || plain(word),
      resolve: plain,
    },
    operand: url,
    maxOperands: 64,
  }),
  // Over https wget keeps a file of its own (.wget-hsts).
  wget: (args) =>
    args.some((word, index) => /^-q?O-$/.test(word) || (/^-q?O$/.test(word) && args[index + 1] === "-")) &&
    grammar({
      flags: "qS46",
      values: { O: oneOf("-"), T: number, t: number },
      long: ["quiet", "server-response"],
      longValues: { timeout: number, tries: number, header },
      operand: plainUrl,
      maxOperands: 1,
    })(args),
};
