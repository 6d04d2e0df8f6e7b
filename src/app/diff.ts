/** `lvsctl diff`: what a change of topology files would change on hosts that match them. Touches no host. */
import type { DesiredState, Note } from "../compile/desired-state.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { stages } from "../lvs/stage.ts";
import { bareHost } from "../plan/bare-host.ts";
import type { HostState } from "../plan/host-state.ts";
import { makePlan } from "../plan/make-plan.ts";
import { hasChanges, type Plan, type PlannedChange } from "../plan/plan.ts";
import { hostsLacking, trafficEffects } from "../plan/traffic.ts";
import type { FileDiff } from "../report/diff.ts";
import { kinds } from "../resources/kinds.ts";
import { observedAfter } from "../resources/resource.ts";
import { nextLedger } from "../transaction/next-ledger.ts";
import type { LoadedTopology } from "./load.ts";
import { type FolderFile, findSide, type Side, type SideFile } from "./side.ts";

/**
 * Compares two files, two folders, or either in commits. Throws LVS-USAGE-001 for a file and a folder, LVS-USAGE-003 for what cannot
 * be read, LVS-CONFIG-000 or LVS-PLAYBOOK-000 with every problem of a file.
 */
export async function diffTopologies(old: string, now: string): Promise<readonly FileDiff[]> {
  const [before, after] = await Promise.all([findSide(old), findSide(now)]);
  if ("file" in before && "file" in after) return [await diffFiles(before.file, after.file, [old, now])];
  for (const [side, asked] of [
    [before, old],
    [after, now],
  ] as const) {
    if ("file" in side && side.file.load !== undefined) {
      throw new LvsctlError("LVS-USAGE-001", `${asked} is a file, and the other side is a folder.`, {
        hint: "Compare two files, or two folders.",
      });
    }
  }
  const diffs: FileDiff[] = [];
  for (const [one, other] of await filePairs(before, after)) diffs.push(await diffFiles(one, other, [old, now]));
  return diffs;
}

/**
 * The files to compare: of the same name, or else with topologies of the same name, which is what the hosts know. What is a
 * topology on one side only is one all the same: it may have become unreadable.
 */
async function filePairs(before: Side, after: Side): Promise<readonly (readonly [SideFile, SideFile])[]> {
  const [ones, others] = [filesOf(before), filesOf(after)];
  const names = [...new Set([...ones.keys(), ...others.keys()])]
    .filter((name) => ones.get(name)?.isTopology || others.get(name)?.isTopology)
    .toSorted();
  const here = (files: ReadonlyMap<string, FolderFile>, rest: ReadonlyMap<string, FolderFile>) =>
    names.flatMap((name) => {
      const file = files.get(name);
      return file === undefined || rest.has(name) ? [] : [file];
    });
  const moved = new Map<SideFile, SideFile>();
  for (const gone of here(ones, others)) {
    const name = await topologyIn(gone);
    for (const added of here(others, ones)) {
      if (![...moved.values()].includes(added) && !moved.has(gone) && name === (await topologyIn(added)))
        moved.set(gone, added);
    }
  }
  const absent = (side: Side, name: string): SideFile => ({
    label: "file" in side ? side.file.label : `${side.label.replace(/\/$/, "")}/${name}`,
    load: undefined,
  });
  const arrived = new Set(moved.values());
  return names.flatMap((name) => {
    const [one, other] = [ones.get(name), others.get(name)];
    if (one === undefined && other !== undefined && arrived.has(other)) return [];
    return [[one ?? absent(before, name), other ?? (one && moved.get(one)) ?? absent(after, name)] as const];
  });
}

async function topologyIn(file: SideFile): Promise<string | undefined> {
  return (await file.load?.())?.topology.name;
}

function filesOf(side: Side): ReadonlyMap<string, FolderFile> {
  return "folder" in side ? side.folder : new Map();
}

async function diffFiles(
  old: SideFile,
  now: SideFile,
  [askedOld, askedNow]: readonly [string, string],
): Promise<FileDiff> {
  const [before, after] = [await old.load?.(), await now.load?.()];
  if (before === undefined && after === undefined) {
    throw new LvsctlError("LVS-USAGE-003", `There is no topology file on either side: ${askedOld}, ${askedNow}.`, {
      hint: "One of the two has to be there.",
    });
  }
  const name = after?.topology.name ?? before?.topology.name ?? "";
  const isRenamed = before !== undefined && before.topology.name !== name;
  const plan = planOf(before, after, name);
  const traffic = hasChanges(plan) && !isRenamed ? trafficEffects(before?.topology, after?.topology) : [];
  return {
    from: old.label,
    to: now.label,
    state: before === undefined ? "new" : after === undefined ? "gone" : "both",
    ...(isRenamed ? { renamedFrom: before.topology.name } : {}),
    plan,
    owned: ownersOf(before, after),
    traffic,
    joining: before === undefined ? [] : hostsLacking(after?.topology, before.topology),
    leaving: after === undefined ? [] : hostsLacking(before?.topology, after.topology),
  };
}

/** The plan for hosts that match the old file. Those that others own are among them: their owners make the changes. */
function planOf(before: LoadedTopology | undefined, after: LoadedTopology | undefined, topology: string): Plan {
  const [old, now] = [desiredOf(before, topology), desiredOf(after, topology)];
  const hosts = [...new Set([...now.hosts.keys(), ...old.hosts.keys()])];
  const plan = makePlan(now, new Map(hosts.map((host) => [host, stateAfter(old, host, topology)])), kinds);
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
  return { ...desired, hosts: new Map(inOrder) };
}

/** A host on which nothing but this was ever applied. For a topology of another name it is somebody else's. */
function stateAfter(desired: DesiredState, host: string, topology: string): HostState {
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
  const ledger = nextLedger(desired.topology, host, undefined, changes, true);
  return desired.topology === topology
    ? { host, observed, ledger }
    : { host, observed, ledger: undefined, others: [ledger] };
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
  return diffs.some(({ plan, renamedFrom }) => renamedFrom !== undefined || hasChanges(plan));
}
