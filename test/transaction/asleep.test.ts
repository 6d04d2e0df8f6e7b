/** A machine that falls asleep when all hosts are ready to be confirmed: by the time it wakes up, some have waited too long. */
import { expect, it } from "vitest";
import type { Plan, PlannedChange } from "../../src/plan/plan.ts";
import { Run } from "../../src/transaction/run.ts";
import type { RunHost } from "../../src/transaction/run-host.ts";
import { fakeKind, thing } from "../helpers/fake-kind.ts";

const TIMEOUT_SECONDS = 60;

/** A run on two hosts. lvsctl's machine sleeps for so long between the answer of the first and that of the second one. */
async function runWithSleep(sleepSeconds: number) {
  let nowMs = 0;
  const clock = {
    now: () => nowMs,
    date: () => new Date(0),
    sleep: async () => undefined,
    every: () => () => undefined,
  };
  const asked: string[] = [];
  const hostOf = (host: string): RunHost => {
    let heardMs = 0;
    let sleptMs = host === "rs2" ? sleepSeconds * 1_000 : 0;
    return {
      ...({
        host,
        isMoving: false,
        state: { host, observed: new Map(), ledger: undefined, others: [] },
      } as unknown as RunHost),
      arm: async () => ({ result: "armed" }),
      reconnect: async () => undefined,
      pending: async () => undefined,
      refresh: async () => undefined,
      async renew() {
        asked.push(host);
        if (nowMs - heardMs >= TIMEOUT_SECONDS * 1_000) return "gone";
        nowMs += sleptMs;
        sleptMs = 0;
        heardMs = nowMs;
        return "renewed";
      },
    };
  };
  const hosts = ["rs1", "rs2"];
  const plan: Plan = {
    topology: "t",
    hosts: new Map(hosts.map((host) => [host, [making(host)]])),
    problems: [],
    summary: { create: 2, update: 0, delete: 0, none: 0 },
  };
  const run = new Run(plan, hosts.map(hostOf), {
    kinds: new Map([["thing", fakeKind()]]),
    machine: { clock, randomHex: () => "5e" },
    ...{ confirmTimeoutSeconds: TIMEOUT_SECONDS, stepTimeoutSeconds: 60, drainTimeoutSeconds: 0 },
    runner: { user: "ann", machine: "laptop", process: 1, command: "apply" },
  });
  expect(await run.arm()).toEqual([]);
  return { failures: await run.prepare(), asked };
}

function making(host: string): PlannedChange {
  return {
    ...{ kind: "thing", key: "a", host, action: "create", before: undefined, after: thing("a", 1), description: "" },
    ...{ fields: [], reason: "", why: "", stage: "publish", phase: "build", isAction: false, commands: [] },
    original: undefined,
  };
}

it("no host is confirmed if one has rolled the run back meanwhile", async () => {
  const { failures } = await runWithSleep(61);
  expect(failures.map(({ code, details }) => [code, details.host])).toEqual([["LVS-LOCK-005", "rs1"]]);
});

it("the hosts are asked again after a shorter sleep, and are all still there", async () => {
  const { failures, asked } = await runWithSleep(40);
  expect(failures).toEqual([]);
  expect(asked).toEqual(["rs1", "rs2", "rs1", "rs2"]);
});

it("no host is asked twice by a machine that stays awake", async () => {
  expect(await runWithSleep(0)).toEqual({ failures: [], asked: ["rs1", "rs2"] });
});
