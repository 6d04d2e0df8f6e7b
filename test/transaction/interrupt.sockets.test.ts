/** A real process of a run, real signals, and hosts with real timers: what SIGTERM leaves behind, and what SIGKILL after it. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { everyNth, isLongRun } from "../helpers/long-run.ts";
import { hasPty, onTerminal } from "../helpers/pty.ts";
import { TIMER } from "../helpers/timers-left.ts";
import { watched } from "../helpers/watched-process.ts";
import { type ThrowAwayHost, throwAwayHost } from "../resources/throw-away-host.ts";

const PROGRAM = fileURLToPath(new URL("../fixtures/run-process/apply.mjs", import.meta.url));
const TRANSACTION = "/var/lib/lvsctl/.transaction";
/** Prints what is on the host once its run has ended: the page, or nothing. Fails if nobody will end it. */
const STATE = `while [ -e ${TRANSACTION} ]; do
pgrep -f '${TIMER}' >/dev/null || [ ! -e ${TRANSACTION} ] || exit 1
sleep 0.2
done
cat /var/lib/lvsctl/demo/page 2>/dev/null
[ ! -e /var/lib/lvsctl/demo/ledger.json ] || echo ' with a ledger'`;
const NAMES = ["dr", "rs1", "rs2"];
const MADE = "new with a ledger\n";

let hosts: readonly ThrowAwayHost[];

beforeEach(async () => {
  hosts = await Promise.all(NAMES.map(() => throwAwayHost()));
});
afterEach(() => Promise.all(hosts.map((host) => host.end())));

interface Signals {
  /** The call that never ends. */
  readonly held: string;
  /** SIGTERM is sent when all of this has been printed. */
  readonly once: readonly string[];
  /** Kills it as soon as it has said what it does about SIGTERM. */
  readonly kills?: boolean;
}

/** Applies a file to the three hosts, with signals, and waits until nothing is pending on them. */
async function applied({ held, once, kills }: Signals) {
  let hasSent = false;
  let isKilled = false;
  const places = hosts.map(({ pid }, index) => `${NAMES[index]}=${pid}`);
  const { child, ended } = watched([process.execPath, PROGRAM, held, ...places], {
    onOutput: (printed) => {
      if (!hasSent && once.length > 0 && once.every((text) => printed.includes(text))) {
        hasSent = true;
        child.kill("SIGTERM");
      }
      if (kills && !isKilled && /^Interrupted: .*\n/m.test(printed)) {
        isKilled = true;
        child.kill("SIGKILL");
      }
    },
  });
  const { status, signal, stderr } = await ended;
  const states = await Promise.all(
    hosts.map(async (host) => {
      const found = await host.run(STATE);
      if (found.status === 1) throw new Error("the run is pending, and its timer has ended");
      return found.stdout;
    }),
  );
  return { status, signal, stderr, states };
}

describe("a run", () => {
  it("that nobody interrupts is made, and confirmed on every host", async () => {
    const { status, states, stderr } = await applied({ held: "none", once: [] });
    expect({ status, states }, stderr).toEqual({ status: 0, states: [MADE, MADE, MADE] });
  });

  it.each([
    ["a stage", "run rs2", "finishing the stage, then rolling back what was done"],
    ...(isLongRun
      ? [["the new logins", "reconnect rs2", "nothing is confirmed yet, so what was done is rolled back"] as const]
      : []),
  ] as const)("in %s: SIGTERM and then SIGKILL leave every host as it was", async (_moment, held, text) => {
    const { signal, states, stderr } = await applied({ held, once: [`begins: ${held}`, "ends: run rs1"], kills: true });
    expect({ signal, states }, stderr).toEqual({ signal: "SIGKILL", states: ["", "", ""] });
    expect(stderr).toContain(`Interrupted: ${text}`);
  });

  it("between the first confirmation and the last, SIGKILL leaves the last host as it was, and SIGTERM has said so", async () => {
    const once = ["begins: end rs2", "ends: end dr", "ends: end rs1"];
    const { signal, states, stderr } = await applied({ held: "end rs2", once, kills: true });
    expect({ signal, states }, stderr).toEqual({ signal: "SIGKILL", states: [MADE, MADE, ""] });
    expect(stderr).toContain("Interrupted: too late to roll back, the run is being confirmed; the changes stay.");
  });

  describe.skipIf(!hasPty)("on a terminal that is closed", () => {
    /** A terminal ends with SIGHUP, which the shell sends once more; whatever is written to it fails. */
    async function onClosed(held: string, text: string, columns: number) {
      const calls = join(mkdtempSync(join(tmpdir(), "lvsctl-terminal-")), "calls");
      try {
        const places = hosts.map(({ pid }, index) => `${NAMES[index]}=${pid}`);
        const env = { CALLS: calls };
        const argv = [process.execPath, PROGRAM, held, ...places];
        const { status, acted } = await onTerminal({ argv, columns, file: calls, text, env });
        const states = await Promise.all(hosts.map(async (host) => (await host.run(STATE)).stdout));
        return { status, acted, states, calls: readFileSync(calls, "utf8") };
      } finally {
        rmSync(dirname(calls), { recursive: true });
      }
    }

    const views = [
      ["drawn in place", 100],
      ["shown line by line", 0],
    ] as const;
    it.each(everyNth(views, 2))(
      "and was %s ends as at any interrupt: it rolls everything back",
      async (_how, columns) => {
        const { calls, ...ended } = await onClosed("run rs2 until interrupted", "begins: run rs2", columns);
        expect(ended, calls).toEqual({ status: 130, acted: true, states: ["", "", ""] });
        expect(calls).toContain("ends: end rs2"); // lvsctl has done it, not the host's timer.
      },
    );

    it("while it confirms keeps what it has made", async () => {
      const { calls, ...ended } = await onClosed("end rs2 until interrupted", "begins: end rs2", 100);
      expect(ended, calls).toEqual({ status: 130, acted: true, states: [MADE, MADE, MADE] });
    });

    it("once it is over changes nothing", async () => {
      const { calls, ...ended } = await onClosed("none", "begins: never", 100);
      expect(ended, calls).toEqual({ status: 0, acted: false, states: [MADE, MADE, MADE] });
    });
  });

  it("that is confirmed and being verified ends at once at SIGTERM, and stays", async () => {
    const { status, states, stderr } = await applied({ held: "verify", once: ["begins: verify"] });
    expect({ status, states }, stderr).toEqual({ status: 130, states: [MADE, MADE, MADE] });
    expect(stderr).toContain("Interrupted: verification stops; the run is confirmed, and the changes stay.");
    expect(stderr).toContain("The changes are not verified, because of the interrupt");
  });

  it("that is confirmed and being verified stays at SIGTERM and SIGKILL", async () => {
    const { states } = await applied({ held: "verify", once: ["begins: verify"], kills: true });
    expect(states).toEqual([MADE, MADE, MADE]);
  });
});
