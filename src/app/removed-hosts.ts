/** Logs in to hosts that have left the topology's file, so that a run cleans them up together with the others. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { KnownHost } from "../ledger/known-host.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Pending } from "../ledger/pending.ts";
import type { HostState } from "../plan/host-state.ts";
import type { RemovedHost } from "../plan/plan.ts";
import { findRemoved, isSamePlace } from "../plan/removed-hosts.ts";
import type { Topology } from "../topology/topology.ts";
import type { SshDestination } from "../transport/ssh-config.ts";
import type { HostOptions, Target } from "./host-options.ts";
import { reached } from "./scope.ts";
import type { OpenOptions, Session, Sessions } from "./sessions.ts";
import { tryToOpen } from "./sessions.ts";

/** The options that say which removed hosts are still looked for. */
export interface RemovalOptions extends HostOptions {
  /** Removed hosts that are gone for good: nobody looks for them, and the ledgers forget them. */
  readonly forget?: readonly string[];
}

/**
 * The hosts that the ledgers know and the file no longer names. Those that can be reached and have something of the topology
 * join the sessions, and the plan removes it. Nothing is connected to with `--limit`.
 */
export async function joinRemoved(
  sessions: Sessions,
  { name: topology, hosts }: Topology,
  options: RemovalOptions,
  purpose: "read" | "change",
  logIn: typeof tryToOpen = tryToOpen,
): Promise<readonly RemovedHost[]> {
  const found = findRemoved(hosts, sessions.states);
  const isRemembered = ({ name }: KnownHost) => !options.forget?.includes(name);
  const told = found.told.filter((host) => host.state !== "unmanaged" || isRemembered(host));
  const wanted = found.missing.filter(isRemembered);
  if (wanted.length === 0) return told;
  if (options.limit !== undefined) return [...told, ...wanted.map((host) => ({ ...host, state: "left-out" as const }))];
  const targets = await reached(
    topology,
    wanted.map((host) => targetOf(host, hosts)),
    options,
  );
  // A ledger that somebody has tampered with must not bring our passwords to another machine.
  const { askSecret: _, ...careful } = options;
  const opening: OpenOptions = {
    readOnly: purpose === "read",
    topology,
    desired: { topology, hosts: new Map() },
  };
  const { opened, failures } = await logIn(targets, careful, opening);
  const looked = await Promise.all(
    wanted.map(async (host): Promise<readonly RemovedHost[]> => {
      const session = opened.get(host.name);
      if (session === undefined) return [unreached(host, failures.get(host.name)?.message ?? "")];
      const found = judge(host, topology, hosts, session.state, sessions.states);
      if (found === "ours") {
        sessions.add(session);
        return [{ ...host, state: "cleaned" }];
      }
      await close(session);
      return found === "nothing" ? [] : [unreached(host, found.doubt)];
    }),
  );
  return [...told, ...looked.flat()];
}

const STRANGER =
  "its ledger lists none of this file's hosts: it may belong to another topology with the same name, which a destroy would remove";
const STRANGE_RUN =
  "the run that is pending there involves none of this file's hosts: it may belong to another topology with the same name, and a destroy would roll it back";

/**
 * Whether a machine has something of this host of the topology: its ledger, or a run that is pending before there is one. A host
 * that has been broken into must not lead us to another installation whose topology has the same name, so what is there has to
 * show by itself whose it is. What the file's hosts say of it is no proof: after the next run all their ledgers say the same.
 */
function judge(
  { name }: KnownHost,
  topology: string,
  hosts: Topology["hosts"],
  { ledger, pending }: HostState,
  states: ReadonlyMap<string, HostState>,
): "ours" | "nothing" | { readonly doubt: string } {
  if (ledger !== undefined) {
    const isOfFile = hosts.some((host) => host.name === ledger.host);
    if (ledger.host !== name && !isOfFile) return { doubt: `the machine there is ${ledger.host} now` };
    if (!knowsAny(ledger, hosts)) return { doubt: STRANGER };
    return ledger.host === name ? "ours" : "nothing";
  }
  const record = pending?.record;
  const isOther = record !== undefined && (record.topology !== topology || record.host !== name);
  if (pending === undefined || isOther) return "nothing";
  return isRunOf(pending, hosts, states) ? "ours" : { doubt: STRANGE_RUN };
}

/** Whether a ledger knows a host of the file. One that knows no hosts at all, as those of older versions, knows none. */
function knowsAny({ hosts: known = [] }: Ledger, hosts: Topology["hosts"]): boolean {
  return known.some(({ ssh }) => hosts.some((host) => isSamePlace(host.ssh, ssh)));
}

/** Whether a host of the file has confirmed this run, or has it pending. */
function isRunOf({ id, record }: Pending, hosts: Topology["hosts"], states: ReadonlyMap<string, HostState>): boolean {
  const isNamed = record === undefined || hosts.some(({ name }) => record.hosts.includes(name));
  const runs = [...states.values()].flatMap(({ ledger, pending }) => [ledger?.run?.id, pending?.id]);
  return id !== "" && isNamed && runs.includes(id);
}

/**
 * Lets the ledgers forget the removed hosts that are clean now. In a run of its own: while the cleaning was not confirmed, the
 * other hosts had to remember them. If it fails, the next apply does it. `settle`: writes the ledgers, in which the removed
 * hosts that are still to be known stay.
 */
export async function forgetClean(
  sessions: Sessions,
  removed: readonly RemovedHost[],
  settle: (stillKnown: readonly RemovedHost[]) => Promise<unknown>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const cleaned = removed.filter(({ state }) => state === "cleaned").map(({ name }) => name);
  if (cleaned.length === 0 || signal?.aborted) return;
  await sessions.refresh();
  const clean = new Set(cleaned.filter((name) => sessions.states.get(name)?.ledger === undefined));
  await sessions.leave(clean);
  await settle(removed.filter(({ name }) => !clean.has(name)));
}

function unreached(host: KnownHost, reason: string): RemovedHost {
  return { ...host, state: "unreached", reason };
}

/** Ledgers hold no keys: the file's hosts may agree on one. */
function targetOf({ name, ssh }: KnownHost, hosts: Topology["hosts"]): Target {
  const keys = new Set(hosts.map((host) => host.ssh.identityFile));
  const [identityFile] = keys;
  const full: SshDestination = keys.size === 1 && identityFile !== undefined ? { ...ssh, identityFile } : ssh;
  return { name, ssh: full };
}

async function close({ connection }: Session): Promise<void> {
  await connection.close();
}

/** LVS-USAGE-001 for a name in `--forget` that is still in the file, unless lvsctl does not log in to that host. */
export function refuseForgetting({ name, hosts }: Topology, forget: readonly string[] = []): void {
  const known = forget.find((one) => hosts.some((host) => host.name === one && host.managed));
  if (known === undefined) return;
  const message = `--forget names ${JSON.stringify(known)}, which is still a host of ${name}.`;
  throw new LvsctlError("LVS-USAGE-001", message, { hint: "Remove it from the file first." });
}
