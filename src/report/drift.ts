/** Drift as text and as JSON. */
import { showValue } from "../document/show-value.ts";
import { count } from "../errors/count.ts";
import { excerpt, LONGEST_MESSAGE } from "../errors/excerpt.ts";
import type { Difference, Drift, HostDrift, Rival } from "../plan/drift.ts";
import type { JsonResult } from "./json.ts";
import { type Given, nextCommand } from "./next-command.ts";
import type { Output } from "./output.ts";
import { visibleLine } from "./visible.ts";
import { foldCommand, wrap } from "./wrap.ts";

const SIGNS = { gone: ["-", "red"], changed: ["~", "yellow"], added: ["+", "cyan"] } as const;

/** For each host what we set, what it is now, and what to do about it. */
export function formatDrift({ topology, hosts, rivals, notes }: Drift, given: Given, output: Output): string {
  const lines = hosts.flatMap((drift) => hostLines(drift, output));
  const others = rivals.flatMap((rival) => wrap(`${output.paint("red", "!")} ${rivalText(rival)}`, output.width, "  "));
  const unasked = notes.flatMap((note) => wrap(`${output.paint("yellow", "Note:")} ${note}`, output.width, "  "));
  const summary = summaryOf(topology, hosts, rivals.length);
  return `${[...lines, ...others, ...unasked, "", summary, ...restoringLines(hosts, given, output)].join("\n")}\n`;
}

/** How to restore what lvsctl has set; nothing if all of it is there. */
function restoringLines(hosts: readonly HostDrift[], given: Given, output: Output): readonly string[] {
  const isOurs = hosts.some(({ differences }) => differences.some(({ what }) => what !== "added"));
  return isOurs ? wrap(`To restore what lvsctl has set: ${nextCommand("apply", given)}`, output.width, "    ") : [];
}

function rivalText({ address, asker, who }: Rival): string {
  return `${who.join(" and ")} ${who.length > 1 ? "answer" : "answers"} for ${address} too (asked by ${asker}); clients reach one or the other.`;
}

/** `lvsctl.drift/1`. */
export function driftToJson({ topology, hosts, rivals, notes }: Drift, given: Given) {
  return {
    format: "lvsctl.drift/1",
    topology,
    drift: rivals.length > 0 || hosts.some(({ differences }) => differences.length > 0),
    rivals,
    notes,
    hosts: Object.fromEntries(
      hosts.map(({ host, hasLedger, checked, differences }) => {
        return [
          host,
          { ledger: hasLedger, checked, differences: differences.map((one) => differenceToJson(one, given)) },
        ] as const;
      }),
    ),
  } satisfies JsonResult;
}

function differenceToJson(difference: Difference, given: Given) {
  const { what, kind, key, description } = difference;
  const fields = difference.what === "changed" ? difference.fields : [];
  return {
    what,
    kind,
    id: key,
    description,
    fields: fields.map(({ name, set, now }) => ({ name, set: set ?? null, now: now ?? null })),
    fix: difference.what === "added" ? difference.remedy : nextCommand("apply", given),
  };
}

function hostLines({ host, hasLedger, checked, differences }: HostDrift, output: Output): readonly string[] {
  const title = output.paint("bold", host);
  if (!hasLedger) return [`${title}  ${output.paint("dim", "this topology has nothing on this host")}`];
  if (differences.length === 0) return [`${title}  ${output.paint("dim", `unchanged (${count(checked, "thing")})`)}`];
  return [title, ...differences.flatMap((difference) => differenceLines(difference, output))];
}

function differenceLines(difference: Difference, output: Output): readonly string[] {
  const [sign, style] = SIGNS[difference.what];
  const [first = "", ...more] = wrap(
    `  ${sign} ${visibleLine(excerpt(difference.description))}`,
    output.width,
    "      ",
  );
  const details = [...wrap(`      ${saidOf(difference)}`, output.width, "      ")];
  if (difference.what === "added")
    details.push(
      ...foldCommand(visibleLine(excerpt(difference.remedy, LONGEST_MESSAGE)), output.width, "      $ ", "      : "),
    );
  return [first.replace(sign, output.paint(style, sign)), ...more, ...details.map((line) => output.paint("dim", line))];
}

function saidOf(difference: Difference): string {
  switch (difference.what) {
    case "gone":
      return "is missing; an apply creates it again";
    case "changed": {
      const values = difference.fields.map(
        ({ name, set, now }) => `${name === "value" ? "" : `${name} `}expected ${shown(set)}, found ${shown(now)}`,
      );
      return `${values.join(", ")}; an apply restores it`;
    }
    case "added":
      return "is not lvsctl's, so apply leaves it alone; to remove it:";
  }
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return "none";
  if (Array.isArray(value) && value.length === 0) return "none";
  return typeof value === "string" && /^[\w.:/ +-]{1,60}$/.test(value) ? value : showValue(value);
}

function summaryOf(topology: string, hosts: readonly HostDrift[], rivals: number): string {
  const known = hosts.filter(({ hasLedger }) => hasLedger);
  const checked = known.reduce((sum, one) => sum + one.checked, 0);
  const drifted = known.filter(({ differences }) => differences.length > 0);
  if (hosts.length === 0) return `lvsctl logs in to none of the hosts of ${topology}, so there is nothing to compare.`;
  if (known.length === 0) return `Nothing of ${topology} has been applied to ${count(hosts.length, "host")}.`;
  if (drifted.length === 0 && rivals > 0) return `Other machines answer for ${rivals} of our addresses.`;
  if (drifted.length === 0) return `No drift on ${count(known.length, "host")} (${count(checked, "thing")} checked).`;
  const differences = drifted.reduce((sum, { differences: own }) => sum + own.length, 0);
  return `${count(differences, "difference")} on ${count(drifted.length, "host")} (${count(checked, "thing")} checked).`;
}
