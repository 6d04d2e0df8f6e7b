/**
 * How to add a resource kind, carried out: CONTRIBUTING says that it is one file. The kind in this test exists nowhere else;
 * src is only given a map that has it. A permanent entry in the neighbour table says by which MAC address an address is
 * reached.
 */
import { describe, expect, it } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import { formatLedger, type Ledger } from "../../src/ledger/ledger.ts";
import { readableLedger, salvage } from "../../src/ledger/salvage.ts";
import { driftOf } from "../../src/plan/drift.ts";
import type { HostState } from "../../src/plan/host-state.ts";
import { judgedPlan } from "../../src/plan/judged-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { loadPlaybook } from "../../src/playbook/load-playbook.ts";
import { register } from "../../src/resources/kinds.ts";
import { requireOutput } from "../../src/resources/outputs.ts";
import {
  type Change,
  identity,
  nothingFound,
  oneByOne,
  type ResourceKind,
  type State,
} from "../../src/resources/resource.ts";
import { command } from "../../src/shell/quote.ts";
import type { ReadCommand, ReadOutputs } from "../../src/shell/read-script.ts";
import { bootStepsOf } from "../../src/transaction/at-boot.ts";
import { hostSteps } from "../../src/transaction/host-steps.ts";
import { nextLedger } from "../../src/transaction/next-ledger.ts";
import { phasesOf } from "../../src/transaction/phases.ts";
import { runPlan } from "../../src/transaction/run-plan.ts";
import { readHostState } from "../../src/transaction/shell/observe.ts";
import { formatRestoreScript } from "../../src/transaction/shell/restore-script.ts";
import { isReadOnly, readOnly } from "../../src/transport/guard.ts";
import type { Transport } from "../../src/transport/transport.ts";
import { drTopology } from "../helpers/dr-topology.ts";
import { fakeKind } from "../helpers/fake-kind.ts";
import { MemoryHost } from "../helpers/memory-host.ts";
import { MemoryMachine } from "../helpers/memory-machine.ts";
import { VirtualClock } from "../helpers/virtual-clock.ts";

// The file of the kind ----------------------------------------------------------------------------------------------------

interface NeighbourState extends State {
  readonly address: string;
  readonly device: string;
  readonly mac: string;
}

const neighbour: ResourceKind<NeighbourState, undefined> = {
  kind: "neighbour",
  schema: {
    type: "object",
    required: ["address", "device", "mac"],
    additionalProperties: false,
    properties: {
      address: { type: "string", description: "The neighbour's address." },
      device: { type: "string", description: "The interface towards it." },
      mac: { type: "string", description: "Its hardware address." },
    },
  },
  resolve: ({ address, device, mac }) => [
    { address: String(address), device: String(device), mac: String(mac).toLowerCase() },
  ],
  key: ({ address, device }) => `${address} dev ${device}`,
  fields: { address: true, device: true, mac: true },

  read: () => [{ name: "neighbour", argv: ["ip", "neigh", "show", "nud", "permanent"] }],
  parse: (outputs, _states, { host }) => ({
    states: new Map(entriesIn(outputs, host).map((state) => [neighbour.key(state), state])),
    detail: undefined,
  }),
  list: {
    read: () => [{ name: "neighbour", argv: ["ip", "neigh", "show"] }],
    parse: (outputs, { host }) => entriesIn(outputs, host),
  },
  bare: nothingFound,

  diff: (actual, desired) => (actual.mac === desired.mac ? [] : ["mac"]),
  commands: (changes) =>
    oneByOne(changes, ({ before, after }) => {
      const { address, device } = after ?? before ?? { address: "", device: "" };
      const words = after ? ["replace", address, "lladdr", after.mac, "nud", "permanent"] : ["del", address];
      return command("ip", "neigh", ...words, "dev", device);
    }),

  comesBack: "addresses",
  isSetting: true,
  dangers: ({ session }, changes) =>
    changes
      .filter(({ action, before, after }) => action !== "none" && (after ?? before)?.address === session.reply?.via)
      .map((change) => ({ change, would: "send its replies to another MAC address" })),
  rivals: {
    programs: ["arpd"],
    conflict: ([program], [first]) => ({
      description: "neighbour table",
      message: `${program?.name} fills it, ${first} for one.`,
      hint: "Stop one of the two.",
    }),
  },
  whenChangedByOthers: "leave",
  describe: ({ address, device, mac }) => `neighbour ${address} at ${mac} dev ${device}`,
};

