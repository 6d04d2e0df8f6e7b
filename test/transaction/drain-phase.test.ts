import { expect, it } from "vitest";
import type { PlannedChange } from "../../src/plan/plan.ts";
import { ipvsDestination } from "../../src/resources/ipvs-destination.ts";
import { phasesWithDrain } from "../../src/transaction/drain-phase.ts";

const COMMON = {
  host: "lb",
  action: "delete",
  after: undefined,
  description: "",
  fields: [],
  reason: "",
  why: "",
  phase: "clear",
  isAction: false,
  commands: [],
  original: undefined,
} as const;

it("takes marks off before it drains, so that another service gets the new connections, and the public way after it", () => {
  const service = { fwmark: 80, protocol: "tcp", family: 4 };
  const [before] = ipvsDestination.resolve(
    { service, address: "192.0.2.11", port: 0, method: "dr", weight: 1, upperThreshold: 0, lowerThreshold: 0 },
    { topology: "t", host: "lb" },
  );
  const server: PlannedChange = { ...COMMON, kind: "ipvs-destination", key: "s", stage: "real-servers", before };
  const mark: PlannedChange = { ...COMMON, kind: "iptables-rule", key: "m", stage: "marks", before: {} };
  const published: PlannedChange = { ...COMMON, kind: "iptables-rule", key: "p", stage: "publish", before: {} };
  const hosts = new Map([["lb", [server, mark, published]]]);
  const summary = { create: 0, update: 0, delete: 3, none: 0 };
  const phases = phasesWithDrain({ topology: "t", hosts, problems: [], summary });
  expect(phases.map(({ direction, stages }) => `${direction} ${stages.join("+")}`)).toEqual([
    "clear marks",
    "drain real-servers",
    "clear publish+real-servers",
  ]);
  // A rollback takes the last of a resource's changes, so all have to name the state before the run.
  expect(phases[1]?.hosts.get("lb")?.[0]).toMatchObject({ before, after: { ...before, weight: 0 } });
});
