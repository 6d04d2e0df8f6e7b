import { identity } from "../../src/resources/resource.ts";
import { HOSTS, NEW, OLD } from "./small-topology.ts";
import { ended, untruths, type Versions, whichOf } from "./verdict.ts";
import { type Command, type CommandOptions, type Desired, type End, World } from "./world.ts";

/** Hosts with one version of a topology, and what they look like in both versions. */
export interface TwoVersions {
  readonly old: Desired;
  readonly new: Desired;
  readonly versions: Versions;
  /** Hosts that have the old version. */
  world(): World;
}

/** Applies both versions on hosts where nothing goes wrong. `hosts`: their names; `found`: what is there without lvsctl. */
export async function twoVersions(
  hosts: readonly string[] = HOSTS,
  older: Desired = OLD,
  newer: Desired = NEW,
  found: Desired = {},
): Promise<TwoVersions> {
  const first = new World(hosts);
  for (const [host, all] of Object.entries(found)) {
    const resources = new Map(all.map((one) => [identity(one), one.state] as const));
    first.machine(host).have({ resources, ledgers: new Map(), atBoot: new Map() });
  }
  await made(first, older);
  const second = World.like(first);
  await made(second, newer);
  const versions = { old: first.states(), new: second.states() };
  return { old: older, new: newer, versions, world: () => World.like(first) };
}

/**
 * How a command ended, and the state of the hosts after it: `after 0`, `before 5`; `†` instead of the exit code means that
 * it died.
 */
export interface Verdict {
  /** Once all timers have run out. */
  readonly verdict: string;
  /** What was untrue, or left undone. */
  readonly wrong: readonly string[];
  readonly end: End;
}

/**
 * Runs a command on the hosts, or waits for one, and judges it when it ends and again once all timers have run out. Hosts
 * that cannot end the run by themselves are rolled back by lvsctl first.
 */
export async function judged(
  { versions, new: newer }: TwoVersions,
  world: World,
  command: Command | Promise<End>,
  options: CommandOptions = {},
): Promise<Verdict> {
  const end = typeof command === "string" ? await world.do(command, newer, options) : await command;
  const wrong = [...untruths(world, end, versions)];
  await world.settle();
  await helpOut(world, newer);
  const state = ended(whichOf(world, versions));
  if (state === "BETWEEN") wrong.push(`left between: ${whichOf(world, versions)}`);
  for (const [host, machine] of world.machines) if (machine.isBusy) wrong.push(`${host} never comes to an end`);
  return { verdict: `${state} ${end.exit ?? "†"}`, wrong, end };
}

/** Rolls back what hosts cannot end by themselves, as lvsctl tells people to do. Nothing goes wrong any more. */
export async function helpOut(world: World, desired: Desired): Promise<void> {
  if (![...world.machines.values()].some(({ needsHelp }) => needsHelp)) return;
  world.mend();
  await world.do("rollback", desired);
}

async function made(world: World, desired: Desired): Promise<void> {
  const end = await world.do("apply", desired);
  if (end.exit !== 0) throw new Error(`not made: ${end.text}`);
}