/** Lines such as `172.16.20.20 dev eth0 lladdr 02:00:00:00:00:20 PERMANENT`. */
function entriesIn(outputs: ReadOutputs, host: string): readonly NeighbourState[] {
  const text = requireOutput(outputs, "neighbour", host, { name: "ip", hint: "Install it." });
  return [...text.matchAll(/^(\S+) dev (\S+) lladdr (\S+)/gm)].map(([, address = "", device = "", mac = ""]) => {
    return { address, device, mac };
  });
}

// Its line in kinds.ts; what has the host run the restore script comes with another kind -----------------------------------

const starter = fakeKind({ kind: "starter", startsRestore: true, key: () => "start" });
const kinds = new Map<string, ResourceKind>([
  ["neighbour", register(neighbour)],
  ["starter", starter],
]);

// What src makes of it ----------------------------------------------------------------------------------------------------

const PLAYBOOK = `playbook: mine
kind: mode
title: Mine
summary: Made up.
steps:
  - { id: start, on: director, stage: kernel-modules, resource: starter, with: {}, why: It brings things back. }
  - id: fixed
    on: director
    repeat: { server: service.realServers }
    stage: director-network
    resource: neighbour
    with: { address: "\${{ server.address }}", device: eth0, mac: "02:00:00:00:00:0A" }
    why: Nobody can take a real server's place.
`;
const NOTHING = "";
const RS1 = "172.16.20.20 dev eth0 lladdr 02:00:00:00:00:0a PERMANENT\n";
const WRONG_RS1 = "172.16.20.20 dev eth0 lladdr 02:00:00:00:00:99 PERMANENT\n";
const STRANGE = "172.16.20.99 dev eth0 lladdr 02:00:00:00:00:63 PERMANENT\n";
const context = { topology: "dr-lab", host: "dr" };

function desired() {
  const { playbook, problems } = loadPlaybook(PLAYBOOK, "mine.yaml", kinds);
  if (playbook === undefined) throw new AggregateError(problems);
  return compile(drTopology, { host: [], modes: new Map([["dr", playbook]]), features: [] }, kinds);
}

/** The director as its guard lets it be read; `printed` by the kind's command, `around` by the probe of the login. */
function guarded(printed: string, around = ""): Transport {
  const answers: Record<string, string> = { neighbour: printed, login: around };
  const answer = ({ name }: ReadCommand) =>
    [name, { stdout: answers[name] ?? "", stderr: "", status: name in answers ? 0 : 1 }] as const;
  const run = () => Promise.reject(new Error("nothing is changed here"));
  const read = async (commands: readonly ReadCommand[]) => new Map(commands.map(answer));
  return readOnly({ host: "dr", execs: 0, run, read, close: async () => {} });
}

function read(printed: string, around = ""): Promise<HostState> {
  return readHostState(guarded(printed, around), {
    ...{ wanted: desired().hosts.get("dr") ?? [], topology: "dr-lab", kinds },
  });
}

async function planOn(printed: string, around = ""): Promise<{ plan: Plan; state: HostState }> {
  const state = await read(printed, around);
  return { state, plan: judgedPlan(desired(), new Map([["dr", state]]), kinds, {}) };
}

function neighboursOf(plan: Plan) {
  return (plan.hosts.get("dr") ?? []).filter(({ kind }) => kind === "neighbour");
}

