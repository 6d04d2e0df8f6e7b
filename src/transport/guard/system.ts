/** Programs that show what the system has. */
import { grammar, plain, type Rule } from "./grammar.ts";

/** By program. */
export const systemRules: Readonly<Record<string, Rule>> = {
  modprobe: grammar({
    flags: "nva",
    operand: (word) => /^[A-Za-z0-9_-]+$/.test(word),
    needs: ["n"],
  }),
  // A few seconds, before something that the kernel updates from time to time is read.
  sleep: (args) => args.length === 1 && /^[1-5]$/.test(args[0] ?? ""),
  date: (args) => args.length === 1 && args[0] === "+%s",
  busybox: (args) => args.length === 1 && args[0] === "--list",
  // It prints what systemd knows of services.
  systemctl: ([verb, ...args]) =>
    verb === "show" &&
    grammar({
      values: { p: (word) => /^[A-Za-z]+$/.test(word) },
      operand: (word) => /^[A-Za-z0-9@_-]+\.service$/.test(word),
    })(args),
  command: (args) => args.length === 2 && args[0] === "-v" && plain(args[1] ?? ""),
};
