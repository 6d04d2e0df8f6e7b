/** A plan as text: hosts in order, one line per change, unchanged resources folded. */

import { andList } from "../errors/and-list.ts";
import { count } from "../errors/count.ts";
import { excerpt, LONGEST_MESSAGE } from "../errors/excerpt.ts";
import { saidOf, wholeNames } from "../lvs/service-name.ts";
import type { DrainedServer, NoLongerAsked, Plan, PlannedChange } from "../plan/plan.ts";
import type { SplitRun } from "../plan/split-run.ts";
import { descriptionOf, reasonOf } from "./change-words.ts";
import { displayWidth } from "./display-width.ts";
import { type Given, nextCommand } from "./next-command.ts";
import type { Output, Style } from "./output.ts";
import { foldedOwnersList, ownersListLines, ownersListWords } from "./owners-list.ts";
import { removedLines } from "./removed-hosts.ts";
import { sharedProblems } from "./shared-problems.ts";
import { visibleLine } from "./visible.ts";
import { fold, wrap } from "./wrap.ts";

const SIGNS = { create: ["+", "green"], update: ["~", "yellow"], delete: ["-", "red"], none: [" ", "dim"] } as const;
const MID_RUN = "This plan shows the hosts in the middle of that run; plan again when it has ended.";
const NO_LONGER_ASKED: NoLongerAsked = "no longer asked for";
/** For what stays unchanged and becomes ours. */
const ADOPTED = ["=", "cyan"] as const;

/** The text of a plan. `verbosity` 1 adds why each resource is needed, 2 the commands. */
export function formatPlan(plan: Plan, output: Output, verbosity: number, given: Given = { file: "FILE" }): string {
  const hosts = asksForNothing(plan) ? withoutReason(plan.hosts) : plan.hosts;
  const lines = [...hosts].flatMap(([host, changes]) => hostLines(host, changes, output, verbosity));
  const shared = sharedProblems(
    plan.problems,
    ({ host }) => host,
    ({ description, message, hint }) => [description, message, hint],
  );
  const problems = shared.flatMap(({ hosts, problem: { description, message, hint } }) => [
    ...wrap(`${output.paint("red", "!")} ${hosts.join(", ")}: ${description}: ${bounded(message)}`, output.width, "  "),
    ...wrap(`  Fix: ${bounded(hint)}`, output.width, "    "),
  ]);
  const warnings = (plan.warnings ?? []).flatMap(({ host, description, message }) =>
    wrap(`${output.paint("yellow", "Warning:")} ${host}: ${description}: ${bounded(message)}`, output.width, "  "),
  );
  const services = servicesOf(plan);
  const notes = noteTexts(isIdle(plan) ? [] : (plan.notes ?? []), services).flatMap((text) =>
    wrap(`${output.paint("yellow", "Note:")} ${text}`, output.width, "  "),
  );
  const drained = (plan.drained ?? []).flatMap((server) =>
    wrap(`${output.paint("yellow", "Drained:")} ${drainedText(server, services, given)}`, output.width, "  "),
  );
  const removed = (plan.removed ?? []).flatMap((host) => removedLines(host, plan.topology, given, output));
  const split = plan.split === undefined ? [] : splitLines(plan.split, given, output);
  const owners = ownersLines(plan, output, verbosity);
  const parts = [
    lines,
    owners,
    problems,
    warnings,
    split,
    notes,
    drained,
    removed,
    plan.isMidRun ? wrap(`${output.paint("yellow", "Warning:")} ${MID_RUN}`, output.width, "  ") : [],
    [
      ...wrap(summaryLine(plan), output.width),
      ...(shared.length > 0
        ? [output.paint("red", `${count(shared.length, "problem")}: nothing can be applied.`)]
        : []),
    ],
  ].filter((part) => part.length > 0);
  return `${parts.map((part) => part.join("\n")).join("\n\n")}\n`;
}

/** A host may have a part in it. */
function bounded(message: string): string {
  return excerpt(message, LONGEST_MESSAGE);
}

/** Where nothing changes, whoever has seen the lists before need not see them again. */
function ownersLines(plan: Plan, output: Output, verbosity: number): readonly string[] {
  const lists = plan.unmanaged ?? [];
  const isShort = isIdle(plan) && plan.hosts.size > 0 && verbosity === 0;
  if (isShort) return lists.map((list) => foldedOwnersList(list, output, ownersListWords.en));
  return lists.flatMap((list, index) => [
    ...(index === 0 ? [] : [""]),
    ...ownersListLines(list, output, ownersListWords.en, verbosity >= 1),
  ]);
}

function splitLines({ since, confirmed, rolledBack }: SplitRun, given: Given, output: Output): readonly string[] {
  const text = `${andList(confirmed)} kept the run of ${since}, and ${rolledBack.length > 1 ? "the ledgers" : "the ledger"} of ${andList(rolledBack)} ${rolledBack.length > 1 ? "are" : "is"} older: the run was interrupted while it was being confirmed, or the disk was restored from a backup. ${nextCommand("apply", given)} makes all hosts match the file.`;
  return wrap(`${output.paint("yellow", "Warning:")} ${text}`, output.width, "  ");
}

