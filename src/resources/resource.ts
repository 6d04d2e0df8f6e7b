/**
 * What a resource kind is. A kind is one file; it holds all that is known of that kind of thing on a host. Everything in
 * it is pure: it says which commands to run and understands what they printed, and never runs one.
 */

import type { RunningProgram } from "../probes/login.ts";
import type { ShellCommand } from "../shell/quote.ts";
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";
import type { BootPlace } from "./boot-order.ts";
import type { NetworkPart } from "./network.ts";
import type { Danger, Passage, PassedNetwork } from "./passage.ts";

/** A resource's state, as plain JSON: it travels to the ledger and back. */
export type State = Readonly<Record<string, unknown>>;

/** A change of one resource: `before` undefined means that it is made, `after` undefined that it is removed. */
export interface Change<S extends State = State> {
  readonly kind: string;
  readonly key: string;
  readonly before: S | undefined;
  readonly after: S | undefined;
}

/** A change in a plan; with action `none` the resource stays as it is. */
export interface JudgedChange<S extends State = State> extends Change<S> {
  readonly action: Action;
}

/** What a plan does to a resource. */
export type Action = "create" | "update" | "delete" | "none";

/** Shell text that makes one or several changes at once; it exits non-zero when any of them failed. */
export interface Step<S extends State = State> {
  readonly makes: readonly Change<S>[];
  readonly script: ShellCommand;
}

/** Shell text that brings something back when the host starts; `what` it brings is a line for people. */
export interface BootStep {
  readonly what: string;
  readonly script: ShellCommand;
}

/** What was found on a host: the actual states by key, and whatever else the kind's commands need to know. */
export interface Observed<S extends State = State, Detail = unknown> {
  readonly states: ReadonlyMap<string, S>;
  readonly detail: Detail;
}

/** A reason not to change anything on this host. */
export interface Problem {
  /** What is in the way and whose it is, or what is missing. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
  /** It is in the way only because somebody else has made it: taken over, it can be changed, and put back at the end. */
  readonly adoptable?: true;
}

/** Something of somebody else's in the midst of what is ours. lvsctl leaves it there, as long as what holds it stays. */
export interface Stranger {
  readonly kind: string;
  readonly key: string;
  /** One line for people, as `describe` gives it. */
  readonly description: string;
  /** The command that takes it away. */
  readonly remedy: ShellCommand;
}

/** Programs that look after the same things as lvsctl and would undo its work. */
export interface Rivals {
  /** Their names as the kernel has them, at most 15 characters: a name that begins so is one of theirs. */
  readonly programs: readonly string[];
  /**
   * The conflict with those that run, where the host has resources of this kind that lvsctl did not make. `foreign`: the
   * keys of those, at least one.
   */
  conflict(running: readonly RunningProgram[], foreign: readonly string[]): Problem & { readonly description: string };
}

/** How to find every resource of a kind on a host, whoever has made it. */
export interface Listing<S extends State> {
  read(context: HostContext): readonly ReadCommand[];
  /** Throws LvsctlError LVS-FACT-… on output that it does not understand. */
  parse(outputs: ReadOutputs, context: HostContext): readonly S[];
}

/** Which host of which topology a kind is asked about. */
export interface HostContext {
  readonly topology: string;
  readonly host: string;
}

/** All that is known of one kind of thing on a host. Optional members answer what others may have to know of it. */
export interface ResourceKind<S extends State = State, Detail = unknown> {
  /** As playbooks, plans and ledgers name it: `ipvs-service`. */
  readonly kind: string;

  /** JSON Schema (draft-07, an object) of what a playbook step writes under `with`. Every property has a description. */
  readonly schema: object;

  /**
   * Turns what a playbook step wrote (expressions evaluated, schema checked) into states, defaults filled in and values
   * canonical. Usually one; an iptables rule also brings the jump to its chain.
   */
  resolve(written: State, context: HostContext): readonly S[];

  /** The resource's identity on its host; two states with one key are one resource. Printed in plans: `172.16.10.10 dev lo`. */
  key(state: S): string;

  /** The read commands that show the actual state of these resources. Names begin with the kind: `address`, `sysctl`. */
  read(states: readonly S[], context: HostContext): readonly ReadCommand[];

  /** Understands what they printed. Throws LvsctlError LVS-FACT-… on output that it does not understand. */
  parse(outputs: ReadOutputs, states: readonly S[], context: HostContext): Observed<S, Detail>;

  /** The names of the fields in which two states of one resource differ; none means equal. */
  diff(actual: S, desired: S): readonly string[];

  /**
   * What the kind finds on a bare host: a current distribution with nothing of ours on it, whose kernel has all modules,
   * with systemd, iproute2, ipvsadm, iptables on nf_tables, arptables and Python 3. Commands for hosts that nobody has read
   * are made for such a host.
   */
  bare(): Observed<S, Detail>;

  /** The commands for changes on one host that have one stage; their order is kept. `observed` is the state before the run. */
  commands(changes: readonly Change<S>[], observed: Observed<S, Detail>, context: HostContext): readonly Step<S>[];

