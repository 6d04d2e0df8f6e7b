/**
 * The power of hosts is cut in the middle of a run: their processes end at once, and what they have not synced is lost. Each
 * round leaves every host in the state before or after the run, and nothing that is half written is believed.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noteFault } from "./fault-outcomes.ts";
import { LabUnderTest } from "./lab-under-test.ts";
import { randomFrom } from "./random-numbers.ts";
import { bootId, cutPower, type Init, isStarted } from "./reboot.ts";

const OURS = ["fw", "dr", "rs1", "rs2"] as const;

/** The state of our start-up, by the name of the topology, and which files it has. */
const START_UP: Readonly<Record<Init, (name: string) => string>> = {
  systemd: (name) => `while systemctl list-jobs | grep -q "lvsctl-"; do sleep 0.5; done
systemctl is-active lvsctl-${name}.service || :
ls /etc/systemd/system | sed -n /lvsctl/p`,
  openrc: (name) => `rc-service lvsctl-${name} status 2>&1 || :
ls /etc/init.d /etc/runlevels/default | sed -n /lvsctl/p`,
};

/** What of ours is on a host, on its disk and in its kernel. Interfaces get new numbers. */
const LOOK = `ipvsadm -S -n
ip -o -4 address show | awk '{ print $2, $4 }' | sort
iptables-save | grep LVSCTL | sort -s -k 2,2
sysctl -n net.ipv4.ip_forward net.ipv4.conf.all.arp_ignore net.ipv4.conf.all.arp_announce
find /var/lib/lvsctl -type f 2>/dev/null | grep -v "/web-80/" | sort
ss -Hltn sport = :80 | wc -l`;

/** Is there once a host knows that the run is confirmed, until it has completed that. */
const CONFIRMED = "/var/lib/lvsctl/.transaction/confirmed";

/** By then, what the end of a run has asked of systemd is among its jobs. */
const UNTIL_ENDED =
  "while [ -e /var/lib/lvsctl/.transaction/id ] || pgrep -f '[.]transaction/transaction.sh' >/dev/null; do sleep 0.5; done";

type State = "nothing" | "applied";
const WAYS = { nothing: { command: "apply", to: "applied" }, applied: { command: "destroy", to: "nothing" } } as const;

interface PowerCuts {
  readonly init: Init;
  /** The lab's name. */
  readonly name: string;
  readonly rounds: number;
  readonly seed: number;
  /** The test file that notes what happened. */
  readonly file: string;
}

/** Cuts the power of hosts with this init, in as many runs as there are rounds. */
export function describePowerCuts({ init, name, rounds, seed, file }: PowerCuts): void {
  let lab: LabUnderTest;
  let state: State = "nothing";
  const known = { nothing: new Map<string, string>(), applied: new Map<string, string>() };
  const took = { apply: 0, destroy: 0 };

  beforeAll(async () => {
    lab = await LabUnderTest.up("dr.yaml", name, undefined, [], ["--init", init]);
    for (const host of OURS) {
      await isStarted(init, lab, host);
      known.nothing.set(host, await look(host));
    }
    await undisturbed();
    for (const host of OURS) known.applied.set(host, await look(host));
    await undisturbed();
    for (const host of OURS) expect(await look(host)).toBe(known.nothing.get(host));
  });

  afterAll(() => lab?.down());

  it("loses what was not synced, and nothing else", async () => {
    await lab.on("rs2", "echo kept >/var/kept; sync; echo lost >/var/lost");
    const isBack = await cutPower(init, lab, "rs2", 0.2);
    await isBack();
    expect(await lab.on("rs2", "cat /var/kept; cat /var/lost 2>/dev/null || echo gone")).toBe("kept\ngone\n");
  });

  describe("the power is cut", () => {
    const random = randomFrom(seed);
    const cuts = Array.from({ length: rounds }, (_, round) => ({ round, whom: random(), moment: random() }));

    it.each(cuts)("round $round", async ({ whom, moment }) => {
      const { command, to } = WAYS[state];
      const victims = whom < 0.3 ? OURS : [OURS[Math.floor(((whom - 0.3) / 0.7) * OURS.length)] ?? "dr"];
      const seconds = (moment * (took[command] + 1)).toFixed(2);
      const boots = await Promise.all(victims.map((host) => bootId(lab, host)));
      const back = await Promise.all(victims.map((host) => cutPower(init, lab, host, Number(seconds))));
      const timeout = ["--confirm-timeout", String(lab.seconds(20))];
      const { status, stdout, stderr } = await lab.do(command, "--yes", ...flagsFor(command), ...timeout);
      for (const isBack of back) await isBack();
      expect(await Promise.all(victims.map((host) => bootId(lab, host)))).not.toEqual(boots);
      for (const host of OURS) await lab.on(host, UNTIL_ENDED);

      // A destroy that was interrupted after its last steps, and before its end, has nothing on the host that completes it at boot.
      const pending = await Promise.all(OURS.map((host) => lab.on(host, `ls ${CONFIRMED} 2>/dev/null || :`)));
      if (pending.some(Boolean)) {
        const completed = await lab.do("confirm");
        expect(completed.status, completed.stdout + completed.stderr).toBe(0);
      }

      const found = await Promise.all(OURS.map(async (host) => stateOf(host, await look(host))));
      const story = `${command}, power of ${victims.join(", ")} cut after ${seconds} s: ${found.join(", ")}\n${stdout}${stderr}`;
      expect(found, story).toEqual(found.map(() => expect.stringMatching(/^(nothing|applied)$/)));
      const plan = await lab.do("plan");
      expect(plan.stdout + plan.stderr, story).not.toMatch(/damaged|LVS-(LEDGER|RUN)/);
      noteFault(file, {
        fault: victims.length > 1 ? "the power of all hosts is cut" : "the power of one host is cut",
        init,
        during: command,
        ended: found.every((one) => one === to) ? "after" : found.every((one) => one === state) ? "before" : "each",
        by: "the hosts at boot, lvsctl or a timer elsewhere",
        exit: String(status),
      });
      state = found.every((one) => one === to) ? to : state;
      if (!found.every((one) => one === state)) await undisturbed();
    });
  });

  it("is whole afterwards", async () => {
    if (state === "nothing") await undisturbed();
    const verified = await lab.do("verify");
    expect(verified.status, verified.stdout).toBe(0);
    await undisturbed();
    for (const host of OURS) expect(await look(host)).toBe(known.nothing.get(host));
  });

  /**
   * The state that this is, or how it differs from both. What a host has written of a run that did not begin is read by nobody,
   * and removed by the next run.
   */
  function stateOf(host: string, look: string): string {
    const names = ["nothing", "applied"] as const;
    const read = look.replace(/^\/var\/lib\/lvsctl\/\.transaction\.new\/.*\n/gm, "");
    const is = names.find((name) => known[name].get(host) === read);
    return is ?? `${host} is in neither state:\n${look}`;
  }

  function look(host: string): Promise<string> {
    return lab.on(host, `${START_UP[init](name)}\n${LOOK}`);
  }

  async function undisturbed(): Promise<void> {
    const { command, to } = WAYS[state];
    const started = performance.now();
    const { status, stdout, stderr } = await lab.do(command, "--yes", ...flagsFor(command));
    expect(status, stdout + stderr).toBe(0);
    took[command] = (performance.now() - started) / 1_000;
    state = to;
  }
}

function flagsFor(command: "apply" | "destroy"): readonly string[] {
  return command === "apply" ? ["--no-verify"] : ["--no-drain"];
}
