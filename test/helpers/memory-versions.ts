import { HOSTS, NEW, OLD } from "./small-topology.ts";
import { ended, untruths, type Versions, whichOf } from "./verdict.ts";
import { type Command, type CommandOptions, type Desired, type End, World } from "./world.ts";

/** Hosts that have one version of a topology, and what they are like in both. */
export interface TwoVersions {
  readonly old: Desired;
  readonly new: Desired;
  readonly versions: Versions;
  /** Hosts that have the old version. */
  world(): World;
}

/** Makes both versions on hosts on which nothing goes wrong. `hosts`: their names. */
export async function twoVersions(
  hosts: readonly string[] = HOSTS,
  older: Desired = OLD,
  newer: Desired = NEW,
): Promise<TwoVersions> {
  const first = new World(hosts);
  await made(first, older);
  const second = World.like(first);
  await made(second, newer);
  const versions = { old: first.states(), new: second.states() };
  return { old: older, new: newer, versions, world: () => World.like(first) };
}

/** How a command ended, and the hosts after it: `after 0`, `before 5`; `†` in the place of the exit code: it died. */
export interface Verdict {
  /** When all timers have run out. */
  readonly verdict: string;
  /** What was not true, or not done. */
  readonly wrong: readonly string[];
  readonly end: End;
}

/** Judges the command that is given to the hosts, when it ends and once more when all timers have run out. */
export async function judged(
  { versions, new: newer }: TwoVersions,
  world: World,
  command: Command | Promise<End>,
  options: CommandOptions = {},
): Promise<Verdict> {
  const end = typeof command === "string" ? await world.do(command, newer, options) : await command;
  const wrong = [...untruths(world, end, versions)];
  await world.settle();
  const state = ended(whichOf(world, versions));
  if (state === "BETWEEN") wrong.push(`left between: ${whichOf(world, versions)}`);
  for (const [host, machine] of world.machines) if (machine.isBusy) wrong.push(`${host} never comes to an end`);
  return { verdict: `${state} ${end.exit ?? "†"}`, wrong, end };
}

async function made(world: World, desired: Desired): Promise<void> {
  const end = await world.do("apply", desired);
  if (end.exit !== 0) throw new Error(`not made: ${end.text}`);
}
