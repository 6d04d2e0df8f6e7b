/** What the owner of a host is responsible for, as text and for JSON. */
import { count } from "../errors/count.ts";
import { wholeNames } from "../lvs/service-name.ts";
import type { OwnersList } from "../plan/plan.ts";
import type { Output } from "./output.ts";
import { foldCommand, wrap } from "./wrap.ts";

/** The fixed words of a list, in the language of its reasons. */
export interface OwnersListWords {
  readonly notManaged: string;
  /** In place of the list, how much is in it. */
  readonly folded: (count: number) => string;
  readonly nothing: string;
  /** Which services need it. */
  readonly forService: (services: readonly string[]) => string;
  readonly lasting: string;
  readonly onLinux: string;
}

/** The words by language. */
export const ownersListWords: Readonly<Record<"en" | "zh", OwnersListWords>> = {
  en: {
    notManaged: "not managed by lvsctl; its owner has to set up:",
    folded: (needs) => `not managed by lvsctl; its owner has to set up ${count(needs, "thing")} (-v lists them)`,
    nothing: "not managed by lvsctl, and needs nothing",
    forService: (services) => ` (${services.join(", ")})`,
    lasting: "All of this has to survive a restart of the host.",
    onLinux: "On Linux, as root; safe to repeat:",
  },
  zh: {
    notManaged: "不由 lvsctl 管理；由主机所有者负责：",
    folded: (count) => `不由 lvsctl 管理；由主机所有者负责 ${count} 项（-v 列出）`,
    nothing: "不由 lvsctl 管理，也不需要任何配置",
    forService: (services) => `（${services.join("、")}）`,
    lasting: "主机重启之后，以上各项都必须仍然有效。",
    onLinux: "在 Linux 上以 root 执行；已经符合时不会改变任何东西：",
  },
};

/** One list: what, and why; with `commands` also how on Linux. */
export function ownersListLines(
  { host, needs, commands, lasting }: OwnersList,
  output: Output,
  words: OwnersListWords,
  isWithCommands: boolean,
): readonly string[] {
  const title = output.paint("bold", host);
  if (needs.length === 0) return [`${title}  ${output.paint("dim", words.nothing)}`];
  const all = [...new Set(needs.flatMap(({ services }) => services))];
  const items = needs.flatMap(({ what, why, services }, index) => [
    ...wrap(
      `  • ${what}${services.length === 0 ? "" : words.forService(wholeNames(services, all))}`,
      output.width,
      "      ",
    ),
    // Of several things for one reason, the last one shows it.
    ...(needs[index + 1]?.why === why ? [] : wrap(`      ${why}`, output.width, "      ")).map((line) =>
      output.paint("dim", line),
    ),
  ]);
  // In a file it is a script to be handed on, so its lines are whole there.
  const width = output.isTerminal ? output.width : Infinity;
  const script = commands
    .flatMap((command) => foldCommand(command, width, "      ", "      : "))
    .map((line) => output.paint("cyan", line));
  return [
    `${title}  ${output.paint("yellow", words.notManaged)}`,
    ...items,
    ...(lasting ? wrap(`  ${words.lasting}`, output.width, "  ") : []),
    ...(isWithCommands && script.length > 0 ? [...wrap(`  ${words.onLinux}`, output.width, "  "), ...script] : []),
  ];
}

/** One line in its place, where there is nothing new to say. */
export function foldedOwnersList({ host, needs }: OwnersList, output: Output, words: OwnersListWords): string {
  const text = needs.length === 0 ? words.nothing : words.folded(needs.length);
  return `${output.paint("bold", host)}  ${output.paint("dim", text)}`;
}

/** A list for JSON. */
export function ownersListToJson({ host, roles, needs, commands, lasting }: OwnersList) {
  return { host, roles, needs, commands, lasting };
}
