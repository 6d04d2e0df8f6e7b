import { describe, expect, it } from "vitest";
import type { Clock } from "../../src/machine/machine.ts";
import type { Plan, PlannedChange } from "../../src/plan/plan.ts";
import type { ReadOutput } from "../../src/shell/read-script.ts";
import { type DrainOptions, type OpenConnections, waitForDrain } from "../../src/transaction/drain.ts";
import { drainsOf, phasesWithDrain } from "../../src/transaction/drain-phase.ts";
import { readTraffic } from "../../src/transaction/shell/traffic.ts";
import type { Transport } from "../../src/transport/transport.ts";

const SERVICE = { address: "172.16.10.10", port: 80, protocol: "tcp" };
const KEY = "tcp 172.16.10.10:80 -> 172.16.10.21:80";

/** What a director shows of one real server at one look; undefined: ip_vs is not loaded. */
type Shown = { readonly active: number; readonly inactive: number; readonly packets: number } | undefined;

function outputsOf(shown: Shown): ReadonlyMap<string, ReadOutput> {
  if (!shown) return new Map();
  const output = (stdout: string) => ({ stdout, stderr: "", status: 0 });
  return new Map([
    [
      "ipvs-connections",
      output(`IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  172.16.10.10:80 rr
  -> 172.16.10.21:80              Route   0      ${shown.active}          ${shown.inactive}
  -> 172.16.10.22:80              Route   1      7          7
`),
    ],
    [
      "ipvs-counters",
      output(`IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes
  -> RemoteAddress:Port
TCP  172.16.10.10:80                     9       99        0      999        0
  -> 172.16.10.21:80                     9       ${shown.packets}        0      999        0
  -> 172.16.10.22:80                     9       99        0      999        0
`),
    ],
  ]);
}

/** Waits for one real server of a director that shows these, one at each look, the last one from then on. */
async function waited(shown: readonly Shown[], options: Partial<DrainOptions> = {}) {
  let looks = 0;
  let now = 0;
  const host: Transport = {
    host: "dr",
    execs: 0,
    read: async () => outputsOf(shown[Math.min(looks++, shown.length - 1)]),
    run: async () => {
      throw new Error("draining only looks");
    },
    close: async () => undefined,
  };
  const progress: (readonly OpenConnections[])[] = [];
  const clock: Clock = {
    now: () => now,
    date: () => new Date(now),
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
    every: () => () => undefined,
  };
  const target = {
    host: { host: "dr", traffic: (keys: readonly string[]) => readTraffic(host, keys) },
    keys: [KEY],
  };
  const all = { timeoutMs: 30_000, onProgress: (open: readonly OpenConnections[]) => progress.push(open), clock };
  const { result, open } = await waitForDrain([target], { ...all, ...options });
  return { result, open, seconds: now / 1000, looks, progress };
}

const busy = (packets: number) => ({ active: 1, inactive: 2, packets });
const quiet = { active: 0, inactive: 3, packets: 50 };
const none = { active: 0, inactive: 0, packets: 50 };

describe("waiting for connections to end", () => {
  it("does not wait where there are none", async () => {
    expect(await waited([none])).toMatchObject({ result: "ended", seconds: 0, looks: 1, open: [] });
  });

  it("does not wait where there is no table, or no such real server in it", async () => {
    expect(await waited([undefined])).toMatchObject({ result: "ended", seconds: 0 });
  });

  it("waits for established ones, however quiet they are, and says what is left", async () => {
    const { result, seconds, progress } = await waited([busy(1), busy(1), busy(1), busy(1), busy(1), busy(1), none]);
    expect({ result, seconds }).toEqual({ result: "ended", seconds: 6 });
    expect(progress.slice(-2)).toEqual([[{ host: "dr", key: KEY, active: 1, inactive: 2 }], []]);
  });

  it("takes inactive ones as ended when they have moved nothing for three seconds", async () => {
    expect(await waited([quiet])).toMatchObject({ result: "ended", seconds: 3 });
  });

  it("waits on while inactive ones move packets: half closed connections and UDP", async () => {
    const moving = Array.from({ length: 10 }, (_, index) => ({ ...quiet, packets: 50 + index }));
    expect(await waited(moving)).toMatchObject({ result: "ended", seconds: 12 });
  });

  it("gives up at the limit, and says what is left", async () => {
    const { result, seconds, open } = await waited([busy(1)], { timeoutMs: 4_500 });
    expect({ result, seconds }).toEqual({ result: "timed-out", seconds: 4.5 });
    expect(open).toEqual([{ host: "dr", key: KEY, active: 1, inactive: 2 }]);
  });

  it("ends when it is interrupted", async () => {
    const controller = new AbortController();
    const onProgress = () => controller.abort();
    const { result, looks } = await waited([busy(1)], { signal: controller.signal, onProgress });
    expect({ result, looks }).toEqual({ result: "interrupted", looks: 1 });
  });
});

function change(kind: string, action: PlannedChange["action"], phase: PlannedChange["phase"]): PlannedChange {
  const before = {
    ...{ service: SERVICE, address: "172.16.10.21", port: 80, method: "dr", weight: 5 },
    ...{ upperThreshold: 9, lowerThreshold: 0 },
  };
  const rest = { fields: [], reason: "", why: "", isAction: false, commands: [], original: undefined, description: "" };
  return { kind, key: KEY, host: "dr", action, before, after: undefined, stage: "real-servers", phase, ...rest };
}

describe("what is drained before a run removes it", () => {
  const drained = (...changes: readonly PlannedChange[]) => {
    const plan: Plan = {
      topology: "t",
      hosts: new Map([
        ["dr", changes],
        ["rs1", []],
      ]),
      problems: [],
      summary: { create: 0, update: 0, delete: 0, none: 0 },
    };
    return { drains: drainsOf(plan), phases: phasesWithDrain(plan) };
  };

  it("is every real server that goes, with all of its settings but the weight", () => {
    const { drains } = drained(change("ipvs-destination", "delete", "clear"));
    expect([...drains.keys()]).toEqual(["dr"]);
    expect(drains.get("dr")).toMatchObject([
      {
        action: "update",
        before: { weight: 5, upperThreshold: 9 },
        after: { weight: 0, upperThreshold: 9 },
        fields: [{ name: "weight", before: 5, after: 0 }],
        description: `real server ${KEY} (dr, weight 0)`,
      },
    ]);
  });

  it("comes after all that is built, and before anything is removed", () => {
    const goes = change("ipvs-destination", "delete", "clear");
    const { phases } = drained(
      { ...goes, kind: "address", action: "create", phase: "build", stage: "announce" },
      { ...goes, kind: "iptables-rule", stage: "publish" },
      goes,
    );
    expect(phases.map(({ direction, stages }) => `${direction} ${stages.join(" ")}`)).toEqual([
      "build announce",
      "drain real-servers",
      "clear publish real-servers",
    ]);
  });

  it.each([
    ["a service", "ipvs-service", "delete", "clear"],
    ["one that goes back to what it was before us", "ipvs-destination", "update", "clear"],
    ["one that has gone already", "ipvs-destination", "none", "clear"],
    ["one that only gets another weight", "ipvs-destination", "update", "build"],
  ] as const)("is not %s", (_title, kind, action, phase) => {
    const { drains, phases } = drained(change(kind, action, phase));
    expect(drains.size).toBe(0);
    expect(phases.every(({ direction }) => direction !== "drain")).toBe(true);
  });
});
