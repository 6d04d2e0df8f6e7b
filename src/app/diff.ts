/** `lvsctl diff`: what a change of topology files would change on hosts that match them. Touches no host. */
import type { DesiredState, Note } from "../compile/desired-state.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { stages } from "../lvs/stage.ts";
import { bareHost } from "../plan/bare-host.ts";
import type { HostState } from "../plan/host-state.ts";
import { makePlan } from "../plan/make-plan.ts";
import type { Plan, PlannedChange } from "../plan/plan.ts";
import { hostsLacking, trafficEffects } from "../plan/traffic.ts";
import type { FileDiff } from "../report/diff.ts";
import { kinds } from "../resources/kinds.ts";
import { observedAfter } from "../resources/resource.ts";
import { nextLedger } from "../transaction/next-ledger.ts";
import type { LoadedTopology } from "./load.ts";
import { findSide, type Side, type SideFile } from "./side.ts";

/**
 * Compares two files, two folders, or either in commits. Throws LVS-USAGE-001 for a file and a folder, LVS-USAGE-003 for what cannot
 * be read, LVS-CONFIG-000 or LVS-PLAYBOOK-000 with every problem of a file.
 */
export async function diffTopologies(old: string, now: string): Promise<readonly FileDiff[]> {
  const [before, after] = await Promise.all([findSide(old), findSide(now)]);
  const diffs: FileDiff[] = [];
  for (const [one, other] of pairs(before, after, [old, now])) diffs.push(await diffFiles(one, other));
  return diffs;
}

/** The files to compare, by name. */
function pairs(
  before: Side,
  after: Side,
  [old, now]: readonly [string, string],
): readonly (readonly [SideFile, SideFile])[] {
  if ("file" in before && "file" in after) {
    if (before.file.load !== undefined || after.file.load !== undefined) return [[before.file, after.file]];
    throw new LvsctlError("LVS-USAGE-003", `There is neither ${old} nor ${now}.`, {
      hint: "One of the two has to be a topology file.",
    });
  }
  if ("file" in before || "file" in after) {
    const file = "file" in before ? before : after;
    if (!("file" in file) || file.file.load !== undefined) {
      throw new LvsctlError(
        "LVS-USAGE-001",
        `${"file" in before ? old : now} is a file, and the other side is a folder.`,
        {
          hint: "Compare two files, or two folders.",
        },
      );
    }
  }
  const [ones, others] = [filesOf(before), filesOf(after)];
  const absent = (side: Side, name: string): SideFile => ({
    label: "file" in side ? side.file.label : `${side.label.replace(/\/$/, "")}/${name}`,
    load: undefined,
  });
  return [...new Set([...ones.keys(), ...others.keys()])]
    .toSorted()
    .map((name) => [ones.get(name) ?? absent(before, name), others.get(name) ?? absent(after, name)] as const);
}

function filesOf(side: Side): ReadonlyMap<string, SideFile> {
  return "folder" in side ? side.folder : new Map();
}

async function diffFiles(old: SideFile, now: SideFile): Promise<FileDiff> {
  const before = await old.load?.();
  const after = await now.load?.();
  const name = after?.topology.name ?? before?.topology.name ?? "";
  const plan = planOf(before, after, name);
  const renamed = before && after && before.topology.name !== name ? { renamedFrom: before.topology.name } : {};
  return {
    from: old.label,
    to: now.label,
    state: before === undefined ? "new" : after === undefined ? "gone" : "both",
    ...renamed,
    plan,
    owned: ownersOf(before, after),
    traffic: trafficEffects(before?.topology, after?.topology),
    joining: before === undefined ? [] : hostsLacking(after?.topology, before.topology),
    leaving: after === undefined ? [] : hostsLacking(before?.topology, after.topology),
  };
}

/** The plan for hosts that match the old file. Those that others own are among them: their owners make the changes. */
function planOf(before: LoadedTopology | undefined, after: LoadedTopology | undefined, topology: string): Plan {
  const [old, now] = [desiredOf(before, topology), desiredOf(after, topology)];
  const hosts = [...new Set([...now.hosts.keys(), ...old.hosts.keys()])];
  const plan = makePlan(now, new Map(hosts.map((host) => [host, stateAfter(old, host)])), kinds);
  const known = new Set((old.notes ?? []).map(keyOf));
  const inOrder = [...plan.hosts].map(([host, changes]) => [host, inOrderOfApply(changes).map(restoring)] as const);
  return {
    ...{ ...plan, hosts: new Map(inOrder), problems: [] },
    notes: (now.notes ?? []).filter((note) => !known.has(keyOf(note))),
  };
}

/** What is built stage by stage, then what is cleared, which a plan has in order. */
function inOrderOfApply(changes: readonly PlannedChange[]): readonly PlannedChange[] {
  const rank = ({ phase, stage }: PlannedChange) => (phase === "build" ? stages.indexOf(stage) : stages.length);
  return changes.toSorted((one, other) => rank(one) - rank(other));
}

/** Every host has a value of a setting, so one that goes is replaced by what the host had before lvsctl. */
function restoring(change: PlannedChange): PlannedChange {
  const isSetting = change.action === "delete" && kinds.get(change.kind)?.isSetting === true;
  return isSetting ? { ...change, reason: "back to what it was before lvsctl" } : change;
}

function desiredOf(loaded: LoadedTopology | undefined, topology: string): DesiredState {
  if (loaded === undefined) return { topology, hosts: new Map() };
  const { desired } = loaded;
  const all = new Map([...desired.hosts, ...(desired.unmanaged ?? [])]);
  const inOrder = loaded.topology.hosts.map(({ name }) => [name, all.get(name) ?? []] as const);
  return { ...desired, topology, hosts: new Map(inOrder) };
}

/** A host on which nothing but this was ever applied. */
function stateAfter(desired: DesiredState, host: string): HostState {
  const bare = bareHost(host, kinds);
  const asked = desired.hosts.get(host);
  if (asked === undefined) return bare;
  const own: DesiredState = { topology: desired.topology, hosts: new Map([[host, asked]]) };
  const changes = makePlan(own, new Map([[host, bare]]), kinds).hosts.get(host) ?? [];
  const made = changes.filter(({ action, isAction }) => action !== "none" && !isAction);
  const observed = new Map(
    [...bare.observed].map(([name, found]) => {
      const kind = kinds.get(name);
      const own = made.filter((change) => change.kind === name);
      return [name, kind === undefined || own.length === 0 ? found : observedAfter(kind, own, found)] as const;
    }),
  );
  return { host, observed, ledger: nextLedger(desired.topology, host, undefined, changes, true) };
}

function keyOf({ service, message }: Note): string {
  return `${service ?? ""} ${message}`;
}

/** Hosts to which lvsctl does not log in. */
function ownersOf(before: LoadedTopology | undefined, after: LoadedTopology | undefined): readonly string[] {
  const hosts = new Map(
    [...(before?.topology.hosts ?? []), ...(after?.topology.hosts ?? [])].map((one) => [one.name, one]),
  );
  return [...hosts.values()].filter(({ managed }) => !managed).map(({ name }) => name);
}

/** Whether anything would change. */
export function isDifferent(diffs: readonly FileDiff[]): boolean {
  const changes = (change: PlannedChange) => change.action !== "none" && !change.isAction;
  return diffs.some(
    ({ plan, renamedFrom }) => renamedFrom !== undefined || [...plan.hosts.values()].flat().some(changes),
  );
}
