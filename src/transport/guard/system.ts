/** Programs that tell about the system. */
import { alone, anything, type Check, grammar, oneOf, plain, type Rule } from "./grammar.ts";

const sysctlKey: Check = (word) => /^[A-Za-z0-9_][A-Za-z0-9_./*:@-]*$/.test(word);
const unit: Check = (word) => /^[A-Za-z0-9_*?[\]][A-Za-z0-9_.@:*?[\]\\-]*$/.test(word);
const packageName: Check = (word) => /^[A-Za-z0-9][A-Za-z0-9+._:*-]*$/.test(word);

const systemctlVerbs = ["is-active", "is-enabled", "is-failed", "show", "cat", "list-units", "list-unit-files"];
const systemctlRest = grammar({
  flags: "alq",
  values: { p: plain, t: plain },
  long: ["all", "full", "no-pager", "no-legend", "plain", "quiet", "value"],
  longValues: { property: plain, type: plain, state: plain },
  operand: unit,
});

export const systemRules: Readonly<Record<string, Rule>> = {
  true: anythingGoes,
  false: anythingGoes,
  ":": anythingGoes,
  echo: anythingGoes,
  printf: (args) => !(args[0] ?? "").startsWith("-") || args[0] === "--",
  id: grammar({ flags: "unGgrz", operand: plain, maxOperands: 1 }),
  whoami: alone,
  uname: grammar({ flags: "asnrvmpio" }),
  hostname: alone,
  uptime: alone,
  nproc: alone,
  // An operand without a plus sets the clock.
  date: grammar({
    flags: "uR",
    values: { d: anything },
    long: ["utc", "rfc-email"],
    longValues: { date: anything },
    operand: (word) => word.startsWith("+"),
    maxOperands: 1,
  }),
  ps: grammar({
    flags: "AaefjlwTHLxuc",
    values: { o: plain, p: plain, C: plain, U: plain, G: plain },
    operand: oneOf("a", "x", "u", "w", "aux", "ax", "auxww", "axww"),
  }),
  lsmod: alone,
  modprobe: grammar({
    flags: "nvqaD",
    long: ["dry-run", "verbose", "quiet", "all", "first-time", "show-depends"],
    operand: (word) => /^[A-Za-z0-9_-]+$/.test(word),
    needs: ["n", "dry-run"],
  }),
  modinfo: grammar({ flags: "nalpd0", values: { F: plain }, operand: plain }),
  sysctl: grammar({ flags: "aAebnN", long: ["all", "ignore", "binary", "names", "values"], operand: sysctlKey }),
  busybox: (args) => args.length === 1 && args[0] === "--list",
  command: (args) => args.length === 2 && args[0] === "-v" && plain(args[1] ?? ""),
  getent: grammar({ operand: plain, maxOperands: 8 }),
  systemctl: ([verb = "", ...rest]) => systemctlVerbs.includes(verb) && systemctlRest(rest),
  "dpkg-query": grammar({
    flags: "Wls",
    values: { f: anything },
    long: ["show", "list", "status"],
    longValues: { showformat: anything },
    operand: packageName,
    needs: ["W", "l", "s", "show", "list", "status"],
  }),
  rpm: (args) =>
    args[0] === "-q" &&
    grammar({ flags: "a", longValues: { qf: anything, queryformat: anything }, operand: packageName })(args.slice(1)),
  apk: ([verb = "", ...rest]) => verb === "info" && grammar({ flags: "ev", operand: packageName })(rest),
};

function anythingGoes(): boolean {
  return true;
}
