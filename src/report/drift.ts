/** Drift as text and as JSON. */
import { showValue } from "../document/show-value.ts";
import { count } from "../errors/count.ts";
import { excerpt, LONGEST_MESSAGE } from "../errors/excerpt.ts";
import type { Difference, Drift, HostDrift, Rival } from "../plan/drift.ts";
import type { JsonResult } from "./json.ts";
import type { Output } from "./output.ts";
import { visibleLine } from "./visible.ts";
import { foldCommand, wrap } from "./wrap.ts";

const SIGNS = { gone: ["-", "red"], changed: ["~", "yellow"], added: ["+", "cyan"] } as const;

/** For each host what we set, what it is now, and what to do about it. */
export function formatDrift({ topology, hosts, rivals, notes }: Drift, output: Output): string {
  const lines = hosts.flatMap((drift) => hostLines(drift, output));
  const others = rivals.flatMap((rival) => wrap(`${output.paint("red", "!")} ${rivalText(rival)}`, output.width, "  "));
  const unasked = notes.flatMap((note) => wrap(`${output.paint("yellow", "Note:")} ${note}`, output.width, "  "));
  return `${[...lines, ...others, ...unasked, "", summaryOf(topology, hosts, rivals.length)].join("\n")}\n`;
}

function rivalText({ address, asker, who }: Rival): string {
  return `${who.join(" and ")} ${who.length > 1 ? "answer" : "answers"} for ${address} too (asked by ${asker}); clients reach one or the other.`;
}

/** `lvsctl.drift/1`. */
export function driftToJson({ topology, hosts, rivals, notes }: Drift) {
  return {
    format: "lvsctl.drift/1",
    topology,
    drift: rivals.length > 0 || hosts.some(({ differences }) => differences.length > 0),
    rivals,
    notes,
    hosts: Object.fromEntries(
      hosts.map(({ host, hasLedger, checked, differences }) => {
        return [host, { ledger: hasLedger, checked, differences: differences.map(differenceToJson) }] as const;
      }),
    ),
  } satisfies JsonResult;
}

function differenceToJson(difference: Difference) {
  const { what, kind, key, description } = difference;
  const fields = difference.what === "changed" ? difference.fields : [];
  return {
    what,
    kind,
    id: key,
    description,
    fields: fields.map(({ name, set, now }) => ({ name, set: set ?? null, now: now ?? null })),
    fix: remedyOf(difference),
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
      return "is missing; lvsctl apply creates it again";
    case "changed": {
      const values = difference.fields.map(
        ({ name, set, now }) => `${name === "value" ? "" : `${name} `}expected ${shown(set)}, found ${shown(now)}`,
      );
      return `${values.join(", ")}; lvsctl apply restores it`;
    }
    case "added":
      return "is not lvsctl's, so apply leaves it alone; to remove it:";
  }
}

function remedyOf(difference: Difference): string {
  return difference.what === "added" ? difference.remedy : "lvsctl apply";
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
