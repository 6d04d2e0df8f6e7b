import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { formatLedger, type Ledger, ledgerPath } from "../../../src/ledger/ledger.ts";
import { parsePending, pendingReads, SCRIPT_FILE } from "../../../src/ledger/pending.ts";
import type { ShellCommand } from "../../../src/shell/quote.ts";
import { formatReadScript, parseReadOutput } from "../../../src/shell/read-script.ts";
import type { Arming } from "../../../src/transaction/run-host.ts";
import { formatArmScript, parseArm } from "../../../src/transaction/shell/arm-script.ts";
import { formatHostScript, GONE } from "../../../src/transaction/shell/host-script.ts";
import { formatRenewal, formatStageScript } from "../../../src/transaction/shell/stage-script.ts";
import { LiveRoot } from "../../helpers/live-root.ts";
import { inPrivateRoot } from "../../helpers/private-root.ts";
import { TIMER, timersLeft } from "../../helpers/timers-left.ts";
import type { Ended } from "../../helpers/watched-process.ts";

const ID = "00c0ffee";
const NONCE = "0123456789abcdef";
const TOPOLOGY = "demo";
const LEDGER = ledgerPath(TOPOLOGY);
/** More than a day: no test takes that long, so that no timer ends its run (vitest.config.ts). */
const LONG_SECONDS = 99_999;
const SHELLS = ["dash", "bash", "busybox sh"].filter(
  (shell) => spawnSync("sh", ["-c", `command -v ${shell.split(" ")[0]}`]).status === 0,
);

/** A thing is a file under /var/lib/things. */
const things = ["a", "b", "c"].map((name, number) => ({
  number,
  step: step(`mkdir -p /var/lib/things; touch /var/lib/things/${name}`),
  undo: [step(`rm /var/lib/things/${name}`)],
  outlivesRestart: name === "a",
}));

const after: Ledger = {
  topology: TOPOLOGY,
  host: "rs1",
  entries: [{ kind: "thing", key: "a", stage: "publish", state: { size: 1 }, original: null }],
};

function armScript(changes: Partial<Arming> & { seconds?: number } = {}): string {
  const { seconds = LONG_SECONDS, ...arming } = changes;
  const record = {
    id: ID,
    topology: TOPOLOGY,
    host: "rs1",
    runner: { user: "ann", machine: "laptop", process: 4711, command: "apply" },
    since: "2026-11-20T12:00:00.000Z",
    hosts: ["rs1"],
    confirmTimeoutSeconds: seconds,
    changes: [],
    steps: things.length,
  };
  return formatArmScript({ record, steps: things, before: undefined, others: [], after, atBoot: [], ...arming });
}

function stage(numbers: readonly number[], seconds = LONG_SECONDS): string {
  const steps = things.filter(({ number }) => numbers.includes(number));
  return formatStageScript({ id: ID, confirmTimeoutSeconds: seconds, steps }, NONCE);
}

const tell = (verb: string) => `sh ${SCRIPT_FILE} ${verb}`;
const seen = "ls -A /var/lib/things 2>/dev/null | tr '\\n' ' '";
const traces = `find /var/lib/lvsctl /run/lvsctl 2>/dev/null; ${timersLeft}`;
const look = formatReadScript(pendingReads, NONCE);

function pendingIn(result: Ended | undefined) {
  return parsePending(parseReadOutput(result?.stdout ?? "", result?.stderr ?? "", NONCE) ?? new Map());
}

const inRoot = (...scripts: string[]) => inPrivateRoot(scripts);

/** A run with one step, which has heard of lvsctl again before its first deadline, however slow this machine is. */
async function renewedInTime(): Promise<LiveRoot> {
  const renew = `read -r first </run/lvsctl/deadline\n${formatRenewal(ID, LONG_SECONDS)}
read -r up rest </proc/uptime; [ "\${up%%.*}" -lt "$first" ] && echo in time`;
  for (let seconds = 2; seconds < LONG_SECONDS; seconds *= 2) {
    const root = new LiveRoot();
    await root.run(armScript({ seconds }));
    await root.run(stage([0], seconds));
    if ((await root.run(renew)).stdout === "in time\n") return root;
    await root.close();
  }
  throw new Error("the run was not renewed before its deadline");
}

