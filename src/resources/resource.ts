/**
 * What a resource kind is. A kind is one file; it holds everything lvsctl knows about one type of resource on a host. It is
 * pure: it says which commands to run and parses their output, but never runs one.
 */

import type { FilteredPacket } from "../lvs/filtered-packet.ts";
import type { IptablesRules } from "../lvs/iptables-as-nft.ts";
import type { Family } from "../net/address.ts";
import type { RunningProgram } from "../probes/login.ts";
import type { ShellCommand } from "../shell/quote.ts";
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";
import type { BootPlace } from "./boot-order.ts";
import type { Fields } from "./known-fields.ts";
import type { NetworkPart } from "./network.ts";
import type { Danger, Passage, PassedNetwork } from "./passage.ts";

/** A resource's state, as plain JSON: it is stored in the ledger and read back. */
export type State = Readonly<Record<string, unknown>>;

/** A change to one resource. `before` undefined: it is created. `after` undefined: it is removed. */
export interface Change<S extends State = State> {
  readonly kind: string;
  readonly key: string;
  readonly before: S | undefined;
  readonly after: S | undefined;
}

/** A change in a plan; with action `none` the resource stays unchanged. */
export interface JudgedChange<S extends State = State> extends Change<S> {
  readonly action: Action;
}

/** What a plan does to a resource. */
export type Action = "create" | "update" | "delete" | "none";

/** Shell text that makes one or several changes at once; it exits non-zero if any of them failed. */
export interface Step<S extends State = State> {
  readonly makes: readonly Change<S>[];
  readonly script: ShellCommand;
}

/** Shell text that restores something when the host boots; `what` is one line for people. */
export interface BootStep {
  readonly what: string;
  readonly script: ShellCommand;
  /** Its place in the boot order, which decides what is not done if it fails. A kind leaves out the one that it `comesBack` in. */
  readonly place?: BootPlace;
  /** What is done about it while the host runs, after an event that may have deleted it. Absent: nothing. */
  readonly later?: LaterStep;
}

/**
 * Brings something back while the host runs. Somebody may have changed or removed it on purpose, so it does no more than the
 * event calls for.
 */
export interface LaterStep {
  /** Succeeds if it has to be brought back. Shell text in which `asks`, `concerns`, `lacking` and `was_put` are known (boot/asks.ts). */
  readonly when: ShellCommand;
  /** Default: what is done at boot. */
  readonly script?: ShellCommand;
  /** An address, or a route: no address comes back before what keeps it from answering ARP. `address`: announced once it is back. */
  readonly ofNetwork?: { readonly address?: string };
}

/** What was found on a host: the actual states by key, and anything else the kind's commands need. */
export interface Observed<S extends State = State, Detail = unknown> {
  readonly states: ReadonlyMap<string, S>;
  readonly detail: Detail;
}

/** A reason not to change anything on this host. */
export interface Problem {
  /** The conflict and its owner, or what is missing. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
  /** The only problem is that lvsctl did not create it. `--adopt` can take it over, change it, and restore it at the end. */
  readonly adoptable?: true;
}

/** Something that is not ours inside something that is. lvsctl leaves it alone as long as the thing around it stays. */
export interface ForeignPart {
  readonly kind: string;
  readonly key: string;
  /** One line for people, as `describe` gives it. */
  readonly description: string;
  /** The command that removes it. */
  readonly remedy: ShellCommand;
}

/** What a plan leaves on a host, beside the one resource that is asked about. */
export interface PlannedBeside<S extends State> {
  /** The resources of the same kind in the order in which they are made; those that are there already are among them. */
  readonly states: readonly S[];
  /** The host's network, of what the topology asks for. */
  readonly network: Required<NetworkPart>;
  /** Whether what others delete while the host runs comes back by itself. */
  readonly isBroughtBack: boolean;
}

/** Programs that manage the same things as lvsctl and would undo its work. */
export interface Rivals {
  /** Prefixes of their process names as the kernel shows them, at most 15 characters. */
  readonly programs: readonly string[];
  /**
   * The conflict with the `running` ones, on a host with resources of this kind that lvsctl did not create. `foreign`: the
   * keys of those resources, at least one.
   */
  conflict(running: readonly RunningProgram[], foreign: readonly string[]): Problem & { readonly description: string };
}

