/** What must be true of the hosts and of lvsctl's output, whatever went wrong. */
import type { End, World } from "./world.ts";

export interface Versions {
  readonly old: readonly string[];
  readonly new: readonly string[];
}

/** The version of each host: `old`, `new`, `same` if both are equal, or `neither`. */
export function whichOf(world: World, versions: Versions): readonly string[] {
  return world.states().map((state, index) => {
    const [isOld, isNew] = [state === versions.old[index], state === versions.new[index]];
    if (isOld && isNew) return "same";
    return isOld ? "old" : isNew ? "new" : "neither";
  });
}

/** The state of all hosts together: `before`, `after`, `each` if some are in one and some in the other, or `BETWEEN`. */
export function ended(which: readonly string[]): string {
  if (which.includes("neither")) return "BETWEEN";
  const [hasOld, hasNew] = [which.includes("old"), which.includes("new")];
  return hasOld && hasNew ? "each" : hasNew ? "after" : "before";
}

/**
 * Which of lvsctl's final statements are untrue, and what it left undone although it could have done it. `isReachable`:
 * nothing separates lvsctl from any host any more.
 */
export function untruths(world: World, end: End, versions: Versions, isReachable = true): readonly string[] {
  if (end.exit === undefined) return [];
  const hosts = [...world.machines.keys()];
  const which = whichOf(world, versions);
  const named = new Set(hosts.filter((host) => end.text.includes(`${host}: LVS-`)));
  const wrong: string[] = [];
  const all = (allowed: string) => which.every((one) => one === allowed || one === "same");
  const isKept = /Applied but not confirmed/.test(end.text);
  const saysTakenBack = /all changes of this run were rolled back/.test(end.text);
  const saysUnknown = /neither rolled back nor confirmed/.test(end.text);
  if (end.exit === 0 && !isKept && !all("new")) wrong.push(`exit 0, and the hosts are ${which}`);
  if (end.exit === 0 && saysTakenBack) wrong.push("exit 0, and it was rolled back");
  if (saysTakenBack && !all("old")) wrong.push(`rolled back, it says, and the hosts are ${which}`);
  if (saysTakenBack && ![5, 130].includes(end.exit)) wrong.push(`rolled back, and exit ${end.exit}`);
  const isUnverified = end.exit === 130 && /The changes are not verified/.test(end.text);
  if (isUnverified && !isKept && !all("new")) wrong.push(`confirmed, it says, and the hosts are ${which}`);
  if ([5, 130].includes(end.exit) && !isUnverified && !all("old"))
    wrong.push(`exit ${end.exit}, and the hosts are ${which}`);
  if (end.exit === 6 && !all("old")) wrong.push(`exit 6, and the hosts are ${which}`);
  if (saysUnknown && end.exit !== 1) wrong.push(`not known, and exit ${end.exit}`);
  const others = which.filter((_, index) => !named.has(hosts[index] ?? ""));
  if (saysUnknown && ended(others) === "each") wrong.push(`hosts that it does not name are ${which}`);
  if (!isKept) {
    for (const [host, machine] of world.machines) {
      const cannotBeEnded = machine.needsHelp || machine.isAway || machine.isAtWork || !isReachable;
      if (!machine.isBusy || (named.has(host) && saysUnknown && cannotBeEnded)) continue;
      wrong.push(`${host} is still ${machine.pending?.state} at the end`);
    }
  }
  return wrong;
}
