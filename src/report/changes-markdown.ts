/** Plans and diffs as Markdown for pull and merge requests: totals and consequences first, then one folded section per host. */
import { count } from "../errors/count.ts";
import type { LvsctlError } from "../errors/lvsctl-error.ts";
import type { Plan, PlannedChange } from "../plan/plan.ts";
import { descriptionOf, reasonOf } from "./change-words.ts";
import { effectWords, type FileDiff, NO_HOST_ASKED, remarksOn, withoutIdle } from "./diff.ts";
import { code, codeBlock, htmlCode, prose } from "./markdown.ts";
import { summaryLine } from "./plan-text.ts";
import { visibleLine } from "./visible.ts";

/** GitHub takes comments of 65,536 characters, and who posts this may add a few words. */
export const MAX_MARKDOWN = 60_000;

/** No part before the hosts may take more. */
const MAX_HEAD = 20_000;

/** Room for what is said of everything that is left out. */
const RESERVED = 300;

const SIGNS = { create: "+", update: "!", delete: "-", none: "=" } as const;

/** A diff of any number of files. */
export function diffToMarkdown(diffs: readonly FileDiff[]): string {
  if (diffs.length === 0) return "There are no topology files on either side.\n";
  const heads = diffs.map((diff) => {
    const { from, to, plan, traffic } = diff;
    const effects = traffic.map((effect) => {
      const words = prose(effectWords(effect));
      return effect.effect === "lost" ? `- **${words}**` : `- ${words}`;
    });
    const title = `### ${code(from)} → ${code(to)}`;
    return [title, totals(plan), ...remarksOn(diff).map(prose), effects.join("\n")];
  });
  return page(
    diffs.map(({ plan }, index) => ({ head: heads[index] ?? [], plan: withoutIdle(plan) })),
    prose(NO_HOST_ASKED),
  );
}

/** A plan for hosts that were read. */
export function planToMarkdown(plan: Plan): string {
  const problems = plan.problems.map(
    ({ host, description, message, hint }) =>
      `- **${code(host)}: ${code(description)}**: ${prose(message)} Fix: ${prose(hint)}`,
  );
  const warnings = [...(plan.warnings ?? [])].map(
    ({ host, description, message }) => `- Warning: ${code(host)}: ${code(description)}: ${prose(message)}`,
  );
  const drained = (plan.drained ?? []).map(
    ({ server, services }) => `- ${prose(`${server} is drained in ${services.join(", ")} and stays so.`)}`,
  );
  const notes = (plan.notes ?? []).map(({ message }) => `- ${prose(message)}`);
  const blocked = problems.length === 0 ? [] : [`**${count(problems.length, "problem")}: nothing can be applied.**`];
  const remarks = [...problems, ...warnings, ...drained, ...(hasNothing(plan) ? [] : [...new Set(notes)])].join("\n");
  const head = [`### Plan of ${code(plan.topology)}`, totals(plan), ...blocked, remarks];
  return page([{ head, plan: withoutIdle(plan) }]);
}

/** What is wrong with a file, in place of the plan that it would have. */
export function errorToMarkdown(error: LvsctlError): string {
  const problems = error.details.problems ?? [error];
  const lines = problems.map(({ code: name, message, details: { at, hint } }) => {
    const place = at === undefined ? "" : `${code(`${at.file}:${at.line}:${at.column}`)} `;
    return `- ${place}${name}: ${prose(message)}${hint === undefined ? "" : ` Fix: ${prose(hint)}`}`;
  });
  const title = `### ${prose(problems.length > 1 || problems[0] !== error ? error.message : error.title)}`;
  const kept = within(lines, MAX_MARKDOWN - title.length - RESERVED);
  const left = lines.length - kept.length;
  return `${[title, kept.join("\n"), ...(left > 0 ? [`${count(left, "more problem")} left out.`] : [])].join("\n\n")}\n`;
}

interface Part {
  readonly head: readonly string[];
  readonly plan: Plan;
}

/** All heads, then the hosts of each as far as there is room. */
function page(parts: readonly Part[], foot = ""): string {
  const room = MAX_MARKDOWN - RESERVED - foot.length;
  let used = 0;
  let left = 0;
  const blocks: string[] = [];
  const add = (block: string): boolean => {
    const fits = used + block.length + 2 <= room;
    if (fits) blocks.push(block);
    if (fits) used += block.length + 2;
    return fits;
  };
  for (const { head, plan } of parts) {
    for (const block of head.filter((one) => one !== "")) {
      if (!add(shortened(block, MAX_HEAD))) left += 1;
    }
    for (const [host, changes] of plan.hosts) {
      const all = changes.filter(({ action, adopts }) => action !== "none" || adopts);
      const kept = within(all.map(changeLine), room - used - RESERVED);
      if (kept.length === 0 || !add(section(host, all, kept))) left += all.length;
      else left += all.length - kept.length;
    }
  }
  const more = left > 0 ? [`${count(left, "more change")} left out: there is no room for them here.`] : [];
  return `${[...blocks, ...more, ...(foot === "" ? [] : [foot])].join("\n\n")}\n`;
}

function section(host: string, all: readonly PlannedChange[], lines: readonly string[]): string {
  const counts = [
    [all.filter(({ action }) => action === "create").length, "to create"],
    [all.filter(({ action }) => action === "update").length, "to change"],
    [all.filter(({ action }) => action === "delete").length, "to remove"],
    [all.filter(({ action }) => action === "none").length, "to take over"],
  ] as const;
  const words = counts.flatMap(([number, what]) => (number > 0 ? [`${number} ${what}`] : [])).join(", ");
  const cut = lines.length < all.length ? [`= ${count(all.length - lines.length, "more change")}`] : [];
  return [
    `<details><summary>${htmlCode(host)}: ${words}</summary>`,
    "",
    ...codeBlock("diff", [...lines, ...cut]),
    "",
    "</details>",
  ].join("\n");
}

function changeLine(change: PlannedChange): string {
  const reason = reasonOf(change);
  return visibleLine(`${SIGNS[change.action]} ${descriptionOf(change)}${reason === undefined ? "" : `  (${reason})`}`);
}

function totals(plan: Plan): string {
  return hasNothing(plan) ? "Nothing changes." : `${summaryLine(plan)}`;
}

function hasNothing({ summary: { create, update, delete: remove }, adopted = 0 }: Plan): boolean {
  return create + update + remove + adopted === 0;
}

/** As many of the lines as fit. */
function within(lines: readonly string[], room: number): readonly string[] {
  let used = 0;
  const end = lines.findIndex((line) => {
    used += line.length + 1;
    return used > room;
  });
  return end < 0 ? lines : lines.slice(0, end);
}

/** Whole lines of a block. */
function shortened(block: string, room: number): string {
  const lines = block.split("\n");
  const kept = within(lines, room);
  return kept.length === lines.length
    ? block
    : [...kept, `- ${count(lines.length - kept.length, "more line")} left out.`].join("\n");
}