  /**
   * What `observed.detail` will be once `changes` have been made, where their inverses need to know; by default what it
   * was. From it the undo script is written before anything has been changed.
   */
  readonly detailAfter?: (changes: readonly Change<S>[], observed: Observed<S, Detail>) => Detail;

  /** Its changes are on disk, so that a restart of the host does not take them back. */
  readonly outlivesRestart?: true;

  /** A restart takes its resources away, and they come back in this place of the order. Absent: nothing needs to. */
  readonly comesBack?: BootPlace;

  /** It has the host run the script that brings things back; without a resource of such a kind nothing comes back. */
  readonly startsRestore?: true;

  /**
   * The steps that bring resources back when the host starts, and that change nothing where they are there: distributions
   * save and load such things too. By default those that make them. `observed` is from before the restart.
   */
  readonly atBoot?: (states: readonly S[], observed: Observed<S, Detail>, context: HostContext) => readonly BootStep[];

  /** The change that takes a change back; by default `before` and `after` change places. */
  readonly inverse?: (change: Change<S>) => Change<S>;

  /**
   * Why this resource cannot be had on this host, or what of somebody else's is in the way. `owned`: the ledger has it.
   * `ours`: the keys of all resources of this kind that the ledger has.
   */
  readonly problem?: (
    desired: S,
    observed: Observed<S, Detail>,
    owned: boolean,
    ours?: ReadonlySet<string>,
  ) => Problem | undefined;

  /**
   * What is inside of ours and is not ours: rules in our chains, real servers in our services. `states`: all of this kind
   * that the ledger has. `ours`: all that it has, as `kind key`.
   */
  readonly strangers?: (
    states: readonly S[],
    observed: Observed<S, Detail>,
    ours: ReadonlySet<string>,
  ) => readonly Stranger[];

  /**
   * Whether its name says that it is lvsctl's, whatever the ledger says: a chain, or something in our folders. Taken over,
   * it goes at the end, where other things become again what they were.
   */
  readonly bearsOurName?: (state: S) => boolean;

  /**
   * On removal, when the actual state is not what we set: `restore` it all the same (it is ours whatever its settings),
   * or `leave` it (somebody has changed it since, and it is theirs now).
   */
  readonly whenChangedByOthers: "restore" | "leave";

  /**
   * Two topologies on a host cannot have it together, even where they ask for the same: more hangs on it than its state
   * tells.
   */
  readonly exclusive?: true;

  /**
   * What a director that has this resource changes in the requests that it hands on, as a playbook's step writes it;
   * undefined where that depends on an expression. Only kinds that hand requests on have it.
   */
  readonly rewrites?: (written: State) => readonly ("destination" | "outer")[] | undefined;

  /**
   * Every host has such settings, ours or not: to find one as we want it does not show that lvsctl has made it. Absent: it
   * is an object, which is not there unless somebody makes it.
   */
  readonly isSetting?: true;

  /** What a state is to the network of its host; absent for what has no part in where packets go. */
  readonly network?: (state: S) => NetworkPart;

  /**
   * How changes would cut a session off that passes their host. Routes and addresses are judged by `network`; this is
   * about all else. `changes`: all of this kind in the plan's order, with those that stay as they are.
   */
  readonly dangers?: (
    passage: Passage,
    changes: readonly JudgedChange<S>[],
    network: PassedNetwork,
  ) => readonly Danger[];

  /** Who else may look after such resources on a host. */
  readonly rivals?: Rivals;

  /** Finds all of its kind on a host; absent where a host has no end of them, or only lvsctl's own. */
  readonly list?: Listing<S>;

  /** An action has no state: it runs when a resource that it follows has changed, and is never undone. */
  readonly action?: true;

  /** One line for people about a state: `sysctl net.ipv4.ip_forward = 1`. */
  describe(state: S): string;
}

/** A resource's name among all kinds on one host: `address 172.16.10.10 dev lo`. */
export function identity({ kind, key }: { readonly kind: string; readonly key: string }): string {
  return `${kind} ${key}`;
}

/** The change that takes `change` back. */
export function inverse<S extends State, Detail>(kind: ResourceKind<S, Detail>, change: Change<S>): Change<S> {
  return kind.inverse?.(change) ?? { ...change, before: change.after, after: change.before };
}

/** What is foreseen of a host once `changes`, all of this kind, have been made. */
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

/** Steps for kinds whose changes each have commands of their own. */
export function oneByOne<S extends State>(
  changes: readonly Change<S>[],
  script: (change: Change<S>) => ShellCommand,
): readonly Step<S>[] {
  return changes.map((change) => ({ makes: [change], script: script(change) }));
}

/** What kinds find on a bare host whose commands need to know nothing of it. */
export function nothingFound<S extends State>(): Observed<S, undefined> {
  return { states: new Map(), detail: undefined };
}

/** The listing of a kind whose `read` and `parse` show all of its resources, whatever states they are given. */
export function showsAll<S extends State, Detail>(kind: () => ResourceKind<S, Detail>): Listing<S> {
  return {
    read: (context) => kind().read([], context),
    parse: (outputs, context) => [...kind().parse(outputs, [], context).states.values()],
  };
}
