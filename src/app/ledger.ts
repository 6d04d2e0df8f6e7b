/** `lvsctl ledger show` and `lvsctl ledger repair`: what lvsctl owns on each host. */

import type { DesiredResource, DesiredState } from "../compile/desired-state.ts";
import type { FollowUp } from "../errors/follow-up.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { DescribedEntry, Ledgers, RepairProposal } from "../ledger/described-ledger.ts";
import { type Ledger, type LedgerEntry, ledgerPath } from "../ledger/ledger.ts";
import { type LedgerFile, parseLedgerFiles, readLedgers, trustedLedger } from "../ledger/ledger-files.ts";
import { formatRepairScript, keptPath, parseRepair } from "../ledger/repair-script.ts";
import { readableLedger, repairedLedger, salvage } from "../ledger/salvage.ts";
import { nextOf } from "../report/next-command.ts";
import { kinds } from "../resources/kinds.ts";
import { identity, type State } from "../resources/resource.ts";
import { LOCK_FILE } from "../shell/host-script-parts.ts";
import { observe } from "../transaction/shell/observe.ts";
import { isReadOnly } from "../transport/guard.ts";
import type { Transport } from "../transport/transport.ts";
import { onEachConnection } from "./each-host.ts";
import type { HostOptions } from "./host-options.ts";
import { findHosts, findHostsAndDesired, type Subject } from "./scope.ts";

/** How a repair is shown and confirmed. */
export interface RepairView {
  /** Shows what each damaged ledger would be replaced with, before anything is asked. */
  show(proposals: readonly RepairProposal[]): void;
  /** Throws LVS-USAGE-002 if there is nobody to ask. */
  confirm(question: string): Promise<boolean>;
}

/** `whole`: nothing needed repair. */
export type RepairResult = "whole" | "declined" | "repaired";

/** Reads the ledgers of a topology's hosts; changes nothing. */
export async function showLedgers(subject: Subject, options: HostOptions): Promise<Ledgers> {
  const { topology, targets } = await findHosts(subject, options);
  const reading = { isReadOnly: true, doing: "reading" };
  const found = await onEachConnection(targets, options, reading, async (transport) => {
    const { host } = transport;
    const files = await readFiles(transport);
    const file = files.get(topology);
    const others = [...files.keys()].filter((name) => name !== topology).sort();
    const found = file && judge(file, host, nextOf(options));
    const isWhole = found !== undefined && !(found instanceof LvsctlError);
    const entries = isWhole ? found.entries.map(described) : undefined;
    return { host, path: ledgerPath(topology), entries, problem: isWhole ? undefined : found, others };
  });
  return { topology, hosts: [...found.values()] };
}

/**
 * Writes new ledgers from what can be salvaged of damaged ones. Throws LVS-LEDGER-002 for a newer version, LVS-LEDGER-004 if
 * a run is under way, and LVS-USAGE-002 if there is nobody to ask.
 */
export async function repairLedgers(
  subject: Subject,
  options: HostOptions,
  now: Date,
  view: RepairView,
): Promise<RepairResult> {
  const { targets, desired } = await findHostsAndDesired(subject, options);
  const reading = { isReadOnly: true, doing: "reading" };
  const hasDesired = "file" in subject;
  const found = await onEachConnection(targets, options, reading, async (transport) => {
    const file = await readFiles(transport);
    return propose(transport, file, desired, now, nextOf(options));
  });
  const drafts = new Map([...found].flatMap(([host, draft]) => (draft ? [[host, draft] as const] : [])));
  if (drafts.size === 0) return "whole";
  view.show([...drafts.values()].map(({ proposal }) => ({ ...proposal, hasDesired })));
  if (!(await view.confirm(`Replace ${drafts.size === 1 ? "this ledger" : `these ${drafts.size} ledgers`}?`)))
    return "declined";
  const damaged = targets.filter(({ name }) => drafts.has(name));
  const writing = { isReadOnly: false, doing: "repairing the ledgers of" };
  await onEachConnection(damaged, options, writing, async (transport) => {
    const draft = drafts.get(transport.host);
    if (draft) await replace(transport, draft, nextOf(options));
  });
  return "repaired";
}

