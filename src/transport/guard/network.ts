/** Programs that tell about addresses, routes, links and sockets, and that try whether somebody is there. */
import { type Check, grammar, number, oneOf, plain, type Rule } from "./grammar.ts";

/** iproute2 completes what it is given (`-b` is -batch, `ip link s` is set): only whole words are let through. */
const ipOptions = [
  "-4",
  "-6",
  "-o",
  "-oneline",
  "-j",
  "-json",
  "-d",
  "-details",
  "-s",
  "-stats",
  "-statistics",
  "-br",
  "-brief",
  "-p",
  "-pretty",
  "-N",
];
const ipObjects = [
  "a",
  "addr",
  "address",
  "r",
  "route",
  "rule",
  "link",
  "neigh",
  "neighbour",
  "tunnel",
  "tuntap",
  "fou",
  "maddr",
  "maddress",
];
const ipShow = ["show", "list", "ls", "lst"];

const count: Check = (word) => /^([1-9]\d?|100)$/.test(word);

/** ping(8), always with a count: a flood, or one without end, is not a read. */
const ping = grammar({
  flags: "nqD46",
  values: {
    c: count,
    w: number,
    W: number,
    i: (word) => number(word) && Number(word) >= 0.2,
    s: (word) => number(word) && Number(word) <= 9000,
    I: plain,
    M: oneOf("do", "dont", "want"),
    t: number,
  },
  operand: plain,
  maxOperands: 1,
  needs: ["c"],
});

export const networkRules: Readonly<Record<string, Rule>> = {
  ip,
  ss: grammar({
    flags: "tuwxnlpaemiosHOr460",
    values: { f: plain },
    operand: (word) => /^[A-Za-z0-9_.:/=<>!()[\]*&|-]+$/.test(word),
  }),
  ping,
  ping6: ping,
  // Duplicate address detection sends from 0.0.0.0, so that no neighbour learns anything from it.
  arping: grammar({
    flags: "Dqf",
    values: { c: count, w: number, I: plain },
    operand: plain,
    maxOperands: 1,
    needs: ["D"],
  }),
};

function ip(args: readonly string[]): boolean {
  const start = args.findIndex((word) => !ipOptions.includes(word));
  if (start < 0) return false;
  const [object = "", verb = "show", ...rest] = args.slice(start);
  if (!ipObjects.includes(object)) return false;
  const reads = ipShow.includes(verb) || (verb === "get" && (object === "r" || object === "route"));
  return reads && rest.every(plain);
}
