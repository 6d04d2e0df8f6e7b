/** The shell functions that a read script brings along, with the arguments that they are known to be harmless with. */
import type { Rule } from "./grammar.ts";

const processName = /^[a-z][a-z-]{0,14}$/;
const device = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/;
const ipv4 = /^\d{1,3}(\.\d{1,3}){3}$/;

export const functionRules: Readonly<Record<string, Rule>> = {
  lvsctl_login: (args) => args.every((word) => processName.test(word)),
  lvsctl_arp: (args) =>
    args.length % 2 === 0 && args.every((word, index) => (index % 2 === 0 ? device : ipv4).test(word)),
};
