/** Reads a host: its ledger and the actual state of resources, in one exec. */
import type { HostState } from "../plan/host-state.ts";
import type { HostContext, Observed, ResourceKind, State } from "../resources/resource.ts";
import { parseSurroundings, surroundingsReads } from "../resources/surroundings.ts";
import type { ReadCommand } from "../shell/read-script.ts";
import type { Transport } from "../transport/transport.ts";
import { type Ledger, ledgerPath, parseLedger } from "./ledger.ts";
import { parsePending, readPending } from "./pending.ts";

export interface KnownState {
  readonly kind: string;
  readonly key: string;
  readonly state: State;
  /** The services that want it; absent or empty for what a host itself needs, and for what goes. */
  readonly services?: readonly string[];
}

const LEDGER = "ledger";

/**
 * Reads what there is of `wanted` on a host, and its ledger. One exec; a second one only when the ledger holds resources
 * that are not wanted any more, which nobody could have asked for before it was read.
 */
export async function readHostState(
  transport: Transport,
  wanted: readonly KnownState[],
  topology: string,
  kinds: ReadonlyMap<string, ResourceKind>,
): Promise<HostState> {
  const context = { topology, host: transport.host };
  const readLedger: ReadCommand = { name: LEDGER, argv: ["cat", ledgerPath(topology)] };
  const first = readCommands(wanted, context, kinds);
  const outputs = await transport.read([readPending, readLedger, ...surroundingsReads(wanted), ...first]);
  const pending = parsePending(outputs);
  const surroundings = parseSurroundings(outputs);
  const ledger = ledgerFrom(outputs.get(LEDGER), context);
  const known = new Set(wanted.map(({ kind, key }) => `${kind} ${key}`));
  const extra = (ledger?.entries ?? []).filter(({ kind, key }) => !known.has(`${kind} ${key}`));
  if (extra.length === 0)
    return {
      host: transport.host,
      ledger,
      surroundings,
      ...(pending ? { pending } : {}),
      observed: understand(wanted, outputs, context, kinds),
    };
  const all = [...wanted, ...extra];
  return {
    host: transport.host,
    ledger,
    surroundings,
    ...(pending ? { pending } : {}),
    observed: await observe(transport, all, topology, kinds),
  };
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

function ledgerFrom(output: { stdout: string; status: number } | undefined, context: HostContext): Ledger | undefined {
  if (output === undefined || output.status !== 0) return undefined;
  return parseLedger(output.stdout, context.topology, context.host);
}

/** The read commands that show the actual state of resources; a command that two kinds share is there once. */
export function readCommands(
  resources: readonly KnownState[],
  context: HostContext,
  kinds: ReadonlyMap<string, ResourceKind>,
): readonly ReadCommand[] {
  const commands = [...statesByKind(resources)].flatMap(
    ([name, states]) => kinds.get(name)?.read(states, context) ?? [],
  );
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
      return kind ? [[name, kind.parse(outputs, states, context)] as const] : [];
    }),
  );
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
