/** Reads a host's ledgers and the actual state of resources, in one exec. */

import { bareCommand, type FollowUp } from "../../errors/follow-up.ts";
import { LvsctlError } from "../../errors/lvsctl-error.ts";
import { messageOf } from "../../errors/message-of.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { parseLedgerFiles, readLedgers, trustedLedger } from "../../ledger/ledger-files.ts";
import { parsePending, pendingReads } from "../../ledger/pending.ts";
import type { FilteredPacket } from "../../lvs/filtered-packet.ts";
import type { HostState } from "../../plan/host-state.ts";
import { type HostContext, identity, type Observed, type ResourceKind, type State } from "../../resources/resource.ts";
import { parseSurroundings, surroundingsReads } from "../../resources/surroundings.ts";
import type { ReadCommand, ReadOutputs } from "../../shell/read-script.ts";
import type { Transport } from "../../transport/transport.ts";
import type { KnownState } from "../run-host.ts";

/**
 * Reads the actual state of `wanted` on a host, and its ledgers. One exec, plus a second one if the topology's ledger holds
 * resources that are no longer wanted. Throws LVS-LEDGER-001 to -003 if any topology's ledger cannot be trusted: without it
 * we cannot tell what must stay.
 */
export async function readHostState(
  transport: Transport,
  {
    wanted,
    topology,
    kinds,
    passing = [],
    next = bareCommand,
  }: {
    readonly wanted: readonly KnownState[];
    readonly topology: string;
    readonly kinds: ReadonlyMap<string, ResourceKind>;
    readonly passing?: readonly FilteredPacket[];
    readonly next?: FollowUp;
  },
): Promise<HostState> {
  const context = { topology, host: transport.host };
  const around = surroundingsReads(wanted, kinds, passing);
  const outputs = await transport.read(
    onceEach([...pendingReads, readLedgers, ...around, ...readCommands(wanted, context, kinds)]),
  );
  const pending = parsePending(outputs);
  const ledgers = ledgersFrom(outputs, context, kinds, next);
  const found = {
    host: transport.host,
    ...ledgers,
    surroundings: parseSurroundings(outputs, wanted, kinds, passing),
    ...(pending ? { pending } : {}),
  };
  const known = new Set(wanted.map(identity));
  const extra = (ledgers.ledger?.entries ?? []).filter((entry) => !known.has(identity(entry)));
  if (extra.length === 0) return { ...found, observed: understand(wanted, outputs, context, kinds) };
  return { ...found, observed: await observe(transport, [...wanted, ...extra], topology, kinds) };
}

/** Reads the actual state of resources in one exec. */
export async function observe(
  transport: Transport,
  resources: readonly KnownState[],
  topology: string,
  kinds: ReadonlyMap<string, ResourceKind>,
): Promise<ReadonlyMap<string, Observed>> {
  const context = { topology, host: transport.host };
  const commands = readCommands(resources, context, kinds);
  const outputs = commands.length > 0 ? await transport.read(commands) : new Map();
  return understand(resources, outputs, context, kinds);
}

function ledgersFrom(
  outputs: ReadOutputs,
  { topology, host }: HostContext,
  kinds: ReadonlyMap<string, ResourceKind>,
  next: FollowUp,
): { readonly ledger: Ledger | undefined; readonly others: readonly Ledger[] } {
  const ledgers = [...parseLedgerFiles(outputs, host).values()].map((file) =>
    trustedLedger(file, host, kinds, file.topology === topology ? next : ofOther(file.topology, host, next)),
  );
  return {
    ledger: ledgers.find((ledger) => ledger.topology === topology),
    others: ledgers.filter((ledger) => ledger.topology !== topology),
  };
}

/** Commands about another topology on a host. What was typed names that topology's file as little as its other hosts. */
function ofOther(topology: string, host: string, next: FollowUp): FollowUp {
  return (command) => next(command, { name: topology, hosts: [host] });
}

/** The read commands for the actual state of resources. A command that two kinds share appears once. */
export function readCommands(
  resources: readonly KnownState[],
  context: HostContext,
  kinds: ReadonlyMap<string, ResourceKind>,
): readonly ReadCommand[] {
  const commands = [...statesByKind(resources)].flatMap(
    ([name, states]) => kinds.get(name)?.read(states, context) ?? [],
  );
  return onceEach(commands);
}

function onceEach(commands: readonly ReadCommand[]): readonly ReadCommand[] {
  return [...new Map(commands.map((command) => [command.name, command])).values()];
}

function understand(
  resources: readonly KnownState[],
  outputs: Parameters<ResourceKind["parse"]>[0],
  context: HostContext,
  kinds: ReadonlyMap<string, ResourceKind>,
): ReadonlyMap<string, Observed> {
  return new Map(
    [...statesByKind(resources)].flatMap(([name, states]) => {
      const kind = kinds.get(name);
      return kind ? [[name, parsed(kind, outputs, states, context)] as const] : [];
    }),
  );
}

/** A host can print anything, also what no program prints. Throws LVS-FACT-001 where a kind can make nothing of it. */
function parsed(kind: ResourceKind, outputs: ReadOutputs, states: readonly State[], context: HostContext): Observed {
  try {
    return kind.parse(outputs, states, context);
  } catch (error) {
    if (error instanceof LvsctlError) throw error;
    const { host } = context;
    throw new LvsctlError(
      "LVS-FACT-001",
      `${host} answered the read of ${kind.kind} with output that no program prints.`,
      {
        host,
        output: messageOf(error),
        hint: "Check on the host whether its programs are the original ones; if so, please report this.",
        cause: error,
      },
    );
  }
}

function statesByKind(resources: readonly KnownState[]): ReadonlyMap<string, readonly State[]> {
  const groups = new Map<string, State[]>();
  for (const { kind, state } of resources) {
    const group = groups.get(kind);
    if (group) group.push(state);
    else groups.set(kind, [state]);
  }
  return groups;
}
