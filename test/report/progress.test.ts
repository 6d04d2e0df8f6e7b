/** However a run ends, a stage gets a tick only if every host of it has said that it is done. */
import { describe, expect, it } from "vitest";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import type { PlannedChange } from "../../src/plan/plan.ts";
import type { Output } from "../../src/report/output.ts";
import { watchRun } from "../../src/report/progress.ts";
import type { Phase } from "../../src/transaction/phases.ts";
import type { RunEvent } from "../../src/transaction/run.ts";
import { plainOutput } from "../helpers/plain-output.ts";

const phase = (stage: Phase["stages"][number], ...hosts: readonly string[]): Phase => ({
  stages: [stage],
  direction: "build",
  hosts: new Map(hosts.map((host) => [host, [{} as PlannedChange]])),
});
const network = phase("base-network", "rs1", "rs2");
const services = phase("virtual-service", "dr", "lb");
const publication = phase("publish", "fw");

const begins = (of: Phase, isUndo = false): RunEvent => ({ type: "phase-begins", phase: of, isUndo });
const done = (of: Phase, isUndo = false, hosts: Iterable<string> = of.hosts.keys()): readonly RunEvent[] =>
  [...hosts].map((host) => ({ type: "host-done", phase: of, host, isUndo }));
const failed = (of: Phase, host: string, isUndo = false, message = "broken"): RunEvent => {
  return { type: "host-failed", phase: of, host, isUndo, error: new LvsctlError("LVS-STEP-001", message, { host }) };
};

/** The lines that are left when the run has ended, without those that say that something begins. */
async function ended(...events: readonly RunEvent[]): Promise<readonly string[]> {
  return (await lines(...events)).filter((line) => !line.startsWith("❯"));
}

async function lines(...events: readonly RunEvent[]): Promise<readonly string[]> {
  let shown = "";
  const output: Output = {
    ...plainOutput(100),
    write: (text) => {
      shown += text;
    },
  };
  const watch = watchRun([network, services, publication], "apply", output);
  // A run makes its phases itself, so those of its events are others with the same content.
  for (const event of events) watch.onEvent({ ...event, phase: { ...event.phase } });
  await watch.end();
  return shown
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

const forth = [
  begins(network),
  ...done(network),
  begins(services),
  failed(services, "dr"),
  ...done(services, false, ["lb"]),
];
const ticked = (lines: readonly string[]) => lines.filter((line) => line.startsWith("✔"));

it("what a host waits for is told with the host's name, and nothing of it once nothing is open", async () => {
  const open = [{ host: "dr", key: "tcp 192.0.2.1:80 -> 192.0.2.2:80", active: 1, inactive: 0 }];
  const draining = (what: typeof open): RunEvent => ({
    type: "draining",
    phase: services,
    host: "dr",
    isUndo: false,
    open: what,
  });
  const shown = await lines(begins(services), draining(open), draining([]), ...done(services));
  expect(shown.filter((line) => line.startsWith("›"))).toEqual([
    "› dr: tcp 192.0.2.1:80 -> 192.0.2.2:80: 1 active, 0 inactive",
  ]);
});

describe("the stages of a run", () => {
  it("have a tick each where all is done", async () => {
    const all = [network, services, publication].flatMap((one) => [begins(one), ...done(one)]);
    const lines = await ended(...all);
    expect(lines).toEqual(ticked(lines));
    expect(lines).toHaveLength(8);
  });

  it("are counted as they begin, forth and back", async () => {
    const begun = (await lines(...forth, begins(services, true), begins(network, true))).filter((line) =>
      line.startsWith("❯"),
    );
    expect(begun).toEqual([
      "❯ applying: stage 1 of 3: hosts: base network",
      "❯ applying: stage 2 of 3: director: virtual services",
      "❯ rolling back: stage 1 of 2: director: virtual services",
      "❯ rolling back: stage 2 of 2: hosts: base network",
    ]);
  });

  it("have no tick where another run held the hosts, so that none was begun", async () => {
    expect(await ended()).toEqual([
      "↓ hosts: base network [SKIPPED: not begun]",
      "↓ director: virtual services [SKIPPED: not begun]",
      "↓ hosts: packet filters, publication [SKIPPED: not begun]",
    ]);
  });

  it("have no tick where one failed on a host, nor those after it", async () => {
    const lines = await ended(begins(network), ...done(network, false, ["rs1"]), failed(network, "rs2"));
    expect(ticked(lines)).toEqual(["✔ rs1: 1 change"]);
    expect(lines).toContain("✖ rs2: 1 change [FAILED: broken]");
  });

  it("show the first line of an error: what a command has printed follows at the end", async () => {
    const lines = await ended(begins(network), failed(network, "rs2", false, "broken\nUnit not found"));
    expect(lines).toContain("✖ rs2: 1 change [FAILED: broken]");
  });
});

describe("the stages that are rolled back", () => {
  const back = (...events: readonly RunEvent[]) => ended(...forth, ...events);

  it("have a tick each where all is rolled back", async () => {
    const lines = await back(
      ...[begins(services, true), ...done(services, true), begins(network, true), ...done(network, true)],
    );
    expect(ticked(lines)).toEqual(
      expect.arrayContaining(["✔ roll back: director: virtual services", "✔ roll back: hosts: base network"]),
    );
    expect(lines).not.toContain("✔ director: virtual services");
    expect(lines).not.toContain("✔ hosts: packet filters, publication");
  });

  it("have no tick where a host is gone, whether it failed there or was not asked any more", async () => {
    const lines = await back(
      ...[begins(services, true), failed(services, "dr", true), ...done(services, true, ["lb"])],
      ...[begins(network, true), ...done(network, true, ["rs1"])],
    );
    expect(ticked(lines).filter((line) => line.includes("roll back"))).toEqual([]);
    expect(lines).toContain("↓ rs2: 1 change [SKIPPED: not reached]");
    expect(lines).toContain("↓ roll back: hosts: base network [SKIPPED: not done on every host]");
  });

  it("have no tick where all of their hosts are left to their timers", async () => {
    const lines = await back(begins(services, true), ...done(services, true), begins(network, true));
    expect(ticked(lines).filter((line) => line.includes("roll back"))).toEqual([
      "✔ roll back: director: virtual services",
    ]);
    expect(lines).toContain("↓ roll back: hosts: base network [SKIPPED: not done on every host]");
  });

  it("have no tick where rolling back stopped before them", async () => {
    const lines = await back(begins(services, true), ...done(services, true));
    expect(lines).toContain("↓ roll back: hosts: base network [SKIPPED: not begun]");
  });
});
