import { describe, expect, it } from "vitest";
import type { Stage } from "../../src/lvs/stage.ts";
import type { Plan, PlannedChange } from "../../src/plan/plan.ts";
import { phasesOf, stepsOf } from "../../src/transaction/phases.ts";
import { fakeKind, thing } from "../helpers/fake-kind.ts";

function change(host: string, key: string, stage: Stage, phase: "build" | "clear" = "build"): PlannedChange {
  const fields = {
    description: "",
    fields: [],
    reason: "",
    why: "",
    isAction: false,
    commands: [],
    original: undefined,
  };
  return {
    kind: "thing",
    key,
    host,
    action: "create",
    before: undefined,
    after: thing(key, 1),
    stage,
    phase,
    ...fields,
  };
}

function phases(...changes: readonly PlannedChange[]) {
  const hosts = new Map(
    [...new Set(changes.map(({ host }) => host))].map((host) => [host, changes.filter((one) => one.host === host)]),
  );
  const plan: Plan = { topology: "t", hosts, problems: [], summary: { create: 0, update: 0, delete: 0, none: 0 } };
  return phasesOf(plan).map(
    ({ stages, direction, hosts: inPhase }) => `${direction} ${stages.join("+")}: ${[...inPhase.keys()].join(" ")}`,
  );
}

describe("phasesOf", () => {
  it("builds in the order of the stages, then clears backwards", () => {
    expect(
      phases(
        change("fw", "x", "publish", "clear"),
        change("fw", "a", "publish"),
        change("rs1", "b", "real-server-arp"),
        change("rs2", "c", "real-server-arp"),
        change("rs1", "d", "real-server-arp", "clear"),
      ),
    ).toEqual([
      "build real-server-arp: rs1 rs2",
      "build publish: fw",
      "clear publish: fw",
      "clear real-server-arp: rs1",
    ]);
  });

  it("makes successive stages of one host alone in one go, and waits where others are concerned", () => {
    expect(
      phases(
        change("dr", "a", "director-network"),
        change("dr", "b", "virtual-service"),
        change("dr", "c", "real-servers"),
        change("fw", "d", "publish"),
      ),
    ).toEqual(["build director-network+virtual-service+real-servers: dr", "build publish: fw"]);
    expect(
      phases(
        change("rs1", "a", "real-server-arp"),
        change("rs2", "b", "real-server-arp"),
        change("rs1", "c", "real-server-address"),
        change("rs2", "d", "real-server-address"),
      ),
    ).toEqual(["build real-server-arp: rs1 rs2", "build real-server-address: rs1 rs2"]);
  });

  it("clears marks in a phase of its own, since draining comes after it", () => {
    expect(phases(change("dr", "a", "real-servers", "clear"), change("dr", "b", "marks", "clear"))).toEqual([
      "clear marks: dr",
      "clear real-servers: dr",
    ]);
  });

  it("never does building and clearing in one phase", () => {
    expect(phases(change("fw", "a", "publish"), change("fw", "b", "publish", "clear"))).toHaveLength(2);
  });
});

describe("stepsOf", () => {
  it("keeps the order of the stages also where one kind has changes in several", () => {
    const other = { ...change("dr", "b", "virtual-service"), kind: "other" };
    const changes = [change("dr", "a", "director-network"), other, change("dr", "c", "real-servers")];
    const kinds = new Map([
      ["thing", fakeKind()],
      ["other", fakeKind({ kind: "other" })],
    ]);
    const steps = stepsOf(changes, new Map(), kinds, { topology: "t", host: "dr" });
    expect(steps.map(({ script }) => script)).toEqual(["set-thing a 1", "set-thing b 1", "set-thing c 1"]);
  });
});