/** A run on an in-memory director that has a wrong entry for one real server, and none for the other. */
async function ran(judge: MemoryMachine["judge"]) {
  const clock = new VirtualClock();
  const machine = new MemoryMachine("dr", clock, (kind) => kinds.get(kind)?.action === true);
  const wrong = { address: "172.16.20.20", device: "eth0", mac: "02:00:00:00:00:99" };
  machine.resources.set(identity({ kind: "neighbour", key: neighbour.key(wrong) }), wrong);
  machine.judge = judge;
  const process = clock.process();
  const wanted = desired().hosts.get("dr") ?? [];
  const host = () => new MemoryHost({ machine, process, topology: "dr-lab", wanted });
  const planFor = ({ state }: MemoryHost) => judgedPlan(desired(), new Map([["dr", state]]), kinds, {});
  const first = host();
  const run = runPlan(planFor(first), [first], {
    ...{ kinds, machine: { clock: process, randomHex: (bytes) => "0".repeat(bytes * 2) } },
    ...{ confirmTimeoutSeconds: 60, stepTimeoutSeconds: 60, drainTimeoutSeconds: 0, noRollback: false },
    runner: { user: "me", machine: "here", process: 1, command: "apply", version: "0" },
  });
  const outcome = await clock.until(run);
  const left = () =>
    Object.fromEntries(
      [...machine.resources].flatMap(([name, { mac }]) =>
        mac === undefined ? [] : [[name.replace(/^\S+ /, ""), mac]],
      ),
    );
  return { outcome, left, nextPlan: () => planFor(host()) };
}

