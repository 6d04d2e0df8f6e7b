/** Everything that can go wrong in a call, in every call of a run, one at a time: what becomes of the hosts, and the exit code. */
import { beforeAll, describe, expect, it } from "vitest";
import { type Call, type Fault, faults } from "../helpers/memory-host.ts";
import { judged, type TwoVersions, twoVersions } from "../helpers/memory-versions.ts";
import type { World } from "../helpers/world.ts";

/** `after`: every host has what the run was to make; `before`: what it had; `each`: some so, some so. `†`: lvsctl died. */
const FORWARDS = `
               | arm      | stage    | traffic  | reconnect | renew    | confirm
  fails        | before 5 | before 5 | before 5 | before 5  | before 5 | after 0
  late         | after 0  | after 0  | after 0  | after 0   | after 0  | after 0
  lost before  | before 5 | before 5 | before 5 | before 5  | before 5 | after 0
  lost during  | before 5 | before 5 | before 5 | before 5  | before 5 | after 0
  lost after   | before 5 | before 5 | before 5 | before 5  | before 5 | after 0
  hangs before | before 5 | before 5 | before 5 | before 5  | before 5 | after 0
  hangs after  | before 5 | before 5 | before 5 | before 5  | before 5 | after 0
  odd before   | before 5 | before 5 | before 5 | before 5  | before 5 | after 0
  odd after    | before 5 | before 5 | before 5 | before 5  | before 5 | after 0
  undefined    | before 5 | before 5 | before 5 | before 5  | before 5 | after 0
  dies before  | before † | before † | before † | before †  | before † | before † or each †
  dies after   | before † | before † | before † | before †  | before † | after †`;

/** The same where a step has failed and the run is being rolled back. */
const BACKWARDS = `
               | observe  | roll back | undo
  fails        | before 5 | before 5  | before 5
  late         | before 5 | before 5  | before 5
  lost before  | before 5 | before 5  | before 5
  lost during  | before 5 | before 5  | before 5
  lost after   | before 5 | before 5  | before 5
  hangs before | before 5 | before 5  | before 5
  hangs after  | before 5 | before 5  | before 5
  odd before   | before 5 | before 5  | before 5
  odd after    | before 5 | before 5  | before 5
  undefined    | before 5 | before 5  | before 5
  dies before  | before † | before †  | before †
  dies after   | before † | before †  | before †`;

describe.each([
  ["a run", FORWARDS, () => undefined],
  ["a run that is rolled back", BACKWARDS, failLastStep],
] as const)("what goes wrong in %s:", (_title, table, spoil) => {
  let all: TwoVersions;
  let calls: readonly Call[];

  beforeAll(async () => {
    all = await twoVersions();
    const world = spoilt();
    const running = world.start("apply", all.new);
    await world.wait(running);
    calls = running.calls;
  });

  it.each(cellsOf(table))("%s %s: %s", async (name, fault, expected) => {
    const found = new Set<string>();
    for (const call of calls.filter((one) => one.name === name)) {
      const faultIn = (one: Call) => (isSame(one, call) ? fault : undefined);
      const { verdict, wrong, end } = await judged(all, spoilt(), "apply", { faultIn });
      expect(wrong, `${call.host} ${call.name} ${call.count}: ${end.text}`).toEqual([]);
      found.add(verdict);
    }
    expect([...found].sort()).toEqual(expected.split(" or "));
  });

  it("every call and every fault is in the table", () => {
    const forwards = ["arm", "stage", "traffic"];
    const names = new Set(calls.map(({ name }) => name));
    if (spoil === failLastStep) for (const name of forwards) names.delete(name as Call["name"]);
    const cells = [...names].flatMap((name) => faults.map((fault) => `${name}, ${fault}`));
    expect(cellsOf(table).map(([name, fault]) => `${name}, ${fault}`)).toEqual(expect.arrayContaining(cells));
  });

  function spoilt(): World {
    const world = all.world();
    spoil(world);
    return world;
  }
});

/** The last real server that goes cannot be removed. */
function failLastStep(world: World): void {
  world.machine("dr").judge = ({ kind, after }, isUndo) =>
    kind === "ipvs-destination" && !after && !isUndo ? { fails: "out of order" } : {};
}

function isSame(one: Call, other: Call): boolean {
  return one.host === other.host && one.name === other.name && one.count === other.count;
}

function cellsOf(table: string): readonly (readonly [name: string, fault: Fault, expected: string])[] {
  const [head = [], ...rows] = table
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => line.split("|").map((cell) => cell.trim()));
  return rows.flatMap(([fault, ...cells]) =>
    cells.map((cell, index) => [head[index + 1] ?? "", fault as Fault, cell] as const),
  );
}
