/** Random topologies in two versions, and random faults on the way from one to the other. */
import fc from "fast-check";
import type { DesiredResource } from "../../src/compile/desired-state.ts";
import { stages } from "../../src/lvs/stage.ts";
import { identity } from "../../src/resources/resource.ts";
import { type CallName, callNames, type Fault, faults } from "./memory-host.ts";
import { announcement, file, realServer, sysctl } from "./small-topology.ts";
import type { Desired } from "./world.ts";

/** A thing in the old and in the new version; undefined: it does not exist there. */
type Slot = readonly [old: number | undefined, new: number | undefined];

/** Which of the things of a host are there before lvsctl comes, with another value. */
const FOUND = 9;

export interface RandomVersions {
  readonly hosts: readonly string[];
  readonly old: Desired;
  readonly new: Desired;
  /** What is on the hosts before lvsctl makes the old version. */
  readonly found: Desired;
}

/** What goes wrong, and when. `count`: in which call of that name on that host, or of all calls. */
export type Mishap =
  | {
      readonly what: "fault";
      readonly host: number;
      readonly name: CallName;
      readonly count: number;
      readonly fault: Fault;
    }
  | { readonly what: "step fails"; readonly host: number; readonly count: number; readonly isMade: boolean }
  | { readonly what: "slow"; readonly host: number; readonly seconds: number }
  | { readonly what: "deaf"; readonly host: number; readonly count: number; readonly seconds: number }
  | { readonly what: "timer dies"; readonly host: number; readonly count: number }
  | { readonly what: "interrupt" | "kill"; readonly count: number };

const SETTING_STAGES = stages.filter((stage) => stage !== "announce" && stage !== "base-network");

const slot: fc.Arbitrary<Slot> = fc.tuple(
  fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
);

const parts = fc.record({
  settings: fc.array(fc.tuple(fc.nat(SETTING_STAGES.length - 1), slot), { maxLength: 4 }),
  files: fc.array(slot, { maxLength: 2 }),
  servers: fc.array(slot, { maxLength: 3 }),
  isAnnounced: fc.boolean(),
  areFound: fc.array(fc.boolean(), { maxLength: 4 }),
});

/** One to four hosts with a few things each, some of which are added, changed, kept or removed. */
export const randomVersions: fc.Arbitrary<RandomVersions> = fc
  .array(parts, { minLength: 1, maxLength: 4 })
  .map((all): RandomVersions => {
    const version = (which: 0 | 1): Desired =>
      Object.fromEntries(all.map((one, index) => [`h${index}`, resourcesOf(one, which, `h${index}`)]));
    const found = Object.fromEntries(all.map(({ areFound }, index) => [`h${index}`, foundOf(areFound)]));
    return { hosts: all.map((_, index) => `h${index}`), old: version(0), new: version(1), found };
  })
  .filter((versions) => JSON.stringify(versions.old) !== JSON.stringify(versions.new));

const host = fc.nat(3);
const count = fc.integer({ min: 1, max: 40 });

const mishap: fc.Arbitrary<Mishap> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant("fault" as const),
      host,
      name: fc.constantFrom(...callNames),
      count: fc.integer({ min: 1, max: 3 }),
      fault: fc.constantFrom(...faults),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant("step fails" as const),
      host,
      count: fc.integer({ min: 1, max: 6 }),
      isMade: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant("slow" as const), host, seconds: fc.integer({ min: 1, max: 100 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant("deaf" as const),
      host,
      count,
      seconds: fc.constantFrom(5, 50, 100, 1_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("timer dies" as const), host, count }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom("interrupt" as const, "kill" as const), count }) },
);

export const randomMishaps: fc.Arbitrary<readonly Mishap[]> = fc.array(mishap, { minLength: 1, maxLength: 3 });

/** Settings that a version can ask for, and that have to be given back. */
function foundOf(areFound: readonly boolean[]): readonly DesiredResource[] {
  return areFound.flatMap((isFound, index) => (isFound ? [sysctl(`p${index}`, FOUND, "publish")] : []));
}

function resourcesOf(
  { settings, files, servers, isAnnounced }: typeof parts extends fc.Arbitrary<infer T> ? T : never,
  which: 0 | 1,
  name: string,
): readonly DesiredResource[] {
  const made = [
    ...settings.flatMap(([stage, values], index) => {
      const value = values[which];
      return value === undefined ? [] : [sysctl(`p${index}`, value, SETTING_STAGES[stage] ?? "publish")];
    }),
    ...files.flatMap((values, index) => {
      const value = values[which];
      return value === undefined ? [] : [file(`f${index}`, `${value}`, "real-server-web")];
    }),
    ...servers.flatMap((values, index) => {
      const value = values[which];
      return value === undefined ? [] : [realServer(`172.16.10.${index + 1}`, value)];
    }),
  ];
  return isAnnounced ? [...made, announcement(...made.map((one) => `${name} ${identity(one)}`))] : made;
}
