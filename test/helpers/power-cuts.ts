/**
 * The power of hosts is cut in the middle of runs: their processes end at once, and what they have not synced is lost. Each
 * round leaves every host in the state before or after the run, and nothing that is half written is believed.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noteFault } from "./fault-outcomes.ts";
import { InitHosts, OURS, UNTIL_ENDED } from "./init-hosts.ts";
import { LabUnderTest } from "./lab-under-test.ts";
import { randomFrom } from "./random-numbers.ts";
import type { Init } from "./reboot.ts";
import { cutPower, type Phase, type PhaseLengths, timePhases } from "./run-phases.ts";

/** Is there once a host knows that the run is confirmed, until it has completed that. */
const CONFIRMED = "/var/lib/lvsctl/.transaction/confirmed";

type Command = "apply" | "destroy";
type State = "nothing" | "applied";
const WAYS = {
  apply: { from: "nothing", to: "applied", flags: ["--yes", "--no-verify"] },
  destroy: { from: "applied", to: "nothing", flags: ["--yes", "--no-drain"] },
} as const;

/** Where a run is cut, as the page says it. */
const WHERE = {
  before: "before the host is armed",
  stages: "while stages run",
  confirmation: "while the run is confirmed",
  over: "when the run has ended there",
} as const satisfies Record<Phase, string>;

interface PowerCuts {
  readonly init: Init;
  /** The lab's name. */
  readonly name: string;
  readonly rounds: number;
  readonly seed: number;
  /** The test file that notes what happened. */
  readonly file: string;
}

/** Cuts the power of hosts with this init, in as many runs as there are rounds: applies and destroys in turn. */
export function describePowerCuts({ init, name, rounds, seed, file }: PowerCuts): void {
  let lab: LabUnderTest;
  let hosts: InitHosts;
  let state: State | "each" = "nothing";
  /** How long the phases of undisturbed runs are, by command and host. */
  const took = new Map<string, PhaseLengths>();

  beforeAll(async () => {
    lab = await LabUnderTest.up("dr.yaml", name, undefined, [], ["--init", init]);
    hosts = await InitHosts.planted(init, lab);
    await timed("apply");
    await hosts.know("applied");
    await timed("destroy");
    await hosts.expectIn("nothing");
  });

  afterAll(() => lab?.down());

  it("loses what was not synced, and nothing else", async () => {
    await lab.on("rs2", "echo kept >/var/kept; sync; echo lost >/var/lost");
    const isBack = await cutPower(init, lab, "rs2", { aim: "before", seconds: 0.2 });
    await isBack();
    expect(await lab.on("rs2", "cat /var/kept; cat /var/lost 2>/dev/null || echo gone")).toBe("kept\ngone\n");
  });

  describe("the power is cut", () => {
    const random = randomFrom(seed);
    const cuts = Array.from({ length: rounds }, (_, round) => ({
      round,
      command: round % 2 === 0 ? ("apply" as const) : ("destroy" as const),
      aim: aimOf(round),
      whom: random(),
      moment: random(),
    }));
    const hits: { readonly round: number; readonly aim: Phase; readonly phases: readonly Phase[] }[] = [];

    it.each(cuts)("round $round: $command, $aim", async ({ round, command, aim, whom, moment }) => {
      const { from, to, flags } = WAYS[command];
      await bring(from);
      const victims = whom < 0.3 ? OURS : [OURS[Math.floor(((whom - 0.3) / 0.7) * OURS.length)] ?? "dr"];
      const back = await Promise.all(
        victims.map((host) => cutPower(init, lab, host, { aim, seconds: moment * longest(command, host, aim) })),
      );
      const timeout = ["--confirm-timeout", String(lab.seconds(20))];
      state = "each";
      const { status, stdout, stderr } = await lab.do(command, ...flags, ...timeout);
      const phases = await Promise.all(back.map((isBack) => isBack()));
      hits.push({ round, aim, phases });
      for (const host of OURS) await lab.on(host, UNTIL_ENDED);

      // A destroy that was interrupted after its last steps, and before its end, has nothing on the host that completes it at boot.
      const pending = await Promise.all(OURS.map((host) => lab.on(host, `ls ${CONFIRMED} 2>/dev/null || :`)));
      if (pending.some(Boolean)) {
        const completed = await lab.do("confirm");
        expect(completed.status, completed.stdout + completed.stderr).toBe(0);
      }

      const cutIn = victims.map((host, index) => `${host} (${phases[index]})`).join(", ");
      const story = `seed ${seed}: ${command}, power cut of ${cutIn}\n${stdout}${stderr}`;
      const ended = await hosts.endedIn(from, to, story);
      const plan = await lab.do("plan");
      expect(plan.stdout + plan.stderr, story).not.toMatch(/damaged|LVS-(LEDGER|RUN)/);
      const where = WHERE[phases.includes(aim) ? aim : (phases[0] ?? aim)];
      noteFault(file, {
        fault: `the power of ${victims.length > 1 ? "all hosts" : "one host"} is cut ${where}`,
        init,
        during: command,
        ended,
        by: "the hosts at boot, lvsctl or a timer elsewhere",
        exit: String(status),
      });
      state = { before: from, after: to, each: "each" as const }[ended];
    });

    afterAll(() => {
      if (hits.length < rounds) return; // Not all of them were to run.
      const missed = cuts
        .map(({ aim }) => aim)
        .filter((aim) => !hits.some((hit) => hit.aim === aim && hit.phases.includes(aim)));
      expect(missed, `no cut was in these phases; seed ${seed}: ${JSON.stringify(hits)}`).toEqual([]);
    });
  });

  it("is whole afterwards", async () => {
    await bring("applied");
    const verified = await lab.do("verify");
    expect(verified.status, verified.stdout).toBe(0);
    await bring("nothing");
    await hosts.expectIn("nothing");
  });

  /** Cuts before the host is armed come well before that, and others at any moment of their phase. */
  function longest(command: Command, host: string, aim: Phase): number {
    const length = took.get(`${command} ${host}`)?.[aim] ?? 0;
    return aim === "before" ? length / 2 : length;
  }

  async function bring(to: State): Promise<void> {
    if (state !== to) await undisturbed(to === "applied" ? "apply" : "destroy");
  }

  async function undisturbed(command: Command): Promise<void> {
    const { status, stdout, stderr } = await lab.do(command, ...WAYS[command].flags);
    expect(status, stdout + stderr).toBe(0);
    state = WAYS[command].to;
  }

  async function timed(command: Command): Promise<void> {
    const ends = await Promise.all(OURS.map(async (host) => [host, await timePhases(lab, host)] as const));
    await undisturbed(command);
    for (const [host, end] of ends) took.set(`${command} ${host}`, await end());
  }
}

/** The first round cuts before the hosts are armed, and every third while the run is confirmed: applies and destroys in turn. */
function aimOf(round: number): Phase {
  if (round === 0) return "before";
  return round % 3 === 2 ? "confirmation" : "stages";
}