describe.each(SHELLS)("a transaction on a host, in %s", (shell) => {
  it("is armed, made and confirmed, and leaves the ledger alone", async () => {
    const confirm = `${shell} ${SCRIPT_FILE} confirm`;
    const scripts = [armScript(), look, stage([0, 1, 2]), confirm, seen];
    const [armed, pending, , confirmed, things, ledger, mode, rest] = await inPrivateRoot(
      [...scripts, `cat ${LEDGER}`, `stat -c %a ${LEDGER}; rm -r /var/lib/lvsctl`, traces],
      shell,
    );
    expect(parseArm(armed?.stdout ?? "")).toBe("armed");
    expect(pendingIn(pending)).toMatchObject({ id: ID, state: "live", record: { runner: { user: "ann" } } });
    expect(confirmed).toMatchObject({ status: 0, stderr: "" });
    expect(things?.stdout).toBe("a b c ");
    expect(ledger?.stdout).toBe(formatLedger(after));
    expect(mode?.stdout).toBe("600\n");
    expect(rest?.stdout).toBe("");
  });

  it("is rolled back, the last step first", async () => {
    const undo = `${shell} ${SCRIPT_FILE} undo`;
    const [, , undone, things, rest] = await inPrivateRoot([armScript(), stage([0, 1]), undo, seen, traces], shell);
    expect(undone).toMatchObject({ status: 0, stderr: "" });
    expect(things?.stdout).toBe("");
    expect(rest?.stdout).toBe("");
  });
});

it("names all that the script can be told, if it is told something else", async () => {
  const [, told] = await inPrivateRoot([armScript(), tell("nonsense")]);
  const [, main = ""] = formatHostScript({ id: ID, topology: TOPOLOGY, steps: [] }).split("\nmain() {");
  const known = [...main.matchAll(/^([a-z]+)\)/gm)].map(([, word]) => word);
  expect(told?.status).toBe(64);
  expect(
    told?.stderr
      .trim()
      .split(/, | or /)
      .sort(),
  ).toEqual(known.sort());
});