/** How to find every resource of a kind on a host, no matter who created it. */
export interface Listing<S extends State> {
  /** The commands that find them. Their names begin with the kind. */
  read(context: HostContext): readonly ReadCommand[];
  /** Throws LvsctlError LVS-FACT-… on output it does not understand. */
  parse(outputs: ReadOutputs, context: HostContext): readonly S[];
}

/** One of a host's iptables, with all of its rules. */
export interface OtherIptables extends IptablesRules {
  /** The chains of ours that stand among them, and accept what is let in. */
  readonly own?: ReadonlySet<string>;
  /** These chains as they will be, and the jumps to them. */
  readonly planned?: IptablesRules["tables"];
}

/** Rules that filter packets, with those that nobody could read. */
export interface OtherFilters {
  readonly iptables: readonly OtherIptables[];
  readonly unread: readonly { readonly why: string; readonly isNft: boolean }[];
}

/** A resource that comes with another one, of another kind. */
export interface Implied {
  readonly kind: string;
  readonly key: string;
  readonly state: State;
}

/** The host and topology that a kind is asked about. */
export interface HostContext {
  readonly topology: string;
  readonly host: string;
}

/** Everything lvsctl knows about one kind. The optional members answer questions that the rest of the code may ask. */
export interface ResourceKind<S extends State = State, Detail = unknown> {
  /** Its name in playbooks, plans and ledgers: `ipvs-service`. */
  readonly kind: string;

  /** JSON Schema (draft-07, an object) of what a playbook step writes under `with`. Every property has a description. */
  readonly schema: object;

  /**
   * Turns what a playbook step wrote (expressions evaluated, schema checked) into states with defaults filled in and
   * canonical values. Usually one state; an iptables rule adds the jump to its chain.
   */
  resolve(written: State, context: HostContext): readonly S[];

  /** Identifies the resource on its host: states with the same key are one resource. Printed in plans: `172.16.10.10 dev lo`. */
  key(state: S): string;

  /** Every field that a state has, or had in an earlier version: a ledger with another one is refused, as a newer lvsctl's. */
  readonly fields: Fields<S>;

  /** The commands that read the actual state of these resources. Their names begin with the kind: `address`, `sysctl`. */
  read(states: readonly S[], context: HostContext): readonly ReadCommand[];

  /** Parses what they printed. Throws LvsctlError LVS-FACT-… on output it does not understand. */
  parse(outputs: ReadOutputs, states: readonly S[], context: HostContext): Observed<S, Detail>;

  /** The names of the fields that differ between two states of one resource; none means equal. */
  diff(actual: S, desired: S): readonly string[];
  /** The same for what was there before lvsctl, which may have had more than a topology can ask for. Default: `diff`. */
  readonly diffFromOriginal?: (actual: S, original: S) => readonly string[];

  /**
   * What the kind finds on a bare host: a current distribution with nothing of ours on it, a kernel with all modules,
   * systemd, iproute2, ipvsadm, iptables on nf_tables, arptables and Python 3. Commands for a host that has not been read
   * assume such a host.
   */
  bare(): Observed<S, Detail>;

  /** The commands for the changes of one stage on one host, in the given order. `observed` is the state before the run. */
  commands(changes: readonly Change<S>[], observed: Observed<S, Detail>, context: HostContext): readonly Step<S>[];

  /**
   * What `observed.detail` will be after `changes`, if undoing them depends on it. Default: unchanged. The undo script is
   * written from it before anything is changed.
   */
  readonly detailAfter?: (changes: readonly Change<S>[], observed: Observed<S, Detail>) => Detail;

  /**
   * `now.detail`, with what undoing a run depends on of the time before it: an order, or what is lost with something else.
   * Default: as it was found. lvsctl's own undo is written from it, in the middle of a run.
   */
  readonly detailForUndo?: (now: Observed<S, Detail>, before: Observed<S, Detail>) => Detail;

  /** Its changes are on disk and survive a reboot. */
  readonly outlivesRestart?: true;

  /** Its resources are lost in a reboot and are restored at this point of the boot order. Absent: nothing to restore. */
  readonly comesBack?: BootPlace;

