/** Says of work on many hosts how far it is, and which ones it waits for. Pure. */
import { count } from "../errors/count.ts";

/**
 * Receives the step that begins, as `reading 6 hosts`, and each time there is news how far it is, as
 * `reading hosts, 4 of 6; waiting for web3`. Undefined: the work is done.
 */
export type OnStatus = (step: string | undefined, now?: string) => void;

/** The most hosts that are named. */
const MANY = 3;

/** Begins a step, and returns what to call with each host that is done with it. `doing`: `reading`. */
export function countHosts(
  doing: string,
  names: readonly string[],
  onStatus: OnStatus | undefined,
): (name: string) => void {
  const left = new Set(names);
  const step = `${doing} ${count(names.length, "host")}`;
  const say = () => {
    const named = left.size > 0 && left.size <= MANY ? `; waiting for ${[...left].join(", ")}` : "";
    onStatus?.(step, `${doing} hosts, ${names.length - left.size} of ${names.length}${named}`);
  };
  say();
  return (name) => {
    left.delete(name);
    if (left.size > 0) say();
  };
}
