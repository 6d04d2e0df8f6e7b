/** What the stages of a run, and the hosts in them, are called. Pure. */
import { count } from "../errors/count.ts";
import { excerpt } from "../errors/excerpt.ts";
import type { Phase } from "../transaction/phases.ts";
import { visibleLine } from "./visible.ts";

/** Whose stage it is, and what happens in it. */
const TITLES: Readonly<Record<Phase["stages"][number], readonly [who: string, what: string]>> = {
  "kernel-modules": ["hosts", "kernel modules"],
  "base-network": ["hosts", "base network"],
  "real-server-arp": ["real servers", "ARP"],
  "real-server-address": ["real servers", "VIP"],
  "real-server-web": ["real servers", "web server"],
  "director-network": ["director", "network"],
  "virtual-service": ["director", "virtual services"],
  "real-servers": ["director", "real servers"],
  announce: ["director", "announcement"],
  publish: ["hosts", "packet filters, publication"],
  marks: ["director", "marks"],
};

/** For a host of which nobody has heard in a stage: it is tried again at the end, or its own timer rolls the run back. */
export const UNREACHED = "not reached";
/** For a stage with such a host: a tick would say that it is done. */
export const NOT_EVERYWHERE = "not done on every host";
/** For a stage before which the run has ended. */
export const NOT_BEGUN = "not begun";

/** `director: network`. */
export function titleOf({ stages, direction }: Phase): string {
  const subjects = new Map<string, readonly string[]>();
  for (const [who, what] of stages.map((stage) => TITLES[stage])) {
    subjects.set(who, [...(subjects.get(who) ?? []), what]);
  }
  const title = [...subjects].map(([who, what]) => `${who}: ${what.join(", ")}`).join("; ");
  return { build: title, drain: `drain: ${title}`, clear: `remove: ${title}` }[direction];
}

/** `rs1: 2 changes`. */
export function hostTitle(host: string, { hosts }: Phase): string {
  return `${visibleLine(host)}: ${count(hosts.get(host)?.length ?? 0, "change")}`;
}

/** Names a phase among all of a run: events come with phases of the run's own, and not with those that the list was made from. */
export function phaseKey({ stages, direction }: Phase): string {
  return `${direction} ${stages.join(" ")}`;
}

/** Names a host of a phase, among all of a run. */
export function keyOf(phase: Phase, host: string): string {
  return `${phaseKey(phase)} ${host}`;
}

/** Why a host has failed, on one line: what its commands have printed, which follows on other lines, is shown at the end. */
export function reasonOf({ message }: Error): string {
  const [first = ""] = message.split("\n");
  return visibleLine(excerpt(first));
}