  /** It makes the host run the restore script at boot. Without a resource of such a kind nothing is restored. */
  readonly startsRestore?: true;
  /** Whether it also brings back what others delete while the host runs. */
  readonly bringsBack?: (observed: Observed<S, Detail>) => boolean;

  /**
   * The steps that restore resources at boot. They must change nothing if the resources exist already, because
   * distributions save and load them too. Default: the steps that create them. `observed` is from before the reboot.
   */
  readonly atBoot?: (states: readonly S[], observed: Observed<S, Detail>, context: HostContext) => readonly BootStep[];

  /** The change that undoes a change. Default: `before` and `after` swapped. */
  readonly inverse?: (change: Change<S>) => Change<S>;

  /**
   * Why this host cannot have this resource, or what it conflicts with. `owned`: the resource is in the ledger. `ours`: the
   * keys of all resources of this kind in the ledger.
   */
  readonly problem?: (
    desired: S,
    observed: Observed<S, Detail>,
    owned: boolean,
    ours?: ReadonlySet<string>,
  ) => Problem | undefined;

  /**
   * Why a plan cannot remove this: something of somebody else's needs it. `ours`: everything in the ledger, as `kind key`.
   */
  readonly removalProblem?: (
    actual: S,
    observed: Observed<S, Detail>,
    ours: ReadonlySet<string>,
  ) => Problem | undefined;

  /** What a plan that makes or changes this warns of: what the host will not do of it, or what it will do besides. */
  readonly caveats?: (desired: S, observed: Observed<S, Detail>, planned: PlannedBeside<S>) => readonly Problem[];

  /** Whether `lvsctl lab up` has made it, by its own marks. In its lab it may be changed without --adopt. */
  readonly isOfLab?: (state: S) => boolean;
  /**
   * Things inside our resources that are not ours: rules in our chains, real servers in our services. `states`: all of this
   * kind in the ledger. `ours`: everything in the ledger, as `kind key`.
   */
  readonly foreignParts?: (
    states: readonly S[],
    observed: Observed<S, Detail>,
    ours: ReadonlySet<string>,
  ) => readonly ForeignPart[];

  /**
   * Whether its name alone says that it is lvsctl's, even if the ledger does not have it: a chain, or something in our
   * folders. Once adopted, it is removed at the end; other adopted resources are restored.
   */
  readonly bearsOurName?: (state: S) => boolean;

  /**
   * What to do on removal if the actual state is not what we set. `restore`: remove or restore it anyway, it is ours. `leave`:
   * somebody has changed it since, so it is theirs now.
   */
  readonly whenChangedByOthers: "restore" | "leave";

  /** Whether this is the same thing by another name, if nothing has the old one: its interface has been renamed. */
  readonly isRenamed?: (old: S, now: S) => boolean;

  /** Two topologies on a host cannot share it, even with the same state: more depends on it than its state shows. */
  readonly exclusive?: true;

  /**
   * What a director with this resource rewrites in the requests it forwards, from what a playbook step wrote; undefined if
   * that depends on an expression. Only for kinds that forward requests.
   */
  readonly rewrites?: (written: State) => readonly ("destination" | "outer")[] | undefined;

  /**
   * Every host has such settings anyway: finding one with the value we want does not prove that lvsctl set it. Absent: it is
   * an object that only exists if somebody creates it.
   */
  readonly isSetting?: true;

  /**
   * What the kernel makes by itself along with a state, and removes with it. When compiling, such a resource is the same as
   * this one: if another step asks for it, it is not made a second time.
   */
  readonly implies?: (state: S) => readonly Implied[];

  /**
   * Whether the kernel has made what was found, along with another resource, which it goes with: it is no original to
   * restore, and nothing to remove.
   */
  readonly isImplied?: (actual: S) => boolean;

  /**
   * What was there before lvsctl, if the plan also removes `earlier`: resources of this kind that lvsctl had made before it
   * recorded this original. Absent: what was recorded.
   */
  readonly originalWithout?: (original: S, earlier: readonly { readonly state: S; readonly original: S | null }[]) => S;

  /** Whether the time of what was there before has run out by now, so that it would be gone without lvsctl, too. */
  readonly isOver?: (original: S, observed: Observed<S, Detail>) => boolean;

