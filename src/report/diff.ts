/** What a change of topology files would change, as text and as JSON (`lvsctl.diff/1`). */
import { andList } from "../errors/and-list.ts";
import { count } from "../errors/count.ts";
import { inWords } from "../lvs/service-name.ts";
import type { Plan } from "../plan/plan.ts";
import type { EffectOnTraffic, TrafficEffect } from "../plan/traffic.ts";
import type { JsonResult } from "./json.ts";
import type { Output, Style } from "./output.ts";
import { planToJson } from "./plan-json.ts";
import { formatPlan, withoutReason } from "./plan-text.ts";
import { wrap } from "./wrap.ts";

/** A topology file before and after, and what replacing one by the other would do to hosts that match it. */
export interface FileDiff {
  /** The two sides, as people know them: `main:lb.yaml`. */
  readonly from: string;
  readonly to: string;
  /** Whether there is such a file on both sides. */
  readonly state: "both" | "new" | "gone";
  /** What the topology was called before; absent if its name stays. */
  readonly renamedFrom?: string;
  /** Only what the files say; nobody has looked at a host. */
  readonly plan: Plan;
  /** The hosts among them to which lvsctl does not log in: their owners make these changes. */
  readonly owned: readonly string[];
  /** The worst first. */
  readonly traffic: readonly TrafficEffect[];
  /** Hosts that only the new file has, and those that only the old one has. */
  readonly joining: readonly string[];
  readonly leaving: readonly string[];
}

/** A side on which there is no file at all, as for git. */
export const NOTHING = "/dev/null";

/** What every kind of effect means, and how it is marked. */
const EFFECTS: Readonly<Record<EffectOnTraffic, readonly [sign: string, style: Style, meaning: string]>> = {
  lost: ["!", "red", "open connections may be lost"],
  ends: ["-", "red", "real servers are drained first; connections still open then are dropped"],
  drained: ["-", "yellow", "drained first; connections still open then are dropped"],
  quiet: ["~", "yellow", "it gets no others; open connections continue"],
  weight: ["~", "green", "no connection is lost"],
  gained: ["+", "green", "no connection is lost"],
  begins: ["+", "green", ""],
  kept: ["~", "green", "no connection is lost"],
};

/** An effect in words: the service, what changes, and what that means for connections. */
export function effectWords({ service, effect, what }: TrafficEffect): string {
  const [, , meaning] = EFFECTS[effect];
  return `${inWords(service)}: ${what}${meaning === "" ? "" : ` (${meaning})`}`;
}

/** What else is to be known of a file, in sentences. */
export function remarksOn({
  state,
  from,
  to,
  renamedFrom,
  plan,
  owned,
  joining,
  leaving,
}: FileDiff): readonly string[] {
  const isAre = (names: readonly string[]) => (names.length > 1 ? "are" : "is");
  const others = owned.filter((host) => changesOf(plan, host) > 0);
  return [
    ...(state === "new" ? [`${to} is new${from === NOTHING ? "" : `; there is no ${from}`}.`] : []),
    ...(state === "gone" ? [`${from} is gone: this is what lvsctl destroy would remove.`] : []),
    ...(renamedFrom === undefined
      ? []
      : [
          `The topology is called ${plan.topology} now, and was called ${renamedFrom}. For the hosts these are two topologies: what ${renamedFrom} has made stays, and what both want is shared, until lvsctl destroy removes ${renamedFrom}.`,
        ]),
    ...(joining.length === 0 ? [] : [`${andList(joining)} ${isAre(joining)} new in the topology.`]),
    ...(leaving.length === 0
      ? []
      : [`${andList(leaving)} ${isAre(leaving)} no longer in the topology: what lvsctl has made there is removed.`]),
    ...(others.length === 0
      ? []
      : [
          `lvsctl does not log in to ${andList(others)}: whoever owns ${others.length > 1 ? "them" : "it"} makes these changes.`,
        ]),
  ];
}

/** The plan as people read it: only the hosts on which something changes, and nothing of what goes without saying. */
export function withoutIdle(plan: Plan): Plan {
  const hosts = [...plan.hosts].filter(([host]) => changesOf(plan, host) > 0);
  return { ...plan, hosts: withoutReason(new Map(hosts)) };
}

function changesOf({ hosts }: Plan, host: string): number {
  return (hosts.get(host) ?? []).filter(({ action }) => action !== "none").length;
}

/** How far this can be believed. */
export const NO_HOST_ASKED =
  "This compares the files and asks no host: lvsctl plan shows what there is to do on the hosts as they are.";

/** Every file's changes: for traffic first, then host by host. `verbosity` as for a plan. */
export function formatDiff(diffs: readonly FileDiff[], output: Output, verbosity: number): string {
  if (diffs.length === 0) return "There are no topology files on either side.\n";
  const parts = diffs.map((diff) => fileText(diff, output, verbosity));
  return `${parts.join("\n")}\n${wrap(NO_HOST_ASKED, output.width).join("\n")}\n`;
}

function fileText(diff: FileDiff, output: Output, verbosity: number): string {
  const { from, to, plan, traffic } = diff;
  const title = wrap(`${output.paint("bold", from)} → ${output.paint("bold", to)}`, output.width, "  ");
  const changing = withoutIdle(plan);
  const effects = traffic.flatMap((effect) => {
    const [sign, style] = EFFECTS[effect.effect];
    return wrap(`  ${output.paint(style, sign)} ${effectWords(effect)}`, output.width, "    ");
  });
  const remarks = remarksOn(diff).flatMap((text) =>
    wrap(`${output.paint("yellow", "Note:")} ${text}`, output.width, "  "),
  );
  const parts = [title, remarks, effects.length === 0 ? [] : [output.paint("bold", "traffic"), ...effects]];
  const head = parts.filter((part) => part.length > 0).map((part) => `${part.join("\n")}\n`);
  const idle = plan.hosts.size - changing.hosts.size;
  const rest =
    changing.hosts.size === 0
      ? `Nothing changes on ${count(idle, "host")}.\n`
      : `${formatPlan(changing, output, verbosity)}${idle > 0 ? `Nothing changes on ${count(idle, "other host")}.\n` : ""}`;
  return `${[...head, rest].join("\n")}`;
}

/** `lvsctl.diff/1`. */
export function diffToJson(diffs: readonly FileDiff[]) {
  return {
    format: "lvsctl.diff/1",
    files: diffs.map(({ from, to, state, renamedFrom, plan, owned, traffic, joining, leaving }) => {
      const { format: _, ...planned } = planToJson(plan);
      return {
        from,
        to,
        state,
        renamedFrom: renamedFrom ?? null,
        traffic: traffic.map((effect) => ({
          service: effect.service,
          effect: effect.effect,
          server: effect.server ?? null,
          what: effect.what,
        })),
        joining,
        leaving,
        owned,
        topology: planned.topology,
        hosts: planned.hosts,
        notes: planned.notes,
        summary: planned.summary,
        following: planned.following,
      };
    }),
  } satisfies JsonResult;
}