describe("a transaction on a host", () => {
  it("lives on when it hears of lvsctl before its deadline, and is rolled back at the next one", async () => {
    const root = await renewedInTime();
    const waiting = `sleep 9[0-9]{4}`;
    // The timer wakes up at the first deadline, and sleeps again if it notices that there is a new one.
    await root.run(`until pgrep -xf '${waiting}' >/dev/null || ! pgrep -f '${TIMER}' >/dev/null; do sleep 0.2; done`);
    expect((await root.run(seen)).stdout).toBe("a ");
    await root.run(`${formatRenewal(ID, 0)}\npkill -xf '${waiting}'\nwhile pgrep -f '${TIMER}'; do sleep 0.2; done`);
    expect((await root.run(seen)).stdout).toBe("");
    expect((await root.run(traces)).stdout).toBe("");
    await root.close();
  });

  it("is one at a time, and refuses when the ledger is another than the one that was read", async () => {
    const [, held, changed] = await inRoot(
      armScript(),
      armScript(),
      `${tell("forget")}; mkdir -p /var/lib/lvsctl/${TOPOLOGY}; cat >${LEDGER} <<'END'\n${formatLedger(after)}END\n${armScript()}`,
    );
    expect(parseArm(held?.stdout ?? "")).toBe("held");
    expect(parseArm(changed?.stdout ?? "")).toBe("changed");
  });

  it("refuses when another topology's ledger is another than the one that was read", async () => {
    const other: Ledger = {
      ...after,
      topology: "other",
      entries: after.entries.map((entry) => ({ ...entry, key: "o" })),
    };
    const put = (ledger: Ledger) =>
      `mkdir -p /var/lib/lvsctl/${ledger.topology}; cat >${ledgerPath(ledger.topology)} <<'END'\n${formatLedger(ledger)}END\n`;
    const [unknown, known, gone] = await inRoot(
      put(after) + put(other) + armScript({ before: after }),
      armScript({ before: after, others: [other] }),
      `${tell("forget")}; rm ${ledgerPath("other")}; ${armScript({ before: after, others: [other] })}`,
    );
    expect([unknown, known, gone].map((result) => parseArm(result?.stdout ?? ""))).toEqual([
      "changed",
      "armed",
      "changed",
    ]);
  });

  it("forgives what was only begun", async () => {
    const begun = "echo begun >/run/lvsctl/progress/2";
    const [, , , undone, rest] = await inRoot(armScript(), stage([0, 1]), begun, `${tell("undo")}; echo $?`, traces);
    expect(undone?.stdout).toBe("0\n");
    expect(rest?.stdout).toBe("");
  });

  it("has nothing to do for a transaction that is over", async () => {
    const copy = `cp ${SCRIPT_FILE} /var/lib/old.sh`;
    const [, , , ...late] = await inRoot(
      armScript(),
      copy,
      tell("forget"),
      ...["confirm", "undo", "forget"].map((verb) => `sh /var/lib/old.sh ${verb}`),
    );
    expect(late.map(({ status }) => status)).toEqual([GONE, GONE, GONE]);
  });

  it.each([
    ["a unit of systemd's", 'echo "$*" >/run/asked; shift 2; setsid "$@" &', "--quiet --unit=lvsctl-undo-00c0ffee"],
    ["a process of its own where systemd-run fails", "exit 1", ""],
  ])("has %s for its timer", async (_what, program, asked) => {
    const systemd = `mkdir -p /run/systemd/system; mount -t tmpfs none /usr/local/sbin
cat >/usr/local/sbin/systemd-run <<'END'\n#!/bin/sh\n${program}\nEND
chmod +x /usr/local/sbin/systemd-run; PATH=/usr/local/sbin:$PATH\n`;
    const [armed, seenByUnit, timer, forgotten, rest] = await inRoot(
      systemd + armScript(),
      "cat /run/asked",
      `pgrep -f '${SCRIPT_FILE} watc[h]'`,
      tell("forget"),
      traces,
    );
    expect(parseArm(armed?.stdout ?? "")).toBe("armed");
    expect(seenByUnit?.stdout.startsWith(asked)).toBe(true);
    expect(timer?.stdout).toMatch(/^\d+\n$/);
    expect(forgotten?.status).toBe(0);
    expect(rest?.stdout).toBe("");
  });

  it("leaves nothing where a renewal writes its deadline while the run is ended", async () => {
    const late = `mount -t tmpfs none /usr/local/sbin
cat >/usr/local/sbin/rm <<'END'\n#!/bin/sh\n/bin/rm "$@"
case $* in *watcher*deadline*) echo 9999 >/run/lvsctl/deadline ;; esac\nEND
chmod +x /usr/local/sbin/rm\n`;
    const [, undone, rest] = await inRoot(late + armScript(), tell("undo"), traces);
    expect(undone).toMatchObject({ status: 0, stderr: "" });
    expect(rest?.stdout).toBe("");
  });

  it("refuses to begin where there is no room, and leaves nothing", async () => {
    const [armed, rest] = await inRoot(
      `mount -t tmpfs -o size=4k none /var/lib; head -c 4096 /dev/zero >/var/lib/full\n${armScript()}`,
      traces,
    );
    expect(parseArm(armed?.stdout ?? "")).toBeUndefined();
    expect(armed?.status).not.toBe(0);
    expect(rest?.stdout).toBe("");
  });
});

it("is a script that every shell accepts", () => {
  const script = formatHostScript({ id: ID, topology: TOPOLOGY, steps: things });
  for (const shell of ["dash", "bash"]) execFileSync(shell, ["-n"], { input: script });
});

function step(script: string) {
  return { makes: [], script: script as ShellCommand };
}