/** Every virtual service that the plan knows. */
function servicesOf({ services = [], notes = [], drained = [] }: Plan): readonly string[] {
  return [...services, ...notes.flatMap(({ service }) => service ?? []), ...drained.flatMap((one) => one.services)];
}

/** Each note once, whichever services it is on. */
function noteTexts(notes: NonNullable<Plan["notes"]>, all: readonly string[]): readonly string[] {
  const said = notes.flatMap(({ service, message }) => (service === undefined ? [] : [[service, message] as const]));
  return [...notes.flatMap(({ service, message }) => (service === undefined ? [message] : [])), ...saidOf(said, all)];
}

function drainedText(
  { server, services, since, by, scope }: DrainedServer,
  all: readonly string[],
  given: Given,
): string {
  const names = wholeNames(services, all);
  const where = scope === "server" ? "" : ` in ${andList(names)}`;
  const flag = scope === "service" && names.length === 1 ? ` --service ${names[0]}` : "";
  return `${server} gets no connections${where}: drained since ${since} by ${by}. ${nextCommand(`undrain${flag}`, given)} ${server} ends that.`;
}

/** The plan's totals in one line. */
export function summaryLine(plan: Plan): string {
  const { create, update, delete: remove, none } = plan.summary;
  if (plan.hosts.size === 0 && isIdle(plan)) {
    const others = (plan.unmanaged ?? []).some(({ needs }) => needs.length > 0);
    return `lvsctl logs in to none of the hosts, so it changes nothing${others ? "; what their owners have to set up is listed above" : ""}.`;
  }
  if (isIdle(plan)) {
    return `Nothing to change on ${count(plan.hosts.size, "host")} (${count(none, "thing")} checked).`;
  }
  const takeovers = plan.adopted === undefined ? "" : `, ${plan.adopted} to take over`;
  const following = plan.following === undefined ? "" : `, ${count(plan.following, "action")} to follow`;
  return `${create} to create, ${update} to change, ${remove} to remove${takeovers}${following}; ${none} unchanged.`;
}

function isIdle({ summary, adopted = 0 }: Plan): boolean {
  return summary.create + summary.update + summary.delete + adopted === 0;
}

function hostLines(
  host: string,
  changes: readonly PlannedChange[],
  output: Output,
  verbosity: number,
): readonly string[] {
  const changing = changes.filter(({ action, adopts }) => action !== "none" || adopts);
  const left = changes.filter(({ action, phase, adopts }) => action === "none" && phase === "clear" && !adopts);
  const folded = changes.length - changing.length - left.length;
  const title = output.paint("bold", host);
  if (changes.length === 0) return [`${title}  ${output.paint("dim", "this topology has nothing on this host")}`];
  if (changing.length + left.length === 0)
    return [`${title}  ${output.paint("dim", `no changes (${count(folded, "thing")} checked)`)}`];
  return [
    title,
    ...[...changing, ...left].flatMap((change) => changeLines(change, output, verbosity)),
    ...(folded > 0 ? [output.paint("dim", `    ${folded} more unchanged`)] : []),
  ];
}

/** Whether all that the topology has goes, as in a destroy. */
function asksForNothing({ hosts }: Plan): boolean {
  return [...hosts.values()].flat().every(({ phase }) => phase === "clear");
}

/** The same changes, without what goes without saying of those that are removed: that they are no longer asked for. */
export function withoutReason(hosts: Plan["hosts"]): Plan["hosts"] {
  const said = ({ reason }: PlannedChange) => (reason === NO_LONGER_ASKED ? "" : reason);
  return new Map([...hosts].map(([host, changes]) => [host, changes.map((one) => ({ ...one, reason: said(one) }))]));
}

function changeLines(change: PlannedChange, output: Output, verbosity: number): readonly string[] {
  const [sign, style] = change.adopts && change.action === "none" ? ADOPTED : SIGNS[change.action];
  const reason = reasonOf(change);
  const remark = reason === undefined ? "" : visibleLine(`(${reason})`);
  const [first = "", ...more] = wrap(`  ${sign} ${visibleLine(descriptionOf(change))}`, output.width, "      ");
  const painted = first.replace(sign, output.paint(style as Style, sign));
  const fits = more.length === 0 && displayWidth(first) + 2 + displayWidth(remark) <= output.width;
  const why = verbosity >= 1 && change.why !== "" ? wrap(`      ${change.why}`, output.width, "      ") : [];
  const commands = verbosity >= 2 ? change.commands.flatMap((command) => command.split("\n")) : [];
  return [
    fits && remark !== "" ? `${painted}  ${output.paint("dim", remark)}` : painted,
    ...more,
    ...(fits || remark === ""
      ? []
      : wrap(`      ${remark}`, output.width, "      ").map((line) => output.paint("dim", line))),
    ...(change.text === undefined
      ? []
      : change.text.split("\n").flatMap((line) => fold(line, output.width, "      | ", "      : "))),
    ...why.map((line) => output.paint("dim", line)),
    ...commands
      .flatMap((line) => fold(line, output.width, "      $ ", "      : "))
      .map((line) => output.paint("cyan", line)),
  ];
}
