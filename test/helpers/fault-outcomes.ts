/**
 * What the fault suite has shown: for each test file, every fault with the state in which the hosts ended. A test records
 * its fault only after checking everything, so whatever is here was really observed. docs/faults.md is generated from it.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** One injection of one fault. */
export interface FaultOutcome {
  readonly fault: string;
  /** PID 1 of the hosts, if it is not sshd alone. */
  readonly init?: "systemd" | "openrc";
  /** The command that was disturbed: `apply`, `destroy`, … */
  readonly during: string;
  /** `before` or `after`: the state in which every host ended; `each`: some hosts in one, some in the other. */
  readonly ended: "before" | "after" | "each";
  /** What brought them there. */
  readonly by: string;
  /** The exit code of the disturbed run, or the name of the signal that killed it. */
  readonly exit: string;
}

export type FaultOutcomes = Readonly<Record<string, readonly FaultOutcome[]>>;

const FILE = new URL("../fixtures/fault-outcomes.json", import.meta.url);
const PAGE = new URL("../../docs/faults.md", import.meta.url);
const notes = new URL("../../node_modules/.cache/lvsctl-faults/", import.meta.url);
const begun = new Set<string>();

/** Records an outcome for the running test file. */
export function noteFault(testFile: string, outcome: FaultOutcome): void {
  const path = notesOf(testFile);
  mkdirSync(dirname(path), { recursive: true });
  if (!begun.has(path)) rmSync(path, { force: true });
  begun.add(path);
  appendFileSync(path, `${JSON.stringify(outcome)}\n`);
}

/** Returns what a test file has recorded, and deletes it. */
export function takeFaults(testFile: string): readonly FaultOutcome[] {
  const path = notesOf(testFile);
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").trim().split("\n");
  rmSync(path);
  return lines.map((line) => JSON.parse(line) as FaultOutcome);
}

/**
 * Records what these files have shown, and rewrites the page. A complete run replaces everything; any other run adds to what
 * is known, and replaces only faults that it tried at least as often.
 */
export function recordFaults(shown: FaultOutcomes, { isComplete }: { readonly isComplete: boolean }): void {
  const known = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as FaultOutcomes) : {};
  const all = isComplete ? shown : merged(known, shown);
  const sorted = Object.fromEntries(
    Object.entries(all)
      .filter(([, outcomes]) => outcomes.length > 0)
      .map(([file, outcomes]): [string, readonly FaultOutcome[]] => [file, [...byFault(outcomes).values()].flat()])
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
  writeFileSync(FILE, `${JSON.stringify(sorted, null, 2)}\n`);
  writeFileSync(PAGE, formatFaultsPage(sorted));
}

/** For each fault in each file the known or the new outcomes, whichever are more. */
export function merged(known: FaultOutcomes, shown: FaultOutcomes): FaultOutcomes {
  const files = new Set([...Object.keys(known), ...Object.keys(shown)]);
  return Object.fromEntries(
    [...files].map((file) => {
      const [old, now] = [byFault(known[file] ?? []), byFault(shown[file] ?? [])];
      const faults = new Set([...old.keys(), ...now.keys()]);
      const kept = [...faults].flatMap((fault) => {
        const [before = [], after = []] = [old.get(fault), now.get(fault)];
        return after.length >= before.length ? after : before;
      });
      return [file, kept];
    }),
  );
}

function byFault(outcomes: readonly FaultOutcome[]): ReadonlyMap<string, readonly FaultOutcome[]> {
  const groups = new Map<string, FaultOutcome[]>();
  for (const outcome of outcomes) {
    const key = `${outcome.fault} | ${outcome.init ?? ""} | ${outcome.during}`;
    groups.set(key, [...(groups.get(key) ?? []), outcome]);
  }
  return groups;
}

/** docs/faults.md: one row per fault, init and command, with how often each end was seen. */
export function formatFaultsPage(all: FaultOutcomes): string {
  const lines = [...byFault(Object.values(all).flat())].map(([key, outcomes]) => {
    const ends = counted(outcomes.map(({ ended, by }) => `${ENDS[ended]} (${by})`));
    return `| ${key} | ${outcomes.length} | ${ends} | ${counted(outcomes.map(({ exit }) => exit))} |`;
  });
  return `# Faults, and how a run ends after them

Written by the fault suite (test/e2e: faults*, power-cuts, systemd, openrc). It injects each fault into a run of the real
lvsctl, on hosts with a real kernel, sshd, IPVS and netfilter. Afterwards it compares everything on every host (addresses,
routes, rules, IPVS, parameters, modules, files, processes) with the state before the run, and with the state after a run
without a fault. No timer, lock, process or file was left over, except for one folder: a host whose power is cut before its run
begins may keep /var/lib/lvsctl/.transaction.new, which nobody reads, and which the next run removes. A long run of all tests
rewrites this page; any other run only adds to it.

Where no init is named, sshd is all that runs on a host. Where one is named, it is PID 1, the host's disk is an ext4 file system,
and a restart takes everything that lives in the kernel. When the power is cut, nothing that is not yet on the disk gets there.

Hosts also have an IPVS service, rules and addresses that lvsctl did not create, and clients use that service during every run: none
of their requests was lost. There are none of these where hosts restart, lose their power, or have a systemd that is executed
again. There, these are compared on every host: what lvsctl keeps on the disk and in /run, its processes and its units; all
addresses, all rules of iptables, all IPVS entries, and the parameters that it sets. Hosts with an init always have files, a
parameter, and a unit that lvsctl did not create; that unit adds an address and a rule at boot. All of these are compared, too.

*before*: all hosts are as they were before the run. *after*: all hosts are as after a run without a fault. *each*: every
host is in one of these two states, but not all in the same one. Only a crash during the confirmation can cause that, and the
next run repairs it.

| fault | init | during | times | ended | exit |
|---|---|---|---|---|---|
${lines.sort().join("\n")}
`;
}

const ENDS = { before: "before", after: "after", each: "each in one of both" } as const;

function counted(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  if (counts.size === 1) return [...counts.keys()][0] ?? "";
  return [...counts]
    .sort()
    .map(([value, count]) => `${count} × ${value}`)
    .join(", ");
}

function notesOf(testFile: string): string {
  return fileURLToPath(new URL(`${basename(testFile)}.jsonl`, notes));
}
