/** Ledgers as text and as JSON, and what a repair would make of damaged ones. */
import { excerpt } from "../errors/excerpt.ts";
import type { DescribedEntry, HostLedger, Ledgers, RepairProposal } from "../ledger/described-ledger.ts";
import { destinationOf } from "../ledger/known-host.ts";
import { othersPath } from "../ledger/repair-script.ts";
import { displayWidth } from "./display-width.ts";
import type { JsonResult } from "./json.ts";
import { type Given, nextCommand } from "./next-command.ts";
import type { Output } from "./output.ts";
import { visibleLine } from "./visible.ts";
import { wrap } from "./wrap.ts";

/** The ledgers of a topology. Damaged ones are shown by `formatError`. */
export function formatLedgers({ hosts }: Ledgers, output: Output): string {
  return hosts.map((ledger) => `${ledgerLines(ledger, output).join("\n")}\n`).join("\n");
}

/** `lvsctl.ledgers/1`. */
export function ledgersToJson({ topology, hosts: ledgers }: Ledgers) {
  const hosts = ledgers.map(({ host, path, entries, problem, others }) => {
    const json = {
      path,
      state: problem ? "damaged" : entries ? "whole" : "none",
      problem: problem ? { code: problem.code, message: problem.message, hint: problem.details.hint ?? "" } : null,
      entries: (entries ?? []).map(({ kind, key, stage, state, original, description }) => ({
        ...{ kind, id: key, stage, state, original, description },
      })),
      otherTopologies: others,
    };
    return [host, json] as const;
  });
  return { format: "lvsctl.ledgers/1", topology, hosts: Object.fromEntries(hosts) } satisfies JsonResult;
}

/** What would replace damaged ledgers. */
export function formatProposals(proposals: readonly RepairProposal[], given: Given, output: Output): string {
  return proposals.map((proposal) => `${proposalLines(proposal, given, output).join("\n")}\n`).join("\n");
}

/** What is said after a repair. */
export function formatRepaired(given: Given, output: Output): string {
  return wrap(`Repaired. ${nextCommand("plan", given)} says what is different from the topology now.`, output.width)
    .map((line) => `${line}\n`)
    .join("");
}

function ledgerLines({ host, path, entries, problem, others }: HostLedger, output: Output): readonly string[] {
  const shared = others.length === 0 ? [] : wrap(`  also on this host: ${others.join(", ")}`, output.width, "    ");
  const title = output.paint("bold", host);
  if (problem) return [`${title}  ${output.paint("red", "the ledger is not usable")}`, ...shared];
  if (!entries) return [`${title}  ${output.paint("dim", "this topology has nothing on this host")}`, ...shared];
  return [
    `${title}  ${output.paint("dim", path)}`,
    ...entries.flatMap((entry) => entryLines(entry, output)),
    ...shared,
  ];
}

function entryLines({ description, original, originalDescription }: DescribedEntry, output: Output): readonly string[] {
  const before = original === null ? "was not there before" : `before: ${shortened(originalDescription ?? "?")}`;
  const [first = "", ...more] = wrap(`    ${shortened(description)}`, output.width, "        ");
  const fits = more.length === 0 && displayWidth(first) + displayWidth(before) + 4 <= output.width;
  if (fits) return [`${first}  ${output.paint("dim", `(${before})`)}`];
  return [
    first,
    ...more,
    ...wrap(`        (${before})`, output.width, "        ").map((line) => output.paint("dim", line)),
  ];
}

function proposalLines(proposal: RepairProposal, given: Given, output: Output): readonly string[] {
  const { host, path, problem, entries, found, untrue, unclear, hosts, unreadable, keptAs, hasDesired } = proposal;
  const say = (text: string) => wrap(`  ${text}`, output.width, "    ");
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0
      ? []
      : [...say(title), ...lines.flatMap((line) => wrap(`    ${shortened(line)}`, output.width, "        "))];
  const unknown = new Set(found.filter(({ original }) => original === null));
  const saved = entries.filter((entry) => !unknown.has(entry));
  return [
    `${output.paint("bold", host)}  ${path}`,
    ...say(problem.message),
    ...(saved.length === 0 ? [] : say("Saved; matches the host:")),
    ...saved.flatMap((entry) => entryLines(entry, output)),
    ...list(
      "Found on the host as the topology asks for it; what was there before is unknown, and destroy removes it:",
      [...unknown].map(({ description }) => description),
    ),
    ...list(
      "Left out, because it does not match the host:",
      untrue.map(({ description }) => description),
    ),
    ...list("Left out, because the host may always have had it; destroy leaves it unchanged:", unclear),
    ...list(
      "The topology's other hosts, as this ledger knows them:",
      hosts.map((known) => `${known.name} (${destinationOf(known)})`),
    ),
    ...list(
      "Not readable:",
      unreadable.map((line) => excerpt(visibleLine(line.trim()), 100)),
    ),
    ...(hasDesired || (untrue.length === 0 && unreadable.length === 0)
      ? []
      : say("With the topology's file instead of --name, more may be found.")),
    ...(problem.code === "LVS-LEDGER-003"
      ? say(
          `What users other than root have put into the folder is moved to ${othersPath(keptAs)}. If that includes the boot script, nothing is restored after a restart until ${nextCommand("apply", given)} has written it again.`,
        )
      : []),
    ...say(
      entries.length === 0
        ? `Nothing can be saved: there will be no ledger, and the damaged one is kept as ${keptAs}.`
        : `The damaged one is kept as ${keptAs}; lvsctl never deletes it.`,
    ),
  ];
}

function shortened(line: string): string {
  return excerpt(visibleLine(line));
}