describe("a kind that only this test knows", () => {
  it("is requested by a playbook, whose mistakes its schema finds", () => {
    expect(desired().hosts.get("dr")).toMatchObject([
      { key: "start" },
      { kind: "neighbour", key: "172.16.20.20 dev eth0", state: { mac: "02:00:00:00:00:0a" } },
      { kind: "neighbour", key: "172.16.20.30 dev eth0" },
    ]);
    const { problems } = loadPlaybook(PLAYBOOK.replace("device: eth0, ", ""), "mine.yaml", kinds);
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining("device")]);
  });

  it("is read through the guard and planned", async () => {
    const { plan } = await planOn(WRONG_RS1);
    expect(neighboursOf(plan)).toMatchObject([
      { action: "update", reason: "mac differs", description: "neighbour 172.16.20.20 at 02:00:00:00:00:0a dev eth0" },
      { action: "create", reason: "missing" },
    ]);
    const flush = { name: "neighbour", argv: ["ip", "neigh", "flush"] };
    const careless = new Map([["neighbour", register({ ...neighbour, read: () => [flush] })]]);
    const wanted = [{ kind: "neighbour", key: "x", state: {} }];
    await expect(readHostState(guarded(NOTHING), { wanted, topology: "dr-lab", kinds: careless })).rejects.toThrow(
      expect.objectContaining({ code: "LVS-CONNECT-020" }),
    );
  });

  it("stops a plan that would cut off the login, or whose changes another program would undo", async () => {
    const login = "login 192.0.2.1 50022 172.16.20.10 22\nreply 192.0.2.1 via 172.16.20.20 dev eth0\n";
    const { plan } = await planOn(WRONG_RS1, `${login}process 7 arpd\n`);
    expect(plan.problems).toMatchObject([
      { description: "neighbour table", message: "arpd fills it, 172.16.20.20 dev eth0 for one." },
      { message: expect.stringContaining("this change would send its replies to another MAC address") },
    ]);
    expect((await planOn(RS1, login)).plan.problems).toEqual([]);
  });

  it("is created in the steps of a run, each with its undo", async () => {
    const { plan, state } = await planOn(WRONG_RS1);
    const steps = [...hostSteps(phasesOf(plan), state.observed, kinds, context).values()].flat();
    const own = steps.filter(({ step }) => step.makes[0]?.kind === "neighbour");
    expect(own.map(({ step, undo }) => [step.script, undo.map(({ script }) => script).join()])).toEqual([
      [
        "ip neigh replace 172.16.20.20 lladdr 02:00:00:00:00:0a nud permanent dev eth0",
        "ip neigh replace 172.16.20.20 lladdr 02:00:00:00:00:99 nud permanent dev eth0",
      ],
      [
        "ip neigh replace 172.16.20.30 lladdr 02:00:00:00:00:0a nud permanent dev eth0",
        "ip neigh del 172.16.20.30 dev eth0",
      ],
    ]);
  });

  it("goes through a transaction: made on all hosts, or rolled back", async () => {
    const done = await ran(() => ({}));
    expect(done.outcome.result).toBe("done");
    expect(done.left()).toEqual({
      "172.16.20.20 dev eth0": "02:00:00:00:00:0a",
      "172.16.20.30 dev eth0": "02:00:00:00:00:0a",
    });
    expect(neighboursOf(done.nextPlan()).map(({ action }) => action)).toEqual(["none", "none"]);

    const fails = ({ key, after }: Change) =>
      key.startsWith("172.16.20.30") && after ? { fails: "out of memory" } : {};
    const failed = await ran(fails);
    expect(failed.outcome).toMatchObject({ result: "rolled-back", remains: [] });
    expect(failed.left()).toEqual({ "172.16.20.20 dev eth0": "02:00:00:00:00:99" });
    expect(neighboursOf(failed.nextPlan()).map(({ action }) => action)).toEqual(["update", "create"]);
  });

  it("is restored at boot", async () => {
    const { plan, state } = await planOn(NOTHING);
    const changes = plan.hosts.get("dr") ?? [];
    const ledger = nextLedger("dr-lab", "dr", undefined, changes, true);
    const steps = bootStepsOf(changes, ledger, state.observed, kinds);
    expect(steps.map(({ what }) => what)).toEqual(neighboursOf(plan).map(({ description }) => description));
    expect(formatRestoreScript(steps, context)).toContain("ip neigh replace 172.16.20.30");
  });

  it("is in the ledger: drift, destroy and repair work", async () => {
    const { plan } = await planOn(NOTHING);
    const ledger: Ledger = nextLedger("dr-lab", "dr", undefined, neighboursOf(plan), true);
    const state = { ...(await read(`${RS1}${STRANGE}`)), ledger };
    expect(driftOf(state, kinds).differences).toMatchObject([{ what: "gone", key: "172.16.20.30 dev eth0" }]);

    const gone = judgedPlan({ topology: "dr-lab", hosts: new Map() }, new Map([["dr", state]]), kinds, {});
    expect(neighboursOf(gone)).toMatchObject([{ action: "delete", key: "172.16.20.20 dev eth0" }]);

    const damaged = formatLedger(ledger).replace('"172.16.20.30 dev eth0"', '"172.16.20.31 dev eth0"');
    const { entries, unreadable } = readableLedger(damaged, kinds, context, ({ argv }) => isReadOnly(argv));
    expect(unreadable).toHaveLength(1);
    const wanted = desired().hosts.get("dr") ?? [];
    const { observed } = await read(`${RS1}${RS1.replace(".20.20", ".20.30")}`);
    const saved = salvage(entries, { observed, desired: wanted, others: [], kinds });
    expect(saved.entries.map(({ key }) => key)).toEqual(["172.16.20.20 dev eth0"]);
    // A setting, which may always have been so: it is not taken for ours.
    expect(saved.unclear.map(({ key }) => key)).toEqual(["172.16.20.30 dev eth0"]);
  });

  it("is listed, no matter who created it", () => {
    const outputs = new Map([["neighbour", { stdout: `${RS1}${STRANGE}`, stderr: "", status: 0 }]]);
    expect(neighbour.list?.parse(outputs, context).map(({ address }) => address)).toEqual([
      "172.16.20.20",
      "172.16.20.99",
    ]);
    expect(neighbour.list?.read(context).every(({ argv }) => isReadOnly(argv))).toBe(true);
    const without = new Map([["neighbour", { stdout: "", stderr: "", status: 127 }]]);
    expect(() => neighbour.parse(without, [], context)).toThrow(LvsctlError);
  });
});