  /**
   * The folders in a topology's own that its resources give to another user for what clients send, as patterns for `find
   * -path`. Nothing in them is run or believed. Absent: none.
   */
  readonly givesAway?: (topology: string) => readonly string[];

  /** The resources that a state cannot be without, as `kind key`: they stay in place, and in the ledger, as long as it does. */
  readonly restsOn?: (state: S) => readonly string[];

  /**
   * The one state that fulfils two requests for the same resource; undefined if none does. Default: none, if they differ.
   */
  readonly join?: (one: S, other: S) => S | undefined;

  /** What a state contributes to its host's network; absent for kinds that do not affect where packets go. */
  readonly network?: (state: S) => NetworkPart;

  /**
   * How changes would break a session that passes through the host. Routes and addresses are judged by `network`; this
   * covers everything else. `changes`: all of this kind in plan order, unchanged resources included.
   */
  readonly dangers?: (
    passage: Passage,
    changes: readonly JudgedChange<S>[],
    network: PassedNetwork,
    observed: Observed<S, Detail>,
  ) => readonly Danger[];

  /** A packet that this resource lets in or through, for which it would be of no use if something else dropped it. */
  readonly letsIn?: (state: S) => FilteredPacket | undefined;

  /** What filters packets on the host besides: the rules that these resources stand among, as they are in `observed`. */
  readonly otherFilters?: (states: readonly S[], observed: Observed<S, Detail>) => OtherFilters;

  /**
   * Finds what filters packets of these families on a host, whether or not it will have such resources. `states`: those that
   * it will have.
   */
  readonly filters?: {
    read(families: readonly Family[]): readonly ReadCommand[];
    parse(outputs: ReadOutputs, families: readonly Family[], states: readonly S[]): OtherFilters;
  };

  /** Other programs that may manage such resources on a host. */
  readonly rivals?: Rivals;

  /** Finds all resources of the kind on a host; absent if there is no end of them, or if only lvsctl creates them. */
  readonly list?: Listing<S>;

  /** An action has no state: it runs when a resource it follows has changed, and is never undone. */
  readonly action?: true;

  /** One line for people: `sysctl net.ipv4.ip_forward = 1`. It says all that a playbook can choose, but for `text`. */
  describe(state: S): string;

  /** What a plan shows below `describe` before it is made: text that the host may run one day. */
  readonly text?: (state: S) => string | undefined;
}

/** A resource's name on its host, unique across kinds: `address 172.16.10.10 dev lo`. */
export function identity({ kind, key }: { readonly kind: string; readonly key: string }): string {
  return `${kind} ${key}`;
}

/** The change that undoes `change`. */
export function inverse<S extends State, Detail>(kind: ResourceKind<S, Detail>, change: Change<S>): Change<S> {
  return kind.inverse?.(change) ?? { ...change, before: change.after, after: change.before };
}

/** What we expect to find on a host after `changes`, which are all of this kind. */
export function observedAfter<S extends State, Detail>(
  kind: ResourceKind<S, Detail>,
  changes: readonly Change<S>[],
  observed: Observed<S, Detail>,
): Observed<S, Detail> {
  const states = new Map(observed.states);
  for (const { key, after } of changes) {
    if (after === undefined) states.delete(key);
    else states.set(key, after);
  }
  return { states, detail: kind.detailAfter ? kind.detailAfter(changes, observed) : observed.detail };
}

/** Steps for kinds where each change has its own commands. */
export function oneByOne<S extends State>(
  changes: readonly Change<S>[],
  script: (change: Change<S>) => ShellCommand,
): readonly Step<S>[] {
  return changes.map((change) => ({ makes: [change], script: script(change) }));
}

/** What is found on a bare host by kinds whose commands do not depend on the host. */
export function nothingFound<S extends State>(): Observed<S, undefined> {
  return { states: new Map(), detail: undefined };
}

/** The listing of a kind whose `read` and `parse` find all of its resources, no matter which states they are given. */
export function showsAll<S extends State, Detail>(kind: () => ResourceKind<S, Detail>): Listing<S> {
  return {
    read: (context) => kind().read([], context),
    parse: (outputs, context) => [...kind().parse(outputs, [], context).states.values()],
  };
}
