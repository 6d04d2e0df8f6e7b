import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { formatLedger, type Ledger, ledgerPath } from "../../../src/ledger/ledger.ts";
import { parsePending, readPending } from "../../../src/ledger/pending.ts";
import type { ShellCommand } from "../../../src/shell/quote.ts";
import type { Arming } from "../../../src/transaction/run-host.ts";
import { formatArmScript, parseArm } from "../../../src/transaction/shell/arm-script.ts";
import { formatHostScript, GONE, SCRIPT_FILE } from "../../../src/transaction/shell/host-script.ts";
import { formatRenewal, formatStageScript } from "../../../src/transaction/shell/stage-script.ts";
import { inPrivateRoot, type ShellResult } from "../../helpers/private-root.ts";

const ID = "00c0ffee";
const NONCE = "0123456789abcdef";
const TOPOLOGY = "demo";
const LEDGER = ledgerPath(TOPOLOGY);
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
  const { seconds = 60, ...arming } = changes;
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

function stage(numbers: readonly number[], seconds = 60): string {
  const steps = things.filter(({ number }) => numbers.includes(number));
  return formatStageScript({ id: ID, confirmTimeoutSeconds: seconds, steps }, NONCE);
}

const tell = (verb: string) => `sh ${SCRIPT_FILE} ${verb}`;
const seen = "ls -A /var/lib/things 2>/dev/null | tr '\\n' ' '";
/** A process that has been told to end may take a moment. */
const traces = `find /var/lib/lvsctl /run/lvsctl 2>/dev/null
n=0; while pgrep -f '${SCRIPT_FILE} watc[h]' >/dev/null && [ $n -lt 100 ]; do n=$((n + 1)); sleep 0.1; done
pgrep -f '${SCRIPT_FILE} watc[h]'`;
/** Waits until the run is over. */
const over = "while [ -e /var/lib/lvsctl/.transaction ]; do sleep 0.2; done";
const look = [readPending.argv[0], ...readPending.argv.slice(1).map((word) => `'${word}'`)].join(" ");

function pendingIn({ stdout }: ShellResult | undefined = { stdout: "", stderr: "", status: 0 }) {
  return parsePending(new Map([[readPending.name, { stdout, stderr: "", status: 0 }]]));
}

const inRoot = (...scripts: string[]) => inPrivateRoot(scripts);

describe.each(SHELLS)("a transaction on a host, in %s", (shell) => {
  it("is armed, made and confirmed, and leaves the ledger alone", () => {
    const confirm = `${shell} ${SCRIPT_FILE} confirm`;
    const scripts = [armScript(), look, stage([0, 1, 2]), confirm, seen];
    const [armed, pending, , confirmed, things, ledger, mode, rest] = inPrivateRoot(
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

  it("is taken back, the last step first", () => {
    const undo = `${shell} ${SCRIPT_FILE} undo`;
    const [, , undone, things, rest] = inPrivateRoot([armScript(), stage([0, 1]), undo, seen, traces], shell);
    expect(undone).toMatchObject({ status: 0, stderr: "" });
    expect(things?.stdout).toBe("");
    expect(rest?.stdout).toBe("");
  });
});

describe("a transaction on a host", () => {
  it("lives on as long as it hears of lvsctl", () => {
    const renew = formatRenewal(ID, 6);
    const [, , , renewed, , things, , rest] = inRoot(
      armScript({ seconds: 6 }),
      stage([0], 6),
      "sleep 3.5",
      renew,
      "sleep 3.5",
      seen,
      over,
      traces,
    );
    expect(renewed?.status).toBe(0);
    expect(things?.stdout).toBe("a ");
    expect(rest?.stdout).toBe("");
  });

  it("is one at a time, and refuses when the ledger is another than the one that was read", () => {
    const [, held, changed] = inRoot(
      armScript(),
      armScript(),
      `${tell("forget")}; mkdir -p /var/lib/lvsctl/${TOPOLOGY}; cat >${LEDGER} <<'END'\n${formatLedger(after)}END\n${armScript()}`,
    );
    expect(parseArm(held?.stdout ?? "")).toBe("held");
    expect(parseArm(changed?.stdout ?? "")).toBe("changed");
  });

  it("refuses when another topology's ledger is another than the one that was read", () => {
    const other: Ledger = {
      ...after,
      topology: "other",
      entries: after.entries.map((entry) => ({ ...entry, key: "o" })),
    };
    const put = (ledger: Ledger) =>
      `mkdir -p /var/lib/lvsctl/${ledger.topology}; cat >${ledgerPath(ledger.topology)} <<'END'\n${formatLedger(ledger)}END\n`;
    const [unknown, known, gone] = inRoot(
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

  it("forgives what was only begun", () => {
    const begun = "echo '2 begun' >>/run/lvsctl/progress";
    const [, , , undone, rest] = inRoot(armScript(), stage([0, 1]), begun, `${tell("undo")}; echo $?`, traces);
    expect(undone?.stdout).toBe("0\n");
    expect(rest?.stdout).toBe("");
  });

  it("has nothing to do for a transaction that is over", () => {
    const copy = `cp ${SCRIPT_FILE} /var/lib/old.sh`;
    const [, , , ...late] = inRoot(
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
  ])("has %s for its timer", (_what, program, asked) => {
    const systemd = `mkdir -p /run/systemd/system; mount -t tmpfs none /usr/local/sbin
cat >/usr/local/sbin/systemd-run <<'END'\n#!/bin/sh\n${program}\nEND
chmod +x /usr/local/sbin/systemd-run; PATH=/usr/local/sbin:$PATH\n`;
    const [armed, seenByUnit, timer, forgotten, rest] = inRoot(
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

  it("leaves nothing where a renewal writes its deadline while the run is ended", () => {
    const late = `mount -t tmpfs none /usr/local/sbin
cat >/usr/local/sbin/rm <<'END'\n#!/bin/sh\n/bin/rm "$@"
case $* in *watcher*deadline*) echo 9999 >/run/lvsctl/deadline ;; esac\nEND
chmod +x /usr/local/sbin/rm\n`;
    const [, undone, rest] = inRoot(late + armScript(), tell("undo"), traces);
    expect(undone).toMatchObject({ status: 0, stderr: "" });
    expect(rest?.stdout).toBe("");
  });

  it("refuses to begin where there is no room, and leaves nothing", () => {
    const [armed, rest] = inRoot(
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
