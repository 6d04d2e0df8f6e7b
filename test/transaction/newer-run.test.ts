/** A run of a newer lvsctl, which makes things that this one does not know: it is left alone, with the reason. */
import { expect, it } from "vitest";
import type { RecordedChange } from "../../src/ledger/pending.ts";
import type { ResourceKind } from "../../src/resources/resource.ts";
import { confirmPending, rollBackPending } from "../../src/transaction/end-pending.ts";
import { fakeKind } from "../helpers/fake-kind.ts";
import { MemoryHost } from "../helpers/memory-host.ts";
import { MemoryMachine } from "../helpers/memory-machine.ts";
import { change, making } from "../helpers/things.ts";
import { VirtualClock } from "../helpers/virtual-clock.ts";

const KNOWN = new Map<string, ResourceKind>([["thing", fakeKind()]]);
const OLDER = new Map<string, ResourceKind>();
const WITHOUT_SIZE = new Map<string, ResourceKind>([["thing", fakeKind({ fields: { name: true } as object })]]);
const TOPOLOGY = "demo";

/** A host on which a run of lvsctl 9.1.0 has made a thing. */
async function pendingHost() {
  const clock = new VirtualClock();
  const machine = new MemoryMachine("rs1", clock);
  const process = clock.process();
  const host = new MemoryHost({ machine, process, topology: TOPOLOGY, wanted: [] });
  const changes: RecordedChange[] = [
    { ...change("a", undefined, 1), description: "thing a", stage: "publish", isAction: false },
  ];
  const record = {
    ...{ id: "00c0ffee", topology: TOPOLOGY, host: "rs1", since: "2026-11-20T12:00:00Z", hosts: ["rs1"], changes },
    runner: { user: "ann", machine: "laptop", process: 1, command: "apply", version: "9.1.0" },
    ...{ confirmTimeoutSeconds: 60, steps: 1 },
  };
  const after = { topology: TOPOLOGY, host: "rs1", entries: [] };
  await clock.until(host.arm({ record, steps: [making(0, "a")], before: undefined, others: [], after, atBoot: [] }));
  await clock.until(host.run(record, { steps: [making(0, "a")] }, 1_000));
  await clock.until(host.refresh());
  const limits = {
    machine: { clock: process, randomHex: () => "5e" },
    ...{ confirmTimeoutSeconds: 60, stepTimeoutSeconds: 60 },
  };
  const end = (how: typeof rollBackPending | typeof confirmPending, kinds: ReadonlyMap<string, ResourceKind>) =>
    clock.until(how([host], { ...limits, kinds }));
  return { machine, host, end };
}

it.each([
  ["rolled back", rollBackPending, OLDER, "a thing"],
  ["confirmed", confirmPending, OLDER, "a thing"],
  ["rolled back", rollBackPending, WITHOUT_SIZE, 'a thing with the field "after.size"'],
  ["confirmed", confirmPending, WITHOUT_SIZE, 'a thing with the field "after.size"'],
])("is not %s by an lvsctl that does not know what it makes: %#", async (_what, how, older, what) => {
  const { machine, host, end } = await pendingHost();
  const asked = host.calls.length;
  const [failure, ...others] = await end(how, older);
  expect(others).toEqual([]);
  expect(failure?.code).toBe("LVS-LOCK-008");
  expect(failure?.message).toContain(`It changes ${what}, which this lvsctl does not know.`);
  expect(failure?.details.hint).toContain("Use lvsctl 9.1.0, or a newer one");
  expect(host.calls.slice(asked)).toEqual([]);
  expect([...machine.resources.keys()]).toEqual(["thing a"]);
  expect(machine.pending).toMatchObject({ id: "00c0ffee", state: "live" });
});

it("is rolled back by one that does", async () => {
  const { machine, end } = await pendingHost();
  expect(await end(rollBackPending, KNOWN)).toEqual([]);
  expect([...machine.resources.keys()]).toEqual([]);
  expect(machine.pending).toBeUndefined();
});

it("is confirmed by one that does", async () => {
  const { machine, end } = await pendingHost();
  expect(await end(confirmPending, KNOWN)).toEqual([]);
  expect([...machine.resources.keys()]).toEqual(["thing a"]);
  expect(machine.pending).toBeUndefined();
});