interface Draft {
  readonly file: LedgerFile;
  readonly ledger: Ledger;
  readonly proposal: Omit<RepairProposal, "hasDesired">;
}

async function readFiles(transport: Transport): Promise<ReadonlyMap<string, LedgerFile>> {
  return parseLedgerFiles(await transport.read([readLedgers]), transport.host);
}

function judge(file: LedgerFile, host: string, next: FollowUp): Ledger | LvsctlError {
  try {
    return trustedLedger(file, host, kinds, next);
  } catch (error) {
    if (error instanceof LvsctlError) return error;
    throw error;
  }
}

async function propose(
  transport: Transport,
  files: ReadonlyMap<string, LedgerFile>,
  desired: DesiredState,
  now: Date,
  next: FollowUp,
): Promise<Draft | undefined> {
  const { host } = transport;
  const { topology } = desired;
  const file = files.get(topology);
  const problem = file && judge(file, host, next);
  if (!file || !(problem instanceof LvsctlError)) return undefined;
  if (problem.code === "LVS-LEDGER-002") throw problem;
  const context = { topology, host };
  const readable = readableLedger(file.text, kinds, context, ({ argv }) => isReadOnly(argv));
  const wanted = desired.hosts.get(host) ?? [];
  const states = new Map([...readable.entries, ...wanted].map((each) => [identity(each), each]));
  const observed = await observe(transport, [...states.values()], topology, kinds);
  const whole = [...files.values()].map((each) => judge(each, host, next));
  const others = whole.flatMap((each) => (each instanceof LvsctlError ? [] : [each]));
  const { entries, found, untrue, unclear } = salvage(readable.entries, { observed, desired: wanted, others, kinds });
  const keptAs = keptPath(topology, now.toISOString());
  const names = new Map(entries.map((entry) => [entry, described(entry)]));
  const proposal = {
    ...{ host, path: ledgerPath(topology), problem, keptAs },
    ...{ hosts: readable.hosts ?? [], unreadable: readable.unreadable },
    entries: [...names.values()],
    found: found.flatMap((entry) => names.get(entry) ?? []),
    untrue: untrue.map(described),
    unclear: unclear.map(describe),
  };
  return { file, ledger: repairedLedger(topology, host, readable, entries), proposal };
}

async function replace(transport: Transport, { file, ledger, proposal }: Draft, next: FollowUp): Promise<void> {
  const { host, keptAs } = proposal;
  const { stdout, stderr } = await transport.run(formatRepairScript({ damaged: file, ledger, keptAs, kinds }));
  const answer = parseRepair(stdout);
  if (answer === "done") return;
  const reasons = {
    held: "a run of lvsctl is under way or was interrupted there",
    busy: `something has held the lock of lvsctl there for ten seconds (fuser -v ${LOCK_FILE} shows what)`,
    changed: "it has changed since it was read",
    "no-lock": "the host has no flock, so a run could change it meanwhile",
    failed: `the host answered: ${stderr.trim().slice(-500) || "(it printed nothing)"}`,
  };
  throw new LvsctlError(
    "LVS-LEDGER-004",
    `The ledger ${proposal.path} was not replaced: ${reasons[answer ?? "failed"]}.`,
    {
      host,
      hint: `The damaged ledger is still there, in its place or as ${keptAs}. ${answer === "held" ? `${next("plan")} says whose run that is.` : "Run the same command again."}`,
    },
  );
}

function described(entry: LedgerEntry): DescribedEntry {
  const { original } = entry;
  const before = original ? { originalDescription: describe({ kind: entry.kind, state: original }) } : {};
  return { ...entry, description: describe(entry), ...before };
}

function describe({ kind, state }: Pick<DesiredResource, "kind"> & { readonly state: State }): string {
  return kinds.get(kind)?.describe(state) ?? kind;
}
